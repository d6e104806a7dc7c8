"""Events of watches that are dropped, or come twice, change no end."""

from __future__ import annotations

import pytest

from integration.campaign.cases import SEEDS
from integration.campaign.conftest import Case
from integration.campaign.disturbance import lost_events


@pytest.mark.soak
@pytest.mark.parametrize("seed", SEEDS)
async def test_dropped_and_doubled_events_change_nothing(case: Case, seed: int) -> None:
    assert await case(lambda stage: lost_events(stage, seed), resync=1.0) == {}
