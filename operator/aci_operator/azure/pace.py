"""What is left of a limit, reckoned from our own requests and from what Azure's headers say."""

from __future__ import annotations

import math
from collections import deque

RESERVE = 0.1
"""Part of a limit that is kept for what users wait for; looks of routine stop there. Our choice."""


class Window:
    """So many requests in so many seconds; times are monotonic seconds.

    Each request counts for the whole length of the window from when it was answered, since Azure
    counted it at some time before that. Whether Azure counts by fixed windows, sliding ones or
    buckets is not known (azure.md section 9); what never passes the limit in any interval of that
    length is right under each of them.
    """

    def __init__(self, limit: int, seconds: float) -> None:
        """Take the limit that is believed until a header tells of a greater one."""
        self.limit = limit
        self.seconds = seconds
        self._told = 0
        """The most that a header told of: a limit may also be smaller than is believed."""
        self._spent: deque[list[float]] = deque()
        """Pairs: when it counts no more, and how many; times in whole seconds, to stay small."""

    def remaining(self, now: float) -> int:
        """Give how many requests may go now."""
        while self._spent and self._spent[0][0] <= now:
            self._spent.popleft()
        return max(0, self.limit - self._used())

    def spend(self, now: float, count: int = 1) -> None:
        """Count requests that are sent now."""
        ends = math.ceil(now + self.seconds)
        if self._spent and self._spent[-1][0] == ends:
            self._spent[-1][1] += count
        else:
            self._spent.append([ends, count])

    def answered(self, now: float, sent: float) -> None:
        """Count a request that was sent then from now on: it may have arrived only just now."""
        ends = math.ceil(sent + self.seconds)
        found = next((pair for pair in self._spent if pair[0] == ends and pair[1] > 0), None)
        if found is not None:
            found[1] -= 1
            self.spend(now)

    def learn(self, now: float, remaining: int) -> None:
        """Take in a header: what it counts beyond ours was sent by others, or before our start."""
        self._told = max(self._told, remaining + 1)
        self.limit = max(self.limit, self._told)
        foreign = self.remaining(now) - remaining
        if foreign > 0:
            self.spend(now, foreign)

    def rest(self, now: float, place: int = 0, reserve: float = 0.0) -> float:
        """Give the seconds until one more may go, with `place` others before it; 0 means now.

        The reserve is a part of what was told of, where anything was: a part of a limit that is
        believed too great would never be free.
        """
        free = self.remaining(now) - math.ceil(reserve * (self._told or self.limit))
        if place < free:
            return 0.0
        rounds, needed = divmod(place - free, max(self.limit, 1))
        for ends, count in self._spent:
            needed -= int(count)
            if needed < 0:
                return rounds * self.seconds + ends - now
        return (rounds + 1) * self.seconds

    def _used(self) -> int:
        return int(sum(count for _, count in self._spent))


class Bucket:
    """A bucket that refills, as ARM's own limits do; unknown, and so full, until a header tells."""

    def __init__(self, refill: float) -> None:
        """Take the requests that come back each second."""
        self._refill = refill
        self._level = math.inf
        self._at = 0.0
        self._most = 0.0

    def remaining(self, now: float) -> float:
        """Give how many requests may go now; infinity until a header has told."""
        most = max(self._most, self._level, self._refill)
        return min(self._level + self._refill * (now - self._at), most)

    def spend(self, now: float) -> None:
        """Count one request."""
        self._level, self._at = self.remaining(now) - 1, now

    def learn(self, now: float, remaining: int) -> None:
        """Take in a header."""
        self._level, self._at = float(remaining), now
        self._most = max(self._most, remaining)

    def rest(self, now: float, reserve: float = 0.0) -> float:
        """Give the seconds until one more may go; 0 means now."""
        missing = 1 + reserve * self._most - self.remaining(now)
        return max(0.0, missing / self._refill)
