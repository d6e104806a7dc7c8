"""What the kinds share, and the few values that the API server fills in."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

import aci_operator
from unit.crds.schemas import AZURE_KINDS, CRDS, Schema, fields, schema, spec, status, version

every_kind = pytest.mark.parametrize("kind", sorted(CRDS))
every_azure_kind = pytest.mark.parametrize("kind", AZURE_KINDS)
ROOMS = Path(aci_operator.__file__).parent / "kinds"
POLICIES = {
    "deletionPolicy": ["Delete", "Retain"],
    "adoptionPolicy": ["Refuse", "Adopt"],
    "managementPolicy": ["Full", "ObserveOnly"],
    "driftPolicy": ["Correct", "Report"],
}

GROUPS_OWN = ("healthInterval", "keyVaultAccess", "injectIdentity", "injectIdentityRef")


def test_these_are_all_the_defaults_that_the_api_server_fills_in() -> None:
    filled = [
        (kind, path, node["default"])
        for kind in sorted(CRDS)
        for path, node in fields(kind)
        if "default" in node and path != ".status"
    ]
    assert filled == [
        ("ContainerGroup", ".spec.operator.keyVaultAccess[].mode", "Auto"),
        ("KeyVault", ".spec.permissionModel", "RBAC"),
        ("KeyVault", ".spec.sku", {}),
        ("KeyVault", ".spec.sku.name", "standard"),
        ("KeyVault", ".spec.softDeleted", "Fail"),
        ("KeyVaultAccess", ".spec.mode", "Auto"),
    ]


@every_kind
def test_an_object_that_nobody_has_looked_at_has_observed_generation_minus_one(kind: str) -> None:
    assert status(kind)["default"] == {"observedGeneration": -1}


@every_kind
def test_ready_and_reason_come_first_and_the_message_is_the_last_and_wide(kind: str) -> None:
    columns = version(kind)["additionalPrinterColumns"]
    narrow = [column["name"] for column in columns if not column.get("priority")]
    assert (narrow[:2], narrow[3:]) == (["Ready", "Reason"], ["Age"])
    assert (columns[-1]["name"], columns[-1]["priority"]) == ("Message", 1)


@every_azure_kind
def test_the_policies_and_their_values_are_the_same_on_every_kind(kind: str) -> None:
    policies = spec(kind)["properties"]["operator"]["properties"]
    assert {name: policies[name]["enum"] for name in POLICIES} == POLICIES


@every_azure_kind
def test_what_the_kinds_share_has_one_text_but_for_the_resource_it_names(kind: str) -> None:
    assert shared(kind) == shared("ContainerGroup")


def shared(kind: str) -> dict[str, Any]:
    own = spec(kind)["properties"]
    policies = dict(own["operator"]["properties"])
    for name in ("deletionPolicy", "start", "waitFor", "update", "powerState", *GROUPS_OWN):
        policies.pop(name, None)
    account: Schema = own["accountRef"]
    return {"accountRef": account, "operator": policies, "conditions": conditions(kind)}


def test_an_inline_grant_has_the_shape_of_a_key_vault_access() -> None:
    own = spec("ContainerGroup")["properties"]["operator"]["properties"]["keyVaultAccess"]
    inline = bare(own["items"]["properties"])
    alone = bare({name: spec("KeyVaultAccess")["properties"][name] for name in inline})
    elsewhere = alone["probe"]["properties"].pop("containerGroupRef")  # here it is the group
    alone["probe"]["required"].remove("containerGroupRef")
    assert elsewhere["type"] == "object"
    rules = alone["keyVaultRef"]["x-kubernetes-validations"]
    assert [rules.pop()["rule"], inline] == ["self == oldSelf", alone]


def bare(node: Any) -> Any:
    """Copy a schema without its descriptions, which speak of where it stands."""
    if isinstance(node, list):
        return [bare(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {name: bare(each) for name, each in node.items() if name != "description"}


@every_kind
def test_conditions_have_the_same_shape_on_every_kind(kind: str) -> None:
    assert conditions(kind) == conditions("ContainerGroup")


def conditions(kind: str) -> tuple[Schema, Schema]:
    own = status(kind)["properties"]
    return own["conditions"], own["observedGeneration"]


@every_kind
def test_every_status_field_that_a_room_sets_is_declared(kind: str) -> None:
    assert [name for name in sorted(set_by_room(kind)) if name not in declared(kind)] == []


def declared(kind: str) -> set[str]:
    return set(status(kind)["properties"])


def set_by_room(kind: str) -> set[str]:
    """Collect the keywords of every `….status.set(…)` in the room of a kind."""
    room = ROOMS / "".join(f"_{c.lower()}" if c.isupper() else c for c in kind).lstrip("_")
    trees = [ast.parse(path.read_text()) for path in sorted(room.glob("*.py"))]
    calls = [call for tree in trees for call in calls_of_status_set(tree)]
    return {word.arg for call in calls for word in call.keywords if word.arg}


def calls_of_status_set(tree: ast.Module) -> list[ast.Call]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [call for call in calls if ast.unparse(call.func).endswith(".status.set")]


@pytest.mark.parametrize(
    ("field", "others"),
    [
        ("accountRef", []),
        ("resourceGroupRef", []),
        ("keyVaultRef", []),
        ("location", ["ResourceGroup"]),  # required there
        ("tags", ["KeyVaultSecret"]),  # the vault's limits, not ARM's
    ],
)
def test_a_field_of_one_name_is_the_same_on_every_kind(field: str, others: list[str]) -> None:
    kinds = [kind for kind in AZURE_KINDS if field in spec(kind)["properties"]]
    found = [spec(kind)["properties"][field] for kind in kinds if kind not in others]
    assert len(found) > 1
    assert [without_texts(one) for one in found] == [without_texts(found[0])] * len(found)


def without_texts(node: Any) -> Any:
    """Leave out what a field says of its own resource; rules and bounds stay."""
    if isinstance(node, dict):
        texts = ("description", "message")
        return {name: without_texts(value) for name, value in node.items() if name not in texts}
    return [without_texts(value) for value in node] if isinstance(node, list) else node


@every_azure_kind
def test_what_is_fixed_cannot_be_taken_away_either(kind: str) -> None:
    optional = {"accountRef", "location", "enablePurgeProtection"} - set(spec(kind)["required"])
    fixed = optional & set(spec(kind)["properties"])
    rules = {rule["rule"] for rule in spec(kind)["x-kubernetes-validations"]}
    assert {f"!has(oldSelf.{name}) || has(self.{name})" for name in fixed} <= rules


@every_azure_kind
def test_the_name_in_azure_is_fixed_whether_given_or_not(kind: str) -> None:
    rules = {rule["rule"] for rule in schema(kind).get("x-kubernetes-validations", ())}
    named = "azureName" in spec(kind)["properties"] and "azureName" not in spec(kind)["required"]
    given = "(has({0}.spec.azureName) ? {0}.spec.azureName : {0}.metadata.name)"
    same = f"{given.format('self')} == {given.format('oldSelf')}"
    assert (same in rules) == named
