"""How long to wait before the next attempt."""

from __future__ import annotations

from collections.abc import Callable

FIRST = 1.0
CAP = 300.0
JITTER = 0.2
# 2**12 passes every cap in use; a larger exponent would only make huge numbers.
_LAST_DOUBLING = 12


def backoff(failures: int, random: Callable[[], float], cap: float = CAP) -> float:
    """Seconds to wait after that many consecutive failures (1 = the first one).

    1, 2, 4 ... `cap` seconds, spread by a fifth to both sides so that objects that failed together
    do not come back together. `random` gives numbers in [0, 1).
    """
    doublings = min(max(failures - 1, 0), _LAST_DOUBLING)
    delay = min(FIRST * 2**doublings, cap)
    return float(delay * (1 - JITTER + 2 * JITTER * random()))
