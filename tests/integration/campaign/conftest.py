"""What all cases of the campaign share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from aci_operator.kube.client import Kube
from control_plane import ControlPlane
from integration.campaign.birth import Zygote
from integration.campaign.cases import SEED
from integration.campaign.disturbance import COUNTS, disturbances
from integration.campaign.play import Disturb, Ends, play
from integration.campaign.stage import Theatre, open_stage
from integration.campaign.story import KUBERNETES_WRITES, SCENARIOS, WRITES
from integration.conftest import namespace_of

Case = Callable[..., Awaitable[dict[str, object]]]
"""Gives the scenarios that ended wrong: how they ended, and how they end undisturbed."""


@pytest.fixture(scope="session")
async def theatre(
    control_plane: ControlPlane,
    operator_kubeconfig: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Theatre]:
    """The cluster, and what operators are forked from."""
    zygote = Zygote(tmp_path_factory.mktemp("zygote"))
    kube = await Kube.open(control_plane.kubeconfig)
    yield Theatre(control_plane, operator_kubeconfig, zygote, kube)
    await kube.close()
    zygote.end()


@pytest.fixture(scope="session")
async def reference(theatre: Theatre, tmp_path_factory: pytest.TempPathFactory) -> Ends:
    """The end of each scenario when nothing disturbs."""
    folder = tmp_path_factory.mktemp("undisturbed")
    async with open_stage(theatre, "campaign-undisturbed", folder) as stage:
        ends = await play(stage, None)
    assert {name: written.total() for name, (_, written) in ends.items()} == WRITES
    short = {n: many for n, many in stage.written.items() if many < KUBERNETES_WRITES[n]}
    assert short == {}, "fewer writes to Kubernetes than there are positions"
    return ends


@pytest.fixture
def case(theatre: Theatre, reference: Ends, tmp_path: Path, request: pytest.FixtureRequest) -> Case:
    """Plays scenarios with a disturbance, and compares their ends with those without."""
    place = namespace_of(request.node.name)
    again = f"CAMPAIGN_SEED={SEED} .venv/bin/pytest '{request.node.nodeid}'"

    async def run(
        disturb: Disturb, scenarios: tuple[str, ...] = tuple(SCENARIOS), resync: float = 600.0
    ) -> dict[str, object]:
        before = disturbances()
        async with open_stage(theatre, place, tmp_path, resync) as stage:
            ends = await play(stage, reference, disturb, scenarios)
        assert disturbances() > before, f"nothing was disturbed: the case is empty; again: {again}"
        wrong = [name for name in scenarios if ends[name] != reference[name]]
        COUNTS["wrong end states"] += len(wrong)
        COUNTS["end states compared"] += len(scenarios)
        return {f"{name}; again: {again}": (ends[name], reference[name]) for name in wrong}

    return run


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was done."""
    if COUNTS:
        COUNTS["wrong end states"] += 0
        said = ", ".join(f"{name}: {count}" for name, count in sorted(COUNTS.items()))
        terminalreporter.write_line(f"campaign of seed {SEED}: {said}")
