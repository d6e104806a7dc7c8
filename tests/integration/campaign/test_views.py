"""An operator that is restarted with a view of the past comes to the same end."""

from __future__ import annotations

import pytest

from integration.campaign.cases import STALE
from integration.campaign.conftest import Case
from integration.campaign.disturbance import stale_restart


@pytest.mark.soak
@pytest.mark.parametrize(("position", "lag"), STALE)
async def test_a_restart_with_a_stale_view_changes_nothing(
    case: Case, position: int, lag: int
) -> None:
    assert await case(lambda stage: stale_restart(stage, position, lag)) == {}
