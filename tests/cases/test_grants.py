"""Many grants on one vault at once, and what each leaves when it goes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from cases.grants import (
    ACCESS,
    VAULTS,
    a_vault,
    an_access,
    give_by_hand,
    policies,
    principal_of,
    roles,
)
from in_process.manifests import manifest, source
from in_process.scene import Scene, open_scene

NAMESPACES = [f"team-{number}" for number in range(5)]


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_scene(workers=20) as it:
        await a_vault(it, rbac=False)
        yield it


def foreign_id(number: int) -> str:
    return f"99999999-0000-4000-8000-{number:012d}"


def ours_id(number: int) -> str:
    return f"11111111-0000-4000-8000-{number:012d}"


def raw(principal_id: str) -> dict[str, str]:
    return {"principalId": principal_id, "principalType": "ServicePrincipal"}


async def meddle(scene: Scene) -> None:
    """Have somebody give and take permissions on the same vault all the while."""
    vault, tenant = scene.arm_id("myvault", VAULTS), scene.azure.settings.tenant_id
    for number in range(20):
        await give_by_hand(scene, foreign_id(number), secrets=["Get"], keys=["sign"])
        entry = {"tenantId": tenant, "objectId": foreign_id(number)}
        gone = [{**entry, "permissions": {"keys": ["sign"]}}]
        await scene.stranger.vaults.remove_policies(vault, gone)


def lend_to_all(scene: Scene) -> None:
    """Lend the account of the namespace `here` to five others."""
    spec = dict(scene.cluster.bodies[account_path(scene)]["spec"])
    spec["credential"] = {
        "servicePrincipal": {
            "clientId": spec["credential"]["servicePrincipal"]["clientId"],
            "clientSecretFrom": source("account"),
        }
    }
    lists = {"allowedNamespaces": NAMESPACES, "allowedScopes": [scene.subscription]}
    scene.cluster.secret("account", {"value": "operator-secret"}, "aci-operator-system")
    scene.apply(manifest("ClusterAzureAccount", "lent", **spec, **lists))


def account_path(scene: Scene) -> str:
    (path,) = (p for p in scene.cluster.bodies if "/azureaccounts/" in p)
    return path


async def test_fifty_grants_from_five_namespaces_and_somebody_else_at_once(scene: Scene) -> None:
    lend_to_all(scene)
    await scene.settle()
    scene.mark()
    for number in range(50):
        access = an_access(scene, f"grant-{number}", principal=raw(ours_id(number)))
        scene.cluster.apply(access, NAMESPACES[number % 5])
    await asyncio.gather(scene.settle(), meddle(scene))
    ours = {ours_id(number): {"secrets": ["get"]} for number in range(50)}
    theirs = {foreign_id(number): {"secrets": ["Get"]} for number in range(20)}
    assert policies(scene) == ours | theirs
    assert reasons_of(scene) == {"Granted"}
    print(f"grants: 50 in {len(adds(scene))} calls")
    assert 3 <= len(adds(scene)) <= 12


def reasons_of(scene: Scene) -> set[str]:
    """Give the reasons of Ready of all grants, in every namespace."""
    grants = [body for body in scene.cluster.bodies.values() if body.get("kind") == ACCESS]
    told = (each for grant in grants for each in grant["status"]["conditions"])
    return {each["reason"] for each in told if each["type"] == "Ready"}


def adds(scene: Scene) -> list[Any]:
    return [call for call in scene.sent() if call.path.partition("?")[0].endswith("/add")]


async def test_grants_that_go_together_are_taken_away_together(scene: Scene) -> None:
    for number in range(20):
        scene.apply(an_access(scene, f"grant-{number}", principal=raw(ours_id(number))))
    await scene.settle()
    await give_by_hand(scene, foreign_id(1), secrets=["Get"])
    scene.mark()
    for number in range(20):
        scene.delete(ACCESS, f"grant-{number}")
    await scene.settle()
    assert policies(scene) == {foreign_id(1): {"secrets": ["Get"]}}
    assert len(scene.writes()) <= 4


async def test_a_conflict_with_another_writer_is_tried_again(scene: Scene) -> None:
    words = "A conflict occurred: parallel operations are being performed on the Key Vault."
    fault = {"method": "PUT", "path": "accessPolicies/add", "status": 409}
    scene.azure.faults.next(**fault, code="ConflictError", message=words, times=2)
    scene.apply(an_access(scene, principal=raw(ours_id(1))))
    await scene.settle()
    assert policies(scene) == {ours_id(1): {"secrets": ["get"]}}
    assert len(adds(scene)) == 3


@pytest.mark.parametrize("first", ["one", "two"])
@pytest.mark.parametrize("by_hand", [[], ["Get"]])
async def test_overlapping_grants_end_right_whichever_goes_first(
    scene: Scene, first: str, by_hand: list[str]
) -> None:
    await scene.identity("who")
    who = principal_of(scene)
    if by_hand:
        await give_by_hand(scene, who, secrets=by_hand)
    asked = {"one": ["get", "list"], "two": ["get", "set"]}
    for name, words in asked.items():
        scene.apply(an_access(scene, name, permissions={"secrets": words}))
    await scene.settle()
    second = "two" if first == "one" else "one"
    scene.delete(ACCESS, first)
    await scene.settle()
    left = sorted({*by_hand, *(w for w in asked[second] if w.title() not in by_hand)})
    assert policies(scene) == {who: {"secrets": left}}
    scene.delete(ACCESS, second)
    await scene.settle()
    assert policies(scene) == ({who: {"secrets": by_hand}} if by_hand else {})


async def test_a_full_vault_is_named_and_its_own_entries_can_still_grow(scene: Scene) -> None:
    held = [
        {
            "tenantId": scene.azure.settings.tenant_id,
            "objectId": foreign_id(number),
            "permissions": {"secrets": ["get"]},
        }
        for number in range(1023)
    ]
    await scene.stranger.vaults.add_policies(scene.arm_id("myvault", VAULTS), held)
    scene.apply(*(an_access(scene, n, principal=raw(ours_id(i))) for i, n in enumerate("ab")))
    more = {"secrets": ["list"]}
    scene.apply(an_access(scene, "c", principal=raw(foreign_id(7)), permissions=more))
    await scene.settle()
    ready = [scene.conditions(ACCESS, name)["Ready"] for name in "abc"]
    assert sorted(ready) == [("False", "AccessPolicyLimit"), *[("True", "Granted")] * 2]
    assert len(policies(scene)) == 1024


@pytest.mark.parametrize("restarted", [True, False])
@pytest.mark.parametrize(
    ("rbac", "method", "path"),
    [
        (False, "PUT", "accessPolicies/add"),
        (False, "PUT", "accessPolicies/remove"),
        (True, "PUT", "roleAssignments"),
        (True, "DELETE", "roleAssignments"),
    ],
)
async def test_a_principal_changed_in_the_middle_of_any_step_leaves_one_grant(
    rbac: bool, method: str, path: str, restarted: bool
) -> None:
    async with open_scene() as scene:
        await a_vault(scene, rbac=rbac)
        for name in ("first", "second", "third"):
            await scene.identity(name)
        scene.apply(an_access(scene, who="first"))
        await scene.settle()
        scene.azure.faults.next(method=method, path=path, lost=True)
        scene.apply(an_access(scene, who="second"))
        await scene.run_for(0.1)
        scene.apply(an_access(scene, who="third"))
        if restarted:
            await scene.restart_operator()
        await scene.settle()
        given = [who for who, _ in roles(scene)] if rbac else list(policies(scene))
        assert given == [principal_of(scene, "third")]
