"""Which disturbances there are, and which of them are a day's part."""

from __future__ import annotations

import os
from datetime import date
from random import Random

from integration.campaign.story import SCENARIOS

SEED = int(os.environ.get("CAMPAIGN_SEED", date.today().toordinal()))
"""Of the part that the short tests take."""
AZURE = range(1, 11)
"""Writes to Azure in the scenario with the most of them, creation."""
KUBERNETES = range(1, 119)
"""The same for Kubernetes; a few events more or less are written each time."""
ALL_SHORTER = 29
"""The most writes to Kubernetes in any scenario but creation."""
STALE = [(position, lag) for position in AZURE for lag in (1, 10)]
"""After which write to Azure, and how many of them old the view is."""
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
