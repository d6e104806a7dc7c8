"""One case of each kind of disturbance a day, or those of `CAMPAIGN_SEED`."""

from __future__ import annotations

import pytest

from integration.campaign import cases
from integration.campaign.conftest import Case
from integration.campaign.disturbance import crash, lost_events, stale_restart


@pytest.mark.parametrize("position", [cases.PART_AZURE])
async def test_a_crash_after_a_write_to_azure(case: Case, position: int) -> None:
    assert await case(lambda stage: crash(stage, "azure", position)) == {}


@pytest.mark.parametrize("position", [cases.PART_KUBERNETES])
async def test_a_crash_after_a_write_to_kubernetes(case: Case, position: int) -> None:
    assert await case(lambda stage: crash(stage, "kubernetes", position)) == {}


@pytest.mark.parametrize(("position", "lag"), [cases.PART_STALE])
async def test_a_restart_with_a_stale_view(case: Case, position: int, lag: int) -> None:
    assert await case(lambda stage: stale_restart(stage, position, lag)) == {}


@pytest.mark.parametrize("seed", [cases.PART_SEED])
async def test_dropped_and_doubled_events(case: Case, seed: int) -> None:
    assert await case(lambda stage: lost_events(stage, seed), resync=1.0) == {}
