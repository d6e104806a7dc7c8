"""Which disturbances there are, and which of them are a day's part."""

from __future__ import annotations

import os
from datetime import date
from random import Random

from integration.campaign.story import CALLS, KUBERNETES_WRITES, SCENARIOS

SEED = int(os.environ.get("CAMPAIGN_SEED", date.today().toordinal()))
"""Of the part that the short tests take."""
AZURE = range(1, max(CALLS.values()) + 1)
"""Calls that write to Azure in the scenario with the most of them, creation."""
KUBERNETES = range(1, KUBERNETES_WRITES["create"] + 1)
"""The same for Kubernetes."""
ALL_SHORTER = max(n for name, n in KUBERNETES_WRITES.items() if name != "create")
"""The most writes to Kubernetes in any scenario but creation."""
STALE = [(position, lag) for position in AZURE for lag in (1, 10)]
"""After which call to Azure, and how many of them old the view is."""
SEEDS = range(1, 9)
"""Of events that are dropped or doubled."""

_random = Random(SEED)
PART_AZURE = _random.choice(AZURE)
PART_KUBERNETES = _random.choice(range(1, ALL_SHORTER + 1))
PART_STALE = _random.choice(STALE)
PART_SEED = SEED


def scenarios_with(position: int) -> tuple[str, ...]:
    """Give those to play for a write to Kubernetes: late ones are in creation alone."""
    return tuple(SCENARIOS) if position <= ALL_SHORTER else ("create", "delete")
