"""Following a log that Azure only gives whole: ask again, and show the difference."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import click

from aci_operator.azure.container_groups import ContainerGroups
from aci_operator.azure.errors import Absent, AzureError, Conflict, Throttled, Unavailable
from aci_operator.commands.containers import Container

SECONDS = 5.0
"""Between two looks."""
LOOKS = 17_280
"""A day of them."""
FAILURES = 12
"""How many looks in a row may fail before it is given up."""
_OVERLAP = 4096
NOT_YET = ("ContainerLogNotAvailable", "ContainerGroupTransitioning")
"""Azure's answers before a container has started, which takes minutes (azure.md section 7.1)."""

Wanted = tuple[int | None, bool]
"""The last lines to begin with (None: all), and whether each has its time."""


def show(text: str) -> None:
    """Write a piece of a log as it is."""
    click.echo(text, nl=False, color=True)


def news(before: str, now: str) -> str:
    """Give what a log has more than before. Pure.

    Azure drops the beginning of a long log, so what was shown last is looked for in it; where it
    is not found the log began anew, and all of it is new.
    """
    if now.startswith(before):
        return now[len(before) :]
    known = before[-_OVERLAP:]
    at = now.rfind(known)
    return now if at < 0 else now[at + len(known) :]


def last_lines(text: str, count: int | None) -> str:
    """Give the last `count` lines, or all for None. Pure."""
    return text if count is None else "".join(text.splitlines(keepends=True)[-count:])


def ended(group: Mapping[str, Any]) -> bool:
    """Whether no container of a group will write again, by its GET. Pure.

    Under Always `Succeeded` was recorded for a group whose container starts again and again.
    """
    properties = group.get("properties") or {}
    state = (properties.get("instanceView") or {}).get("state")
    for_good = properties.get("restartPolicy") in ("Never", "OnFailure")
    return state == "Stopped" or (for_good and state in ("Succeeded", "Failed"))


async def follow(
    groups: ContainerGroups, container: Container, wanted: Wanted, shown: Callable[[str], None]
) -> None:
    """Show a log and what is added to it, until the group has ended or is gone, or LOOKS.

    What may pass is asked again, FAILURES times in a row; raises other AzureErrors, and Absent
    where the group was gone from the start.
    """
    tail, timestamps = wanted
    before: str | None = None
    failures = 0
    for _ in range(LOOKS):
        pause = SECONDS
        try:
            last, text = await _look(groups, container, timestamps)
        except AzureError as error:
            if before is not None and isinstance(error, Absent):
                return
            failures = 0 if error.code in NOT_YET else failures + 1
            if failures >= FAILURES or not _may_pass(error):
                raise
            pause = max(pause, error.after or 0.0)
        else:
            failures = 0
            shown(last_lines(text, tail) if before is None else news(before, text))
            before = text
            if last:
                return
        await asyncio.sleep(pause)


def _may_pass(error: AzureError) -> bool:
    return error.code in NOT_YET or isinstance(error, Conflict | Throttled | Unavailable)


async def _look(
    groups: ContainerGroups, container: Container, timestamps: bool
) -> tuple[bool, str]:
    """Read whether the group has ended, then the log: so its last words are in it."""
    group = await groups.get(container.group_id)
    text = await groups.logs(container.group_id, container.name, timestamps=timestamps)
    return ended(group), text
