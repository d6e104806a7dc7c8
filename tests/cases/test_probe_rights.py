"""Who lets a probe run: the account, the platform that lends one, and Azure."""

from __future__ import annotations

from typing import Any

import pytest

from cases.access import SYSTEM, a_vault
from cases.inside import a_secret, inside
from cases.probes import allowing, looked_at, looks, said, told, warned
from in_process.cluster import JsonObject
from in_process.scene import Scene, a_group, manifest, open_scene, source
from integration.azure_roles import definition, shipped

ROLES = ("azure-role", "azure-role-grants", "azure-role-exec")
PROVED, SETTLED = ("True", "Proved"), ("True", "Settled")
LENT = {"kind": "ClusterAzureAccount", "name": "lent"}
OBSERVED = {"managementPolicy": "ObserveOnly"}


def restricted(scene: Scene, *roles: str) -> None:
    """Take all that the operator may do away, and give it these of our roles on `rg1`."""
    first, *others = (shipped(name)["Name"] for name in roles)
    scene.leave_operator(first, scene.group_id())
    for name in others:
        scene.azure.assign_role(scene.operator_id, name, scene.group_id())


def lent(scene: Scene, **spec: Any) -> JsonObject:
    """Give the same credential as the platform's, lent to the namespace within `rg1`."""
    account = scene.object("AzureAccount", "account")
    assert account is not None
    client_id = account["spec"]["credential"]["servicePrincipal"]["clientId"]
    own = {
        **account["spec"],
        "credential": {
            "servicePrincipal": {"clientId": client_id, "clientSecretFrom": source("account")}
        },
        "allowedNamespaces": ["here"],
        "allowedScopes": [scene.group_id()],
    }
    scene.cluster.secret("account", {"value": "operator-secret"}, "aci-operator-system")
    return manifest("ClusterAzureAccount", "lent", **{**own, **spec})


def borrowed(thing: JsonObject) -> JsonObject:
    """Have an object act with the lent account."""
    thing["spec"]["accountRef"] = LENT
    return thing


async def test_a_caller_without_the_right_to_exec_is_told_which_role_to_add() -> None:
    custom = tuple(definition(name, number) for number, name in enumerate(ROLES))
    async with open_scene({"custom_roles": custom}) as scene, inside(scene):
        await a_vault(scene)
        await a_secret(scene)
        restricted(scene, *ROLES[:2])
        scene.apply(allowing(scene), a_group("it", identity=SYSTEM), looked_at(scene))
        await scene.run_for(200)
        refused = (said(scene), warned(scene), looks(scene))
        words = told(scene)
        restricted(scene, *ROLES)
        await scene.run_for(90)
        assert refused == (("Unknown", "ExecForbidden"), ["ExecForbidden"], 4)
        assert "Microsoft.ContainerInstance/containerGroups/containers/exec/action" in words
        assert "deploy/azure-role-exec.json" in words
        assert said(scene) == PROVED


async def test_a_right_that_is_taken_away_leaves_what_was_proved_and_is_told() -> None:
    custom = tuple(definition(name, number) for number, name in enumerate(ROLES))
    async with open_scene({"custom_roles": custom}) as scene, inside(scene):
        await a_vault(scene)
        await a_secret(scene)
        restricted(scene, *ROLES)
        scene.apply(allowing(scene), a_group("it", identity=SYSTEM), looked_at(scene))
        await scene.run_for(60)
        restricted(scene, *ROLES[:2])
        await scene.run_for(700)
        assert (said(scene), warned(scene)) == (PROVED, ["ExecForbidden"])
        assert "Nobody looks now: Azure does not let the account run it" in told(scene)


async def test_without_allow_exec_nothing_runs_until_the_account_has_it() -> None:
    async with open_scene() as scene, inside(scene) as doing:
        await a_vault(scene)
        await a_secret(scene)
        scene.apply(a_group("it", identity=SYSTEM), looked_at(scene))
        await scene.run_for(90)
        before = (said(scene), warned(scene), list(doing.seen))
        scene.apply(allowing(scene))
        await scene.run_for(30)
        assert before == (SETTLED, ["ProbeNotRun"], [])
        assert (said(scene), doing.seen) == (PROVED, ["real 200"] * 3)


@pytest.mark.parametrize(
    ("exec_", "group", "probe", "ends", "why"),
    [
        (True, {}, {}, PROVED, ""),
        (False, {}, {}, SETTLED, "the account does not have spec.allowExec"),
        (True, {}, {"id": "it"}, SETTLED, "names a group by ARM ID"),
        (True, {"operator": OBSERVED}, {}, SETTLED, "is only observed"),
    ],
)
async def test_a_lent_account_runs_probes_in_the_namespaces_own_groups_alone(
    exec_: bool,
    group: dict[str, Any],
    probe: dict[str, str],
    ends: tuple[str, str],
    why: str,
) -> None:
    async with open_scene() as scene, inside(scene) as doing:
        await a_vault(scene)
        await a_secret(scene)
        ours = borrowed(a_group("it", identity=SYSTEM))
        scene.apply(lent(scene, allowExec=exec_), ours)
        await scene.run_for(10)
        scene.apply(borrowed(a_group("it", identity=SYSTEM, **group)))
        by_id = {"containerGroupRef": {"id": scene.arm_id("it")}} if probe else {}
        scene.apply(borrowed(looked_at(scene, **by_id)))
        await scene.run_for(90)
        assert (said(scene), why in told(scene), bool(doing.seen)) == (ends, True, not why)


async def test_a_group_that_is_somebody_elses_is_never_entered() -> None:
    async with open_scene() as scene, inside(scene) as doing:
        await a_vault(scene)
        await a_secret(scene)
        scene.groups.make(scene.arm_id("it"), THEIRS)
        scene.azure.clock.advance(60)
        grant = looked_at(scene)
        who = scene.azure.create_service_principal("who").oid
        grant["spec"]["principal"] = {"principalId": who, "principalType": "ServicePrincipal"}
        scene.apply(allowing(scene), a_group("it", identity=SYSTEM), grant)
        await scene.run_for(90)
        assert scene.conditions("ContainerGroup", "it")["Ready"] == ("False", "AlreadyExists")
        assert (said(scene), doing.seen, looks(scene)) == (SETTLED, [], 0)


async def test_a_grant_that_only_looks_runs_nothing() -> None:
    async with open_scene() as scene, inside(scene) as doing:
        await a_vault(scene)
        await a_secret(scene)
        scene.apply(allowing(scene), a_group("it", identity=SYSTEM), looked_at(scene))
        await scene.run_for(60)
        del doing.seen[:]
        grant = looked_at(scene)
        grant["spec"]["operator"] = OBSERVED
        scene.apply(grant)
        await scene.run_for(1300)
        assert (said(scene), doing.seen) == (SETTLED, [])


THEIRS = {
    "location": "eastus",
    "identity": {"type": "SystemAssigned"},
    "properties": {
        "osType": "Linux",
        "containers": [
            {
                "name": "app",
                "properties": {
                    "image": "alpine:3",
                    "resources": {"requests": {"cpu": 1, "memoryInGB": 1.5}},
                },
            }
        ],
    },
}
