from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aci_operator.api.objects import Key
from aci_operator.kube import objects
from aci_operator.kube.client import Kube
from aci_operator.kube.errors import Denied, Unreachable
from control_plane import ControlPlane
from integration.kube.moody_front import moody_front


async def test_an_object_that_is_not_there_is_none(kube: Kube, namespace: Any) -> None:
    assert await objects.read(kube, Key("ResourceGroup", namespace.name, "none")) is None


async def test_a_list_has_the_objects_of_all_chunks(
    kube: Kube, namespace: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = {namespace.resource_group(f"rg-{number}") for number in range(5)}
    monkeypatch.setattr(objects, "CHUNK", 2)
    listed = await objects.list_all(kube, "ResourceGroup")
    assert {obj.key for obj in listed if obj.key.namespace == namespace.name} == keys


async def test_a_list_whose_version_was_compacted_between_chunks_starts_anew(
    namespace: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if not namespace.plane.processes:
        pytest.skip("the storage of a cluster that was there already is left alone")
    keys = {namespace.resource_group(f"rg-{number}") for number in range(5)}
    monkeypatch.setattr(objects, "CHUNK", 2)
    async with moody_front(namespace.plane, tmp_path) as front:
        kube = await Kube.open(front.kubeconfig)
        front.forgets = 1
        listed = await objects.list_all(kube, "ResourceGroup", namespace.name)
        await kube.close()
    assert ({obj.key for obj in listed}, front.count["410"]) == (keys, 1)


async def test_a_listed_object_equals_the_one_that_is_read(kube: Kube, namespace: Any) -> None:
    key = namespace.resource_group("rg")
    listed = await objects.list_all(kube, "ResourceGroup")
    assert [obj for obj in listed if obj.key == key] == [await objects.read(kube, key)]


async def test_a_missing_right_is_named(control_plane: ControlPlane, crds: None) -> None:
    kube = await Kube.open(control_plane.kubeconfig_for("nobody-special"))
    with pytest.raises(Denied, match='"nobody-special" cannot list resource "resourcegroups"'):
        await objects.list_all(kube, "ResourceGroup")
    await kube.close()


async def test_a_service_account_is_known_by_its_token(
    control_plane: ControlPlane, namespace: Any
) -> None:
    kubeconfig = control_plane.kubeconfig_for_service_account(namespace.name, "default")
    kube = await Kube.open(kubeconfig)
    name = f"system:serviceaccount:{namespace.name}:default"
    with pytest.raises(Denied, match=name):
        await objects.list_all(kube, "ResourceGroup")
    await kube.close()


async def test_a_server_that_is_not_there_is_unreachable(
    control_plane: ControlPlane, tmp_path: Path
) -> None:
    kubeconfig = tmp_path / "kubeconfig"
    text = control_plane.kubeconfig.read_text()
    kubeconfig.write_text(text.replace(control_plane.url, "https://127.0.0.1:1"))
    kube = await Kube.open(kubeconfig)
    with pytest.raises(Unreachable):
        await objects.list_all(kube, "ResourceGroup")
    await kube.close()


async def test_a_kubeconfig_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    with pytest.raises(Unreachable):
        await Kube.open(tmp_path / "none")
