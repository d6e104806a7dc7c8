"""Case 10, the first token comes too late: the process starts when its access has effect."""

from __future__ import annotations

from typing import Any

import pytest

from cases.access import AFTER, SYSTEM, a_vault, by_group, images, reads
from in_process.scene import Scene, a_group, container, manifest, open_scene

IDLE, REAL = "mcr.microsoft.com/azure-cli", "alpine:3"
MODELS = pytest.mark.parametrize(("rbac", "settle"), [(False, 60), (True, 600)])


def held_back(**spec: Any) -> dict[str, Any]:
    return a_group("it", **{"identity": SYSTEM, "operator": AFTER, **spec})


async def begun(scene: Scene, *, rbac: bool = False, **spec: Any) -> None:
    """Apply a group that waits for its own access, and let it come as far as it can at once."""
    await a_vault(scene, rbac=rbac)
    scene.apply(held_back(**spec), by_group(scene))
    await scene.settle()


def said(scene: Scene, type_: str = "Ready") -> tuple[str, str]:
    return scene.conditions("ContainerGroup", "it")[type_]


@MODELS
async def test_case_10_the_containers_start_by_one_put_once_the_access_has_effect(
    rbac: bool, settle: int
) -> None:
    async with open_scene() as scene:
        await begun(scene, rbac=rbac, restartPolicy="Never")
        before = (images(scene), said(scene), said(scene, "AccessEffective"))
        await scene.run_for(settle - 20)
        still = images(scene)
        await scene.run_for(40)
        assert (before, still) == (
            ([IDLE], ("False", "WaitingForAccess"), ("False", "WaitingForAccess")),
            [IDLE],
        )
        assert (images(scene), said(scene), said(scene, "AccessEffective")) == (
            [IDLE, REAL],
            ("True", "Running"),
            ("True", "AccessReady"),
        )


async def test_case_10_every_step_is_an_event() -> None:
    async with open_scene() as scene:
        await begun(scene)
        await scene.run_for(90)
        told = [reason for _, reason, _ in scene.events]
        steps = ["Placeholder", "WaitingForAccess", "Settled", "AccessReady", "Running"]
        assert [each for each in dict.fromkeys(told) if each in steps] == steps


async def test_case_10_the_placeholder_carries_no_secret_and_nothing_of_the_users() -> None:
    async with open_scene() as scene:
        scene.secret("s", value="hush")
        mount = [{"name": "files", "mountPath": "/files"}]
        variable = [
            {"name": "V", "secureValueFrom": {"secretKeyRef": {"name": "s", "key": "value"}}}
        ]
        app = container("app", command=["job"], volumeMounts=mount, environmentVariables=variable)
        file = {"f": {"secretKeyRef": {"name": "s", "key": "value"}}}
        await begun(scene, containers=[app], volumes=[{"name": "files", "secret": file}])
        first = scene.bodies()[0]["properties"]
        assert (first["containers"], first["volumes"]) == (
            [
                {
                    "name": "app",
                    "properties": {
                        "image": IDLE,
                        "command": ["tail", "-f", "/dev/null"],
                        "resources": {"requests": {"cpu": 1, "memoryInGB": 1.5}},
                    },
                }
            ],
            [{"name": "files", "secret": {"f": ""}}],
        )
        await scene.run_for(90)
        assert (images(scene), said(scene)) == ([IDLE, REAL], ("True", "Running"))


@MODELS
async def test_case_10_an_operator_that_starts_anew_at_any_time_makes_the_same_two_puts(
    rbac: bool, settle: int
) -> None:
    async with open_scene() as scene:
        await begun(scene, rbac=rbac)
        for _ in range(8):
            await scene.restart_operator()
            await scene.run_for(settle / 6)
        assert (images(scene), said(scene)) == ([IDLE, REAL], ("True", "Running"))


async def test_case_10_a_user_identity_is_granted_first_and_takes_one_put() -> None:
    async with open_scene() as scene:
        await a_vault(scene)
        id_ = {"id": await scene.identity("id1")}
        identity = {"type": "UserAssigned", "userAssigned": [id_]}
        scene.mark()
        scene.apply(held_back(identity=identity), reads(scene, userAssignedIdentityRef=id_))
        await scene.settle()
        before = (images(scene), said(scene))
        await scene.run_for(90)
        assert (before, images(scene), said(scene)) == (
            ([], ("False", "WaitingForAccess")),
            [REAL],
            ("True", "Running"),
        )


