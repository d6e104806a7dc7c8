"""What a change does to a living group (azure.md section 5), as data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from aci_operator.kinds.container_group.normal import Body, normal

_REPLACEMENT = re.compile(
    r"spec\.osType"
    r"|spec\.restartPolicy"
    r"|spec\.ipAddress\.type"
    r"|spec\.containers\[[^]]*\]\.resources\..*"
)
"""Azure answers InvalidContainerGroupUpdate for these. The number of containers is in dispute
([inf], knob 13), so Azure is asked and its refusal is understood."""


def requiring_replacement(paths: Sequence[str]) -> tuple[str, ...]:
    """Pick the paths that no PUT can change on a living group."""
    return tuple(path for path in paths if _REPLACEMENT.fullmatch(path))


def told(paths: Sequence[str], desired: Body, observed: Body) -> str:
    """Write changes as `spec.restartPolicy: OnFailure → Never`; secure values are never shown."""
    wanted, seen = normal(desired), normal(observed)
    return "; ".join(
        f"{path}: {_shown(seen.get(path))} → {_shown(wanted.get(path))}" for path in paths
    )


def _shown(value: Any) -> str:
    if value is None or value == ():
        return "(none)"
    if isinstance(value, tuple):
        return ", ".join(map(_shown_item, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _shown_item(item: Any) -> str:
    """Write a port as `80/tcp`."""
    return "/".join(map(str, item)) if isinstance(item, tuple) else str(item)
