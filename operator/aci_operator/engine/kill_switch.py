"""The kill switch: one word in a ConfigMap, looked at every few seconds, that stops all writes.

What cannot be understood stops them too, and so does what was never read: whoever reaches for it
is in a hurry.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aci_operator.telemetry.logs import logger

log = logger(__name__)

EVERY = 2.0
"""Seconds between two looks."""
ALLOWED, STOPPED = "Allowed", "Stopped"


@dataclass(frozen=True)
class Setting:
    """Where the word stands, for messages, and how it is read: empty where there is none."""

    name: str
    read: Callable[[], Awaitable[str]]
    transient: type[Exception] = OSError
    """What `read` raises when only the way to it is broken: then what was read last counts."""


class KillSwitch:
    """Whether writes to Azure are stopped. `changed` is called after each change."""

    def __init__(self, setting: Setting, changed: Callable[[], None]) -> None:
        self._setting = setting
        self._changed = changed
        self._why = f"{setting.name} was not read yet"
        self._known = False
        self._task: asyncio.Task[None] | None = None

    def why(self) -> str:
        """Say why writes are stopped; empty if they are not."""
        return self._why

    async def start(self) -> None:
        """Look once, whatever comes of it, and then again and again."""
        await self.look()
        self._task = asyncio.create_task(self._look_forever(), name="kill switch")

    async def stop(self) -> None:
        """Look no more. Idempotent."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def look(self) -> None:
        """Read the word."""
        try:
            why = self._meaning(await self._setting.read())
            self._known = True
        except self._setting.transient as error:
            if self._known:
                return
            why = f"{self._setting.name} cannot be read ({type(error).__name__})"
        except Exception as error:
            why = f"{self._setting.name} cannot be read ({type(error).__name__})"
        self._take(why)

    def _meaning(self, word: str) -> str:
        if word in ("", ALLOWED):
            return ""
        if word == STOPPED:
            return f"{self._setting.name} is {STOPPED}: nothing is written to Azure"
        return f"{self._setting.name} is {word[:40]!r}, neither {ALLOWED} nor {STOPPED}"

    def _take(self, why: str) -> None:
        if why == self._why:
            return
        self._why = why
        log.warning("writes to Azure are stopped" if why else "writes to Azure go on", reason=why)
        self._changed()

    async def _look_forever(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            await self.look()
