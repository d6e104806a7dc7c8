"""`kill -9` after each write, to Azure and to Kubernetes: every scenario ends as without it."""

from __future__ import annotations

import pytest

from integration.campaign.cases import AZURE, KUBERNETES, scenarios_with
from integration.campaign.conftest import Case
from integration.campaign.disturbance import crash


@pytest.mark.soak
@pytest.mark.parametrize("position", AZURE)
async def test_a_crash_after_a_write_to_azure_changes_nothing(case: Case, position: int) -> None:
    assert await case(lambda stage: crash(stage, "azure", position)) == {}


@pytest.mark.soak
@pytest.mark.parametrize("position", KUBERNETES)
async def test_a_crash_after_a_write_to_kubernetes_changes_nothing(
    case: Case, position: int
) -> None:
    assert (
        await case(lambda stage: crash(stage, "kubernetes", position), scenarios_with(position))
        == {}
    )
