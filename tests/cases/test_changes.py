"""What the pages say of a change of each field is what Azure is sent for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from cases.access import a_vault, reads
from in_process.manifests import manifest, source
from in_process.scene import Scene, open_scene
from in_process.stage import IDENTITIES
from kind_pages import changes, fields

VAULT = {"azureName": "vault", "permissionModel": "AccessPolicy"}
SECRET = {"keyVaultRef": {"name": "vault"}, "valueFrom": source("s", "one")}
PATCHES = [
    ("ResourceGroup", {"location": "eastus"}, {"tags": {"a": "b"}}),
    ("UserAssignedIdentity", {}, {"tags": {"a": "b"}}),
    ("KeyVault", VAULT, {"tags": {"a": "b"}}),
    ("KeyVault", VAULT, {"sku": {"name": "premium"}}),
    ("KeyVault", VAULT, {"enabledForDeployment": True}),
    ("KeyVault", VAULT, {"publicNetworkAccess": "Disabled"}),
    ("KeyVault", VAULT, {"networkAcls": {"defaultAction": "Deny"}}),
    ("KeyVault", VAULT, {"enablePurgeProtection": True}),
]
ONE_PUT: tuple[str, dict[str, Any], dict[str, Any]] = (
    "UserAssignedIdentity",
    {},
    {"isolationScope": "Regional"},
)
EXP = {"attributes": {"exp": 2_000_000_000}}
SECRETS: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({}, {"valueFrom": source("s", "two")}, "PUT"),
    ({}, {"contentType": "text"}, "PATCH"),
    ({"contentType": "text"}, {}, "PUT"),
    ({}, EXP, "PATCH"),
    (EXP, {}, "PUT"),
    ({}, {"attributes": {"enabled": False}}, "PATCH"),
    ({"attributes": {"enabled": False}}, {}, "PATCH"),
    ({}, {"tags": {"a": "b"}}, "PATCH"),
    ({"tags": {"a": "b"}}, {}, "PATCH"),
]
NOTHING = [
    ("ResourceGroup", {"location": "eastus"}, {"contents": "Delete"}),
    ("KeyVault", VAULT, {"softDeleted": "Recover"}),
]


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_scene() as it:
        it.secret("s", one="1", two="2")
        yield it


def placed(scene: Scene, kind: str, spec: dict[str, Any]) -> dict[str, Any]:
    where = {} if kind == "ResourceGroup" else {"resourceGroupRef": {"id": scene.group_id()}}
    return manifest(kind, "thing", **where, **spec)


async def sent(scene: Scene, before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Apply an object and then a change of it; give the methods of the writes for the change."""
    scene.apply(before)
    await scene.run_for(30)
    scene.mark()
    scene.apply(after)
    await scene.settle()
    assert scene.unready() == {}
    return [method for method, _ in scene.writes()]


@pytest.mark.parametrize(
    ("kind", "spec", "change", "method"),
    [*((*each, "PATCH") for each in PATCHES), (*ONE_PUT, "PUT")],
)
async def test_such_a_change_is_one_write(
    scene: Scene, kind: str, spec: dict[str, Any], change: dict[str, Any], method: str
) -> None:
    before, after = placed(scene, kind, spec), placed(scene, kind, {**spec, **change})
    told = changes.CHANGES[kind]
    (field,) = [text for start, text in told.items() if next(iter(change)).startswith(start)]
    assert (await sent(scene, before, after), f"one {method}" in field) == ([method], True)


@pytest.mark.parametrize(("kind", "spec", "change"), NOTHING)
async def test_such_a_change_writes_nothing(
    scene: Scene, kind: str, spec: dict[str, Any], change: dict[str, Any]
) -> None:
    before, after = placed(scene, kind, spec), placed(scene, kind, {**spec, **change})
    assert await sent(scene, before, after) == []


@pytest.mark.parametrize(("one", "other", "method"), SECRETS)
async def test_a_change_of_a_secret_is_one_patch_or_one_new_version(
    scene: Scene, one: dict[str, Any], other: dict[str, Any], method: str
) -> None:
    scene.apply(placed(scene, "KeyVault", VAULT))
    secret = {**SECRET, "keyVaultRef": {"name": "thing"}}
    before, after = (manifest("KeyVaultSecret", "it", **secret | each) for each in (one, other))
    assert await sent(scene, before, after) == [method]


async def test_an_equal_value_of_another_source_is_no_new_version(scene: Scene) -> None:
    scene.secret("s", one="1", two="1")
    scene.apply(placed(scene, "KeyVault", VAULT))
    secret = {**SECRET, "keyVaultRef": {"name": "thing"}}
    before = manifest("KeyVaultSecret", "it", **secret)
    after = manifest("KeyVaultSecret", "it", **secret | {"valueFrom": source("s", "two")})
    assert await sent(scene, before, after) == []


async def test_the_operator_s_access_comes_before_a_switch_of_the_model_and_goes_after(
    scene: Scene,
) -> None:
    before = placed(scene, "KeyVault", VAULT)
    after = placed(scene, "KeyVault", VAULT | {"permissionModel": "RBAC"})
    assert await sent(scene, before, after) == ["PUT", "PATCH", "PUT"]


async def test_access_is_added_before_it_is_taken_away(scene: Scene) -> None:
    await scene.identity("one")
    await scene.identity("two")
    await a_vault(scene)
    first, second = (
        reads(scene, userAssignedIdentityRef={"id": scene.arm_id(name, IDENTITIES)})
        for name in ("one", "two")
    )
    methods = await sent(scene, first, second)
    paths = [path.rpartition("/")[2] for _, path in scene.writes()]
    assert (methods, paths) == (["PUT", "PUT"], ["add", "remove"])


@pytest.mark.parametrize(
    ("change", "methods"),
    [
        ({"roleName": "Contributor"}, ["PUT", "DELETE"]),
        ({"description": "why"}, ["PUT"]),
    ],
)
async def test_another_role_is_a_new_assignment_first_and_words_are_one_put(
    scene: Scene, change: dict[str, Any], methods: list[str]
) -> None:
    await scene.identity("who")
    ref = {"userAssignedIdentityRef": {"id": scene.arm_id("who", IDENTITIES)}}
    spec = {"scope": {"id": scene.group_id()}, "principal": ref, "roleName": "Reader"}
    before = manifest("RoleAssignment", "it", **spec)
    assert await sent(scene, before, manifest("RoleAssignment", "it", **spec | change)) == methods


@pytest.mark.parametrize("kind", changes.CHANGES)
def test_every_field_of_a_kind_has_its_change_and_no_other_has(kind: str) -> None:
    paths = [field.path for field in fields.of_spec(kind) if not field.fixed]
    used = {start for start in changes.CHANGES[kind] for path in paths if path.startswith(start)}
    told = [fields.change(kind, field) for field in fields.of_spec(kind)]
    assert (used, all(told)) == (set(changes.CHANGES[kind]), True)
