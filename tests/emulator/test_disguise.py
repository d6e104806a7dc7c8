"""Answers in another guise mean the same."""

from __future__ import annotations

from typing import Any

from azure_emulator.disguise import UNLISTED, disguised
from azure_emulator.emulator import Emulator
from azure_emulator.settings import Settings
from emulator.conftest import GROUP, Client

ID = "/subscriptions/s/resourcegroups/g/providers/Microsoft.ManagedIdentity/x/y"
BODY: dict[str, Any] = {
    "id": "/subscriptions/s/resourceGroups/g",
    "type": "Microsoft.Resources/resourceGroups",
    "tags": {"location": "here"},
    "identity": {"type": "UserAssigned", "userAssignedIdentities": {ID: {"clientId": "a-b"}}},
    "accessPolicies": [{"objectId": "a1"}, {"objectId": "b2"}],
    "environmentVariables": [{"name": "A"}, {"name": "B"}],
}


def test_by_default_an_answer_is_left_alone() -> None:
    assert disguised(BODY, Settings()) is BODY


def test_unlisted_members_come_into_every_object_but_maps() -> None:
    more = {UNLISTED: {"since": "never listed"}}
    assert disguised(BODY, Settings(unlisted_fields=True)) == {
        **BODY,
        **more,
        "identity": {
            "type": "UserAssigned",
            "userAssignedIdentities": {ID: {"clientId": "a-b", **more}},
            **more,
        },
        "accessPolicies": [{"objectId": "a1", **more}, {"objectId": "b2", **more}],
        "environmentVariables": [{"name": "A", **more}, {"name": "B", **more}],
    }


def test_members_and_lists_without_an_order_are_turned_round() -> None:
    turned = disguised(BODY, Settings(shuffled_order=True))
    assert list(turned) == list(BODY)[::-1]
    assert turned == {**BODY, "accessPolicies": BODY["accessPolicies"][::-1]}


def test_ids_types_and_locations_are_shouted_and_nothing_else() -> None:
    shouted = disguised(BODY, Settings(shouted_case=True))
    assert shouted == {
        "id": "/SUBSCRIPTIONS/S/RESOURCEGROUPS/G",
        "type": "MICROSOFT.RESOURCES/RESOURCEGROUPS",
        "tags": {"location": "here"},
        "identity": {
            "type": "UserAssigned",
            "userAssignedIdentities": {ID.upper(): {"clientId": "A-B"}},
        },
        "accessPolicies": [{"objectId": "A1"}, {"objectId": "B2"}],
        "environmentVariables": BODY["environmentVariables"],
    }


async def test_arm_answers_in_the_guise_told(arm: Client, azure: Emulator, group: str) -> None:
    azure.settings.change({"unlisted_fields": True, "shouted_case": True, "shuffled_order": True})
    answer = await arm("GET", GROUP, "2025-04-01")
    assert (answer.body["id"], UNLISTED in answer.body) == (GROUP.upper(), True)
