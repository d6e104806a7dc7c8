"""What the walks have met: counted, and told in the end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """Counts of one run; `wrong` holds a text for each fault that was found."""

    specs: Counter[str] = field(default_factory=Counter)
    """By kind."""
    refused: int = 0
    applied: int = 0
    observed: int = 0
    stalled: Counter[str] = field(default_factory=Counter)
    waiting: Counter[str] = field(default_factory=Counter)
    returns: int = 0
    fresh: int = 0
    met: int = 0
    cards: set[str] = field(default_factory=set)
    """What was to be met and was not."""
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        kinds = ", ".join(f"{kind} {number}" for kind, number in sorted(self.specs.items()))
        return (
            f"{self.specs.total()} specs walked ({kinds}); {self.refused} refused at admission, "
            f"{self.applied} applied, {self.observed} only observed, "
            f"{self.stalled.total()} stalled ({_told(self.stalled)}), "
            f"{self.waiting.total()} waiting ({_told(self.waiting)}); "
            f"{self.returns} returns to the last good spec, {self.fresh} fresh objects; "
            f"{self.met} of {self.met + len(self.cards)} values met{_unmet(self.cards)}; "
            f"{len(self.wrong)} wrong end states"
        )


def _told(reasons: Counter[str]) -> str:
    return ", ".join(f"{reason} {number}" for reason, number in reasons.most_common()) or "none"


def _unmet(cards: set[str]) -> str:
    return f" (not {', '.join(sorted(cards))})" if cards else ""
