"""What a change does to a living group (azure.md section 5), by the table of `effects`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aci_operator.kinds.container_group.effects import Effect, effect_of
from aci_operator.kinds.container_group.normal import Body, normal


def requiring_replacement(paths: Sequence[str]) -> tuple[str, ...]:
    """Pick the paths that no PUT can change on a living group, by the table of effects."""
    return tuple(path for path in paths if effect_of(path) is Effect.REPLACEMENT)


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
