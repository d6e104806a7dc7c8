"""RoleAssignment against the emulated Azure: made, found, changed, taken back, left alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from aci_operator.azure import ids
from in_process.manifests import manifest
from in_process.scene import Scene, open_scene

IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities"
SAMPLES = Path(__file__).parents[2] / "deploy" / "samples"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
OWNER_ROLE = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
OWNER = "cluster-1/here/it"
KIND = "RoleAssignment"
GRANTED = ("True", "Granted")


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_scene() as it:
        await it.identity("who")
        await it.identity("other")
        yield it


def principal(scene: Scene, name: str = "who") -> str:
    found = scene.azure.state()["userAssignedIdentities"]
    (body,) = (body for id_, body in found.items() if id_.endswith(f"/{name}"))
    return str(body["properties"]["principalId"])


def an_assignment(scene: Scene, who: str = "who", name: str = "it", **spec: Any) -> dict[str, Any]:
    ref = {"userAssignedIdentityRef": {"id": scene.arm_id(who, IDENTITIES)}}
    whole = {"scope": {"id": scene.group_id()}, "principal": ref, "roleName": "Reader", **spec}
    whole = {field: value for field, value in whole.items() if value is not None}
    return manifest(KIND, name, **whole)


def id_of(scene: Scene, who: str = "who", role: str = READER, scope: str = "") -> str:
    where = scope or scene.group_id()
    name = ids.role_assignment_name(where, principal(scene, who), role)
    return str(ids.role_assignment_id(where, name))


def short(scene: Scene, *arm_ids: str) -> list[str]:
    return [each.removeprefix(scene.subscription) for each in arm_ids]


def given(scene: Scene) -> list[tuple[str, str, str]]:
    """Give principal, role and description of every assignment of ours or of a stranger's."""
    theirs = {"who": principal(scene), "other": principal(scene, "other")}
    names = {id_: name for name, id_ in theirs.items()}
    return sorted(
        (names[p["principalId"]], p["roleDefinitionId"][-36:], p.get("description", ""))
        for p in (a["properties"] for a in scene.azure.state()["roleAssignments"].values())
        if p["principalId"] in names
    )


async def foreign(scene: Scene, description: str = "", who: str = "who") -> str:
    """Have somebody give the role under a name of their own."""
    name = "99999999-0000-4000-8000-000000000000"
    arm_id = str(ids.role_assignment_id(scene.group_id(), name))
    role = str(ids.role_definition_id(scene.stranger.subscription_id, READER))
    properties = {"roleDefinitionId": role, "principalId": principal(scene, who)}
    more = {"principalType": "ServicePrincipal", "description": description}
    await scene.stranger.role_assignments.put(arm_id, {"properties": properties | more})
    return arm_id


async def test_a_role_is_given_under_its_own_name_with_the_owner_in_its_description(
    scene: Scene,
) -> None:
    condition = {"condition": "@Resource[x] StringEquals 'y'", "conditionVersion": "2.0"}
    scene.apply(an_assignment(scene, description="for reading", **condition))
    await scene.settle()
    assert scene.conditions(KIND, "it")["AccessGranted"] == GRANTED
    assert scene.writes() == [("PUT", path) for path in short(scene, id_of(scene))]
    (body,) = scene.bodies()
    role = f"{scene.subscription}/providers/Microsoft.Authorization/roleDefinitions/{READER}"
    assert body["properties"] == {
        "roleDefinitionId": role,
        "principalId": principal(scene),
        "principalType": "ServicePrincipal",
        "description": f"{OWNER}: for reading",
        **condition,
    }


async def test_a_settled_assignment_is_not_written_again_and_its_name_is_looked_up_once(
    scene: Scene,
) -> None:
    scene.apply(an_assignment(scene))
    await scene.settle()
    await scene.run_for(1900)
    looked = [path for _, path in scene.reads() if path.endswith("/roleDefinitions")]
    assert (len(scene.writes()), len(looked)) == (1, 1)


@pytest.mark.parametrize(
    "changed",
    [{"who": "other"}, {"roleName": "Contributor"}, {"scope": True}],
    ids=["principal", "role", "scope"],
)
async def test_a_change_gives_the_new_one_before_the_old_one_goes(
    scene: Scene, changed: dict[str, Any]
) -> None:
    scene.apply(an_assignment(scene))
    await scene.settle()
    scene.mark()
    where = scene.arm_id("other", IDENTITIES) if "scope" in changed else scene.group_id()
    role = CONTRIBUTOR if "roleName" in changed else READER
    scene.apply(an_assignment(scene, **{**changed, "scope": {"id": where}}))
    await scene.settle()
    new = id_of(scene, changed.get("who", "who"), role, where)
    put, delete = short(scene, new, id_of(scene))
    assert scene.writes() == [("PUT", put), ("DELETE", delete)]
    status = scene.status(KIND, "it")
    assert (status["assignmentId"], status.get("formerIds")) == (new, None)


