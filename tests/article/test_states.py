"""The article by our custom resources leaves Azure as the article by the Azure CLI does."""

from __future__ import annotations

from pathlib import Path

import pytest

from article.conftest import Told
from article.differences import STATES
from article.states import State, differences, state_of
from control_plane import ControlPlane
from integration.world import open_world
from stage import install


@pytest.fixture(scope="module")
async def by_custom_resources(
    control_plane: ControlPlane, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, State]:
    """Do both examples by `kubectl apply`: the state of Azure after each.

    The samples call the second example's group otherwise than the article, which calls both alike.
    """
    folder: Path = tmp_path_factory.mktemp("custom-resources")
    states: dict[str, State] = {}
    async with open_world(control_plane, install(control_plane), "article", folder) as world:
        for path in (world.folder / "example-2-system-assigned").glob("*.yaml"):
            path.write_text(path.read_text().replace("mycontainer-system", "mycontainer"))
        for name in ("example-1-user-assigned", "example-2-system-assigned"):
            await world.apply_samples(name)
            await world.until_ready()
            states[name[:9].replace("-", " ")] = state_of(world.azure)
    return states


@pytest.mark.parametrize("example", ["example 1", "example 2"])
async def test_both_leave_azure_alike_but_for_listed_differences(
    example: str, told: Told, by_custom_resources: dict[str, State]
) -> None:
    listed = {path: (cli, ours) for path, (cli, ours, _) in STATES[example].items()}
    assert differences(told.states[example], by_custom_resources[example]) == listed


async def test_the_cli_does_what_the_article_says(told: Told) -> None:
    state = told.states["example 2"]
    assert {name: list(bodies) for name, bodies in state.items() if bodies} == {
        "resourceGroups": ["myResourceGroup"],
        "userAssignedIdentities": ["myACIId"],
        "containerGroups": ["mycontainer"],
        "vaults": ["mykeyvault"],
        "secrets": ["SampleSecret"],
        "roleAssignments": ["Contributor to oid of mycontainer"],
    }


async def test_every_form_of_the_identity_block_gives_the_identity_that_it_names(
    told: Told,
) -> None:
    groups = told.states["other forms"]["containerGroups"]
    user = f"{told.variables['RESOURCE_ID']}".replace(
        told.run.account.subscription_id, "subscription"
    )
    assert {
        name: (group["identity"]["type"], list(group["identity"].get("userAssignedIdentities", {})))
        for name, group in groups.items()
    } == {
        "mycontainer": ("SystemAssigned", []),
        "assigned-both": ("SystemAssigned, UserAssigned", [user]),
        "yaml-user": ("UserAssigned", [user]),
        "yaml-system": ("SystemAssigned", []),
        "yaml-both": ("SystemAssigned, UserAssigned", [user]),
        "template-user": ("UserAssigned", [user]),
        "template-system": ("SystemAssigned", []),
        "template-both": ("SystemAssigned, UserAssigned", [user]),
    }


async def test_a_deployment_is_refused_as_a_type_that_is_not_there(told: Told) -> None:
    assert "InvalidResourceType" in told.refused_deployment
    assert "'deployments' could not be found in the namespace" in told.refused_deployment


async def test_what_the_story_made_is_deleted_and_purged_in_the_end(told: Told) -> None:
    state = told.states["cleaned up"]
    assert {section: list(bodies) for section, bodies in state.items() if bodies} == {
        "resourceGroups": ["myResourceGroup"],
        "deletedVaults": ["as-written"],
    }
    deleted = state["resourceGroups"]["myResourceGroup"]["properties"]
    assert deleted == {"provisioningState": "Deleting"}
