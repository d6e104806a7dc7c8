"""Where a group answers: what Azure names, and when it changes."""

from __future__ import annotations

from typing import Any

from aci_operator.api import reasons
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.observation import Body

NONE_YET = "0.0.0.0"
"""Stands where Azure has not given an address yet."""


def report(p: Pass, body: Body) -> None:
    """Put address and name into status as Azure gives them; tell when the address changed."""
    answered = body["properties"].get("ipAddress") or {}
    found = {name: answered[name] for name in ("ip", "fqdn") if answered.get(name)}
    if found.get("ip") == NONE_YET:
        del found["ip"]
    before = (p.object.status.get("ipAddress") or {}).get("ip")
    p.status.set(ipAddress=found)
    if before and found.get("ip") not in (None, before):
        _tell(p, before, found)


def missing(p: Pass) -> bool:
    """Whether the spec asks for an address and Azure has named none."""
    return bool(p.spec.get("ipAddress")) and not (p.status.fields.get("ipAddress") or {}).get("ip")


def _tell(p: Pass, before: str, found: dict[str, Any]) -> None:
    name = found.get("fqdn")
    advice = f"Its name stays: {name}." if name else "A dnsNameLabel gives it a name that stays."
    p.event(reasons.IP_ADDRESS_CHANGED, f"{before} → {found['ip']}. {advice}", type_="Warning")