async def test_another_description_is_written_in_place(scene: Scene) -> None:
    scene.apply(an_assignment(scene))
    await scene.settle()
    scene.mark()
    scene.apply(an_assignment(scene, description="new words"))
    await scene.settle()
    assert scene.writes() == [("PUT", path) for path in short(scene, id_of(scene))]
    assert given(scene) == [("who", READER, f"{OWNER}: new words")]


async def test_what_somebody_else_gave_is_refused_and_stays(scene: Scene) -> None:
    theirs = await foreign(scene, "by hand")
    scene.apply(an_assignment(scene))
    await scene.settle()
    assert scene.conditions(KIND, "it")["Stalled"] == ("True", "AlreadyExists")
    assert scene.message(KIND, "it") == (
        f"{theirs} gives this principal this role on this scope already and was not made by this "
        "operator; Azure takes no second one. Delete it, or take it over by "
        "spec.operator.adoptionPolicy: Adopt. It is left as it is. It differs from the spec in "
        "spec.description."
    )
    scene.delete(KIND, "it")
    await scene.settle()
    assert (scene.object(KIND, "it"), scene.writes()) == (None, [])


async def test_what_is_adopted_gets_our_mark_and_stays_when_the_object_goes(scene: Scene) -> None:
    theirs = await foreign(scene, "by hand")
    adopt = {"adoptionPolicy": "Adopt", "driftPolicy": "Report"}
    scene.apply(an_assignment(scene, description="by hand", operator=adopt))
    await scene.settle()
    assert scene.status(KIND, "it")["assignmentId"] == theirs
    assert given(scene) == [("who", READER, f"{OWNER}: by hand")]
    scene.delete(KIND, "it")
    await scene.settle()
    assert given(scene) == [("who", READER, f"{OWNER}: by hand")]


@pytest.mark.parametrize("mark", ["cluster-2/here/it", "cluster-1/there/it"])
async def test_another_owner_s_mark_is_refused_even_by_adopt(scene: Scene, mark: str) -> None:
    await foreign(scene, f"{mark}: words")
    scene.apply(an_assignment(scene, operator={"adoptionPolicy": "Adopt"}))
    await scene.settle()
    assert scene.conditions(KIND, "it")["Stalled"] == ("True", "AlreadyExists")
    assert given(scene) == [("who", READER, f"{mark}: words")]


async def test_one_that_is_made_in_the_same_moment_is_found(scene: Scene) -> None:
    exists = {"error": {"code": "RoleAssignmentExists", "message": "It already exists."}}
    fault = {"method": "PUT", "path": "roleAssignments", "status": 409, "body": exists}
    scene.azure.faults.next(**fault)
    scene.apply(an_assignment(scene))
    await scene.settle()
    assert scene.conditions(KIND, "it")["Ready"] == GRANTED
    assert [path for _, path in scene.writes()] == short(scene, id_of(scene)) * 2


async def test_two_objects_do_not_share_one_assignment(scene: Scene) -> None:
    scene.apply(an_assignment(scene))
    await scene.settle()
    scene.apply(an_assignment(scene, name="second"))
    await scene.settle()
    assert scene.conditions(KIND, "second")["Stalled"] == ("True", "AlreadyClaimed")
    scene.delete(KIND, "second")
    await scene.settle()
    assert given(scene) == [("who", READER, OWNER)]


async def test_a_deleted_object_takes_its_assignment_along(scene: Scene) -> None:
    scene.apply(an_assignment(scene))
    await scene.settle()
    scene.delete(KIND, "it")
    await scene.settle()
    assert (scene.object(KIND, "it"), given(scene)) == (None, [])


async def test_what_is_only_observed_is_found_under_any_name_and_never_written(
    scene: Scene,
) -> None:
    scene.apply(an_assignment(scene, operator={"managementPolicy": "ObserveOnly"}))
    await scene.settle()
    assert scene.conditions(KIND, "it")["Ready"] == ("False", "NotFound")
    await foreign(scene)
    await scene.run_for(700)
    assert scene.conditions(KIND, "it")["Ready"] == GRANTED
    assert scene.writes() == []


async def test_a_role_of_no_such_name_is_told_and_found_once_it_is_there(scene: Scene) -> None:
    scene.apply(an_assignment(scene, roleName="their own"))
    await scene.settle()
    assert scene.conditions(KIND, "it")["Stalled"] == ("True", "RoleNotFound")
    assert scene.message(KIND, "it") == (
        f"spec.roleName their own is no role that can be assigned at {scene.group_id()}. Correct "
        "the name, or make the role assignable there."
    )