@pytest.mark.parametrize("knobs", [{"put_updates_tags": False}, {"update_answers_200": False}])
async def test_case_10_one_put_in_place_is_enough_whatever_azure_does_with_it(
    knobs: dict[str, Any],
) -> None:
    async with open_scene(knobs) as scene:
        await begun(scene)
        await scene.run_for(3600)
        assert (images(scene), said(scene)) == ([IDLE, REAL], ("True", "Running"))


async def test_case_10_the_principal_stays_the_placeholders() -> None:
    async with open_scene() as scene:
        await begun(scene)
        before = scene.status("ContainerGroup", "it")["identity"]["principalId"]
        await scene.run_for(90)
        after = scene.status("ContainerGroup", "it")["identity"]["principalId"]
        granted = scene.status("KeyVaultAccess", "reads")["principalId"]
        assert (after, granted) == (before, before)


@pytest.mark.parametrize("after", [30, 95])
async def test_case_10_a_principal_that_changes_before_or_with_the_change_in_place_is_followed(
    after: int,
) -> None:
    async with open_scene() as scene:
        await begun(scene)
        await scene.run_for(after)
        group = scene.azure_group("it")
        assert group is not None
        assert group.assigned.system is not None
        before = group.assigned.system.oid
        other = scene.azure.cloud.directory.create_managed_identity("it")
        group.assigned.system = other
        await scene.run_for(200)
        words = f"is {other.oid} now; it was {before}."
        told = [note for _, reason, note in scene.events if reason == "PrincipalChanged"]
        granted = scene.status("KeyVaultAccess", "reads")["principalId"]
        assert ([words in note for note in told], granted, images(scene)) == (
            [True],
            other.oid,
            [IDLE, REAL],
        )


UNSOUND: list[dict[str, Any]] = [
    {"sku": "Confidential", "confidentialComputeProperties": {"ccePolicy": "cGFja2FnZQ=="}},
    {"priority": "Spot"},
    {"osType": "Windows"},
]


@pytest.mark.parametrize("shape", UNSOUND)
async def test_case_10_a_shape_that_no_placeholder_can_stand_for_is_refused(
    shape: dict[str, Any],
) -> None:
    async with open_scene() as scene:
        await begun(scene, **shape)
        assert (images(scene), said(scene)) == ([], ("False", "StartNotSound"))


async def test_case_10_a_grant_to_somebody_else_cannot_be_waited_for() -> None:
    async with open_scene() as scene:
        await a_vault(scene)
        scene.apply(held_back(), reads(scene, containerGroupRef={"name": "another"}))
        await scene.settle()
        assert (images(scene), said(scene)) == ([], ("False", "InvalidSpec"))


async def test_case_10_a_grant_that_is_not_there_is_waited_for() -> None:
    async with open_scene() as scene:
        await a_vault(scene)
        scene.apply(held_back())
        await scene.settle()
        before = (images(scene), said(scene))
        scene.apply(by_group(scene))
        await scene.run_for(90)
        assert (before, images(scene)) == (([], ("False", "WaitingForAccess")), [IDLE, REAL])


async def test_case_10_who_no_longer_wants_to_wait_starts_at_once() -> None:
    async with open_scene() as scene:
        await begun(scene)
        scene.apply(a_group("it", identity=SYSTEM))
        await scene.settle()
        assert (images(scene), said(scene)) == ([IDLE, REAL], ("True", "Running"))


async def test_case_10_a_placeholder_goes_like_any_group() -> None:
    async with open_scene() as scene:
        await begun(scene)
        scene.delete("ContainerGroup", "it")
        scene.delete("KeyVaultAccess", "reads")
        await scene.settle()
        assert (scene.object("ContainerGroup", "it"), scene.azure_group("it")) == (None, None)


async def test_case_10_a_role_is_waited_for_as_a_grant_on_a_vault_is() -> None:
    async with open_scene() as scene:
        role = manifest(
            "RoleAssignment",
            "pulls",
            scope={"resourceGroupRef": {"id": scene.group_id()}},
            roleName="Reader",
            principal={"containerGroupRef": {"name": "it"}},
        )
        wait = {**AFTER, "waitFor": [{"kind": "RoleAssignment", "name": "pulls"}]}
        scene.apply(held_back(operator=wait), role)
        await scene.run_for(590)
        before = images(scene)
        await scene.run_for(30)
        assert (before, images(scene), said(scene)) == ([IDLE], [IDLE, REAL], ("True", "Running"))
