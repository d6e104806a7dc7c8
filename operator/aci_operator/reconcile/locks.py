"""Locks by name: what several objects write together is written one after the other."""

from __future__ import annotations

import asyncio
from weakref import WeakValueDictionary


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
