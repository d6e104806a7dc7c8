"""What the Azure CLI prints, held against what the article shows."""

from __future__ import annotations

import json
from typing import Any

import pytest

from article import shown
from article.conftest import Told
from article.differences import SYSTEM_ASSIGNED_IDENTITY, USER_ASSIGNED_IDENTITY, Differences
from article.states import differences


def printed(told: Told, step: str) -> Any:
    """Give what a step printed, with names in the place of IDs."""
    text = told.outputs[step]
    for oid, name in told.names.items():
        text = text.replace(oid, name)
    return json.loads(text)


@pytest.mark.parametrize(
    ("step", "article", "listed"),
    [
        (
            "container show with the user-assigned identity",
            shown.USER_ASSIGNED_IDENTITY,
            USER_ASSIGNED_IDENTITY,
        ),
        (
            "container show with the system-assigned identity",
            shown.SYSTEM_ASSIGNED_IDENTITY,
            SYSTEM_ASSIGNED_IDENTITY,
        ),
    ],
)
async def test_container_show_prints_the_identity_as_the_article_shows_it(
    told: Told, step: str, article: dict[str, Any], listed: Differences
) -> None:
    found = differences(article, printed(told, step)["identity"])
    assert found == {path: (theirs, ours) for path, (theirs, ours, _) in listed.items()}


async def test_container_create_prints_what_container_show_does(told: Told) -> None:
    for kind in ("user", "system"):
        create = told.outputs[f"container create with the {kind}-assigned identity"]
        assert create == told.outputs[f"container show with the {kind}-assigned identity"]


async def test_identity_show_gives_the_ids_of_the_identity_that_was_created(told: Told) -> None:
    created = json.loads(told.outputs["identity create"])
    assert (created["id"], created["name"]) == (told.variables["RESOURCE_ID"], "myACIId")
    assert told.names[created["principalId"]] == "oid of myACIId"


async def test_secret_set_prints_the_secret_with_its_description_as_content_type(
    told: Told,
) -> None:
    secret = json.loads(told.outputs["secret set"])
    assert (secret["value"], secret["contentType"], secret["tags"]) == (
        "Hello Container Instances",
        "ACIsecret",
        {"file-encoding": "utf-8"},
    )


async def test_commands_that_only_set_variables_print_nothing(told: Told) -> None:
    silent = ("identity show", "principal of the system-assigned identity")
    assert [told.outputs[name] for name in silent] == ["", ""]


async def test_role_assignment_list_names_principal_and_role_of_scope(told: Told) -> None:
    assignments = printed(told, "az role assignment list --all")
    assert [
        (each["principalName"], each["roleDefinitionName"], each.get("resourceGroup"))
        for each in assignments
    ] == [
        ("appid of the caller", "Owner", None),
        ("appid of mycontainer", "Contributor", "myResourceGroup"),
    ]


async def test_provider_show_tells_that_container_instances_are_registered(told: Told) -> None:
    provider = printed(told, "az provider show -n Microsoft.ContainerInstance")
    kinds = [kind["resourceType"] for kind in provider["resourceTypes"]]
    assert (provider["registrationState"], "containerGroups" in kinds) == ("Registered", True)
