"""Locks by name: what several objects write together is written one after the other."""

from __future__ import annotations

import asyncio
from weakref import WeakValueDictionary

from aci_operator.api.objects import Key


class Locks:
    """One lock per ARM ID (without letter case), forgotten when nobody holds it."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def of(self, arm_id: str) -> asyncio.Lock:
        """Give the lock of that ARM ID; hold it with `async with`."""
        key = arm_id.lower()
        lock = self._locks.get(key)
        if lock is None:
            lock = self._locks[key] = asyncio.Lock()
        return lock


class Turns:
    """Whose turn it is, by ARM ID (without letter case): kept over passes, and by no worker."""

    def __init__(self) -> None:
        self._holders: dict[str, Key] = {}
        self._waiting: dict[str, dict[Key, None]] = {}

    def holder(self, arm_id: str) -> Key | None:
        """Give who has the turn."""
        return self._holders.get(arm_id.lower())

    def take(self, arm_id: str, key: Key) -> None:
        """Take the turn, whoever had it; it was for the caller to look whether that is right."""
        self._holders[arm_id.lower()] = key
        self._waiting.get(arm_id.lower(), {}).pop(key, None)

    def wait(self, arm_id: str, key: Key) -> None:
        """Remember who waits for the turn."""
        self._waiting.setdefault(arm_id.lower(), {})[key] = None

    def give_up(self, key: Key) -> list[Key]:
        """End all turns of that object; give those that wait for one of them."""
        names = [name for name, holder in self._holders.items() if holder == key]
        for name in names:
            del self._holders[name]
        return [waiting for name in names for waiting in self._waiting.pop(name, {})]
