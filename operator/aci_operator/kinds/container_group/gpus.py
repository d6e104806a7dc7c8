"""A graphics processor that the region does not list: a warning before the first PUT.

The list is read at most daily for each account and region. Without the right to read it, or
without an answer, nothing is said: the list may be behind what Azure takes.
"""

from __future__ import annotations

from collections.abc import Iterator

from aci_operator.api import reasons
from aci_operator.azure.arm import JsonObjects, region_name
from aci_operator.azure.errors import AzureError
from aci_operator.kinds.container_group.findings import Finding, Spec, named
from aci_operator.reconcile.context import Pass

DAY = 86400.0
"""Seconds."""


async def cautions(p: Pass, location: str) -> list[Finding]:
    """Find which processors the region does not list; asks nobody where none is wanted."""
    if not any(_asked(p.spec)):
        return []
    return list(unlisted(p.spec, location, await _rows(p, location)))


def unlisted(spec: Spec, location: str, rows: JsonObjects) -> Iterator[Finding]:
    """Find the processors that no row of the region's system has; none without rows. Pure."""
    system = str(spec.get("osType") or "").lower()
    fitting = [row for row in rows if system in ("", str(row.get("osType")).lower())]
    listed = sorted({str(row.get("gpu")) for row in fitting} - {"None"})
    known = {sku.lower() for sku in listed}
    for field, sku in _asked(spec) if rows else ():
        if sku.lower() not in known:
            text = (
                f"{location} lists {', '.join(listed) or 'no GPU'} for such groups, and not {sku}: "
                "Azure will hardly find room for the group. Choose another sku, or a region that "
                "has it."
            )
            yield Finding(reasons.GPU_NOT_IN_REGION, field, text)


def _asked(spec: Spec) -> Iterator[tuple[str, str]]:
    for field, each in named(spec, "containers"):
        for part, amounts in (each.get("resources") or {}).items():
            if "gpu" in amounts:
                yield f"{field}.resources.{part}.gpu.sku", amounts["gpu"]["sku"]


async def _rows(p: Pass, location: str) -> JsonObjects:
    """Read the region's list, or remember it; what cannot be read is empty, and for a day too."""
    account = str(p.status.fields.get("accountRef")), p.namespace, p.session.subscription_id
    key = (*account, region_name(location))
    now = p.world.clock.monotonic()
    read, rows = p.world.capabilities.get(key, (now - DAY, []))
    if now - read < DAY:
        return rows
    try:
        rows = await p.session.locations.capabilities(p.session.subscription_id, location)
    except AzureError:
        rows = []
    p.world.capabilities[key] = (now, rows)
    return rows
