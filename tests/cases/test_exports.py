"""Values of status in a ConfigMap of the object's own (`spec.operator.configMap`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from aci_operator.kube import paths
from aci_operator.kube.errors import Denied
from aci_operator.reconcile.exports import values
from in_process.cluster import Cluster
from in_process.scene import Scene, a_group, manifest, open_scene

KIND = "UserAssignedIdentity"
CLIENT_ID = {"AZURE_CLIENT_ID": "status.clientId"}


def an_identity(scene: Scene, **wanted: Any) -> dict[str, Any]:
    operator = {"operator": {"configMap": wanted}} if wanted else {}
    group = {"resourceGroupRef": {"id": scene.group_id("rg1")}}
    return manifest(KIND, "reader", **group, **operator)


def config_map(scene: Scene, name: str = "ids") -> dict[str, Any] | None:
    return scene.cluster.bodies.get(paths.of_config_map("here", name))


def data(scene: Scene, name: str = "ids") -> dict[str, str] | None:
    found = config_map(scene, name)
    return None if found is None else dict(found["data"])


def exported(scene: Scene) -> tuple[str, str] | None:
    return scene.conditions(KIND, "reader").get("Exported")


async def test_an_identity_s_values_stand_in_its_config_map() -> None:
    async with open_scene() as scene:
        scene.apply(an_identity(scene, name="ids", data=CLIENT_ID))
        await scene.settle()
        status = scene.status(KIND, "reader")
        assert data(scene) == {"AZURE_CLIENT_ID": status["clientId"]}
        assert (exported(scene), status["configMapName"]) == (("True", "Exported"), "ids")


async def test_the_config_map_goes_with_its_object_and_has_no_label_of_it() -> None:
    async with open_scene() as scene:
        body = an_identity(scene, name="ids", data=CLIENT_ID)
        body["metadata"]["labels"] = {"app.kubernetes.io/instance": "argo"}
        scene.apply(body)
        await scene.settle()
        found = config_map(scene)
        assert found is not None
        uid = scene.cluster.bodies[f"{paths.of_kind(KIND, 'here')}/reader"]["metadata"]["uid"]
        assert found["metadata"]["labels"] == {"app.kubernetes.io/managed-by": "aci-operator"}
        assert found["metadata"]["ownerReferences"] == [
            {
                "apiVersion": "aci-operator.io/v1alpha1",
                "kind": KIND,
                "name": "reader",
                "uid": uid,
                "controller": True,
            }
        ]


async def test_a_group_s_principal_follows_when_the_group_is_made_anew() -> None:
    place = {"PRINCIPAL": "status.identity.principalId"}
    wanted = {"configMap": {"name": "ids", "data": place}}
    async with open_scene() as scene:
        scene.apply(a_group(identity={"type": "SystemAssigned"}, operator=wanted))
        await scene.settle()
        before = data(scene)
        await scene.stranger.container_groups.delete(scene.arm_id("it"))
        await scene.run_for(1300)
        principal = scene.status("ContainerGroup", "it")["identity"]["principalId"]
        assert data(scene) == {"PRINCIPAL": principal}
        assert data(scene) != before


async def test_what_somebody_edits_is_put_right_at_the_next_look() -> None:
    async with open_scene() as scene:
        scene.apply(an_identity(scene, name="ids", data=CLIENT_ID))
        await scene.settle()
        whole = data(scene)
        scene.cluster.edit(paths.of_config_map("here", "ids"), data={"other": "x"})
        await scene.run_for(700)
        assert data(scene) == whole


@pytest.mark.parametrize(
    ("wanted", "left"), [({}, None), ({"name": "others", "data": CLIENT_ID}, "others")]
)
async def test_the_former_one_goes_with_the_field_or_its_name(
    wanted: dict[str, Any], left: str | None
) -> None:
    async with open_scene() as scene:
        scene.apply(an_identity(scene, name="ids", data=CLIENT_ID))
        await scene.settle()
        scene.apply(an_identity(scene, **wanted))
        await scene.settle()
        assert data(scene) is None
        assert scene.status(KIND, "reader").get("configMapName") == left
        assert exported(scene) == (("True", "Exported") if left else None)


async def test_one_of_somebody_else_is_left_alone_and_told_of_once() -> None:
    async with open_scene() as scene:
        theirs = {"kind": "ConfigMap", "metadata": {"name": "ids"}, "data": {"theirs": "x"}}
        await scene.cluster.post(paths.of_config_maps("here"), theirs)
        scene.apply(an_identity(scene, name="ids", data=CLIENT_ID))
        await scene.run_for(300)
        told = [event[:2] for event in scene.events if event[1] == "ConfigMapTaken"]
        assert (data(scene), told) == ({"theirs": "x"}, [("Warning", "ConfigMapTaken")])
        assert exported(scene) == ("False", "ConfigMapTaken")
        assert scene.conditions(KIND, "reader")["Ready"] == ("True", "Available")


async def test_a_place_that_status_does_not_have_is_named() -> None:
    async with open_scene() as scene:
        scene.apply(an_identity(scene, name="ids", data={**CLIENT_ID, "B": "status.nothing[3]"}))
        await scene.settle()
        told = scene.message(KIND, "reader", "Exported")
        assert sorted(data(scene) or ()) == ["AZURE_CLIENT_ID"]
        assert exported(scene) == ("False", "WaitingForValues")
        assert told == "Status does not have this yet: B (status.nothing[3])."


async def test_without_the_right_the_object_is_ready_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def denied(_: Cluster, path: str, query: Mapping[str, str] | None = None) -> Any:
        if "/configmaps/" in path:
            raise Denied("configmaps is forbidden.", status=403)
        return await get(_, path, query)

    get = Cluster.get
    async with open_scene() as scene:
        monkeypatch.setattr(Cluster, "get", denied)
        scene.apply(an_identity(scene, name="ids", data=CLIENT_ID))
        await scene.settle()
        assert exported(scene) == ("False", "ConfigMapForbidden")
        assert scene.conditions(KIND, "reader")["Ready"] == ("True", "Available")
        assert scene.message(KIND, "reader", "Exported") == (
            "configmaps is forbidden. Give the operator the right: "
            "kubectl apply -k deploy/kustomize/exports."
        )


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("status.a", "text"),
        ("status.b.c", "1"),
        ("status.d[1]", "y"),
        ("status.d", '["x", "y"]'),
        ("status.e[0].f", "true"),
        ("status.d[2]", None),
        ("status.a.b", None),
        ("status.a[0]", None),
    ],
)
def test_a_place_gives_a_text_or_json(place: str, found: str | None) -> None:
    status = {"a": "text", "b": {"c": 1}, "d": ["x", "y"], "e": [{"f": True}]}
    assert values({"key": place}, status) == ({} if found is None else {"key": found})