async def test_a_role_by_its_guid_takes_no_look_up(scene: Scene) -> None:
    scene.apply(an_assignment(scene, roleName=None, roleDefinitionId=READER.upper()))
    await scene.settle()
    assert given(scene) == [("who", READER, OWNER)]
    assert [path for _, path in scene.reads() if path.endswith("/roleDefinitions")] == []


async def test_one_that_was_taken_away_is_given_again(scene: Scene) -> None:
    scene.apply(an_assignment(scene))
    await scene.settle()
    await scene.stranger.role_assignments.delete(id_of(scene))
    await scene.run_for(700)
    assert given(scene) == [("who", READER, OWNER)]


async def test_a_principal_that_is_gone_has_its_assignment_swept(scene: Scene) -> None:
    scene.apply(an_assignment(scene))
    await scene.settle()
    scene.mark()
    assignment = id_of(scene)
    await scene.stranger.identities.delete(scene.arm_id("who", IDENTITIES))
    await scene.run_for(700)
    assert scene.writes() == [("DELETE", path) for path in short(scene, assignment)]
    assert scene.conditions(KIND, "it")["Ready"] == ("False", "WaitingForReference")


async def test_the_sample_gives_the_group_its_role(scene: Scene) -> None:
    names = ("base/resource-group", "role-assignment/container-group")
    for name in (*names, "role-assignment/role-assignment"):
        scene.apply(*yaml.safe_load_all((SAMPLES / f"{name}.yaml").read_text()))
    await scene.settle()
    assert scene.unready() == {}
    status = scene.status(KIND, "mycontainer-scope-reads-my-rg")
    group = scene.status("ContainerGroup", "mycontainer-scope")
    assert status["principalId"] == group["identity"]["principalId"]
    assert status["scope"] == scene.group_id("myResourceGroup")


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({}, None),
        ({"roleName": "Key Vault Administrator"}, "RoleNotAllowed"),
        ({"roleName": "nobody's"}, "RoleNotAllowed"),
        ({"roleName": None, "roleDefinitionId": CONTRIBUTOR}, None),
        ({"roleName": None, "roleDefinitionId": OWNER_ROLE}, "RoleNotAllowed"),
        ({"scope": {"id": "/subscriptions/another"}}, "ScopeNotAllowed"),
    ],
    ids=["listed", "built-in", "custom", "by-guid", "other-guid", "scope"],
)
async def test_a_lent_account_gives_only_what_it_lists_and_azure_is_not_asked(
    scene: Scene, changed: dict[str, Any], reason: str | None
) -> None:
    lend(scene, allowedRoles=["Managed Identity Operator", "Contributor"])
    await scene.settle()
    scene.mark()
    account = {"accountRef": {"kind": "ClusterAzureAccount", "name": "lent"}}
    spec = {"roleName": "Managed Identity Operator", **account, **changed}
    scene.apply(an_assignment(scene, **spec))
    await scene.settle()
    ready = scene.conditions(KIND, "it")["Ready"]
    assert ready == (GRANTED if reason is None else ("False", reason))
    assert len(scene.writes()) == (reason is None)
    assert reason is None or scene.calls() == []


def lend(scene: Scene, **lists: list[str]) -> None:
    """Lend the scene's account to its own namespace, within the resource group."""
    (path,) = (path for path in scene.cluster.bodies if "/azureaccounts/" in path)
    own = scene.cluster.bodies[path]["spec"]
    lists = {"allowedNamespaces": ["here"], "allowedScopes": [scene.group_id()], **lists}
    scene.cluster.secret("account", {"value": "operator-secret"}, "aci-operator-system")
    scene.apply(manifest("ClusterAzureAccount", "lent", **own, **lists))


@pytest.mark.parametrize("lost", ["PUT", "DELETE"])
@pytest.mark.parametrize("restarted", [True, False])
async def test_a_lost_answer_in_the_middle_of_a_change_leaves_one_assignment(
    scene: Scene, lost: str, restarted: bool
) -> None:
    scene.apply(an_assignment(scene))
    await scene.settle()
    scene.azure.faults.next(method=lost, path="roleAssignments", lost=True)
    scene.apply(an_assignment(scene, who="other"))
    await scene.run_for(0.1)
    if restarted:
        await scene.restart_operator()
    await scene.settle()
    assert given(scene) == [("other", READER, OWNER)]
    assert scene.status(KIND, "it").get("formerIds") is None


async def test_a_role_that_is_asked_for_again_after_one_that_is_not_there_stays(
    scene: Scene,
) -> None:
    unknown = "99999999-1111-4000-8000-000000000000"
    scene.apply(an_assignment(scene))
    await scene.settle()
    scene.apply(an_assignment(scene, roleName=None, roleDefinitionId=unknown))
    await scene.settle()
    scene.mark()
    scene.apply(an_assignment(scene))
    await scene.run_for(2000)
    assert (scene.writes(), given(scene)) == ([], [("who", READER, OWNER)])
