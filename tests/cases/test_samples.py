"""Every sample ends as it says, on the whole operator and the emulated Azure."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from in_process.scene import Scene, open_scene

SAMPLES = Path(__file__).parents[2] / "deploy" / "samples"
NOT_HERE = ("base", "lent-account", "workload-identity")
"""The base is part of the others; these accounts sign in as a machine and as a ServiceAccount."""
NAMES = sorted(path.name for path in SAMPLES.iterdir() if path.name not in NOT_HERE)
STOPPED = ("True", "Stopped")
NO_RIGHTS: dict[str, Any] = {
    "actions": [],
    "notActions": [],
    "dataActions": [],
    "notDataActions": [],
}
ROLES = tuple(
    {"name": name, "roleName": role, "roleType": "BuiltInRole", "permissions": [NO_RIGHTS]}
    for name, role in (
        ("11111111-0000-4000-8000-000000000001", "AcrPull"),
        ("11111111-0000-4000-8000-000000000002", "Storage Blob Data Reader"),
    )
)
"""Built-in roles that the emulated Azure lacks, under other GUIDs: their names alone count here."""
KNOBS = {"principal_delay": 5, "policy_delay": 5, "role_delay": 60, "exec_shell": True}


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_scene({**KNOBS, "custom_roles": ROLES}) as it:
        yield it


def documents(folder: Path) -> Iterator[dict[str, Any]]:
    """Give the objects of a sample, those of the base first."""
    for name in yaml.safe_load((folder / "Kustomization").read_text())["resources"]:
        if name.endswith(".yaml"):
            yield from yaml.safe_load_all((folder / name).read_text())
        else:
            yield from documents((folder / name).resolve())


def play(scene: Scene, sample: str) -> list[dict[str, Any]]:
    """Apply a sample on the scene's own account; give its objects of ours."""
    folder = SAMPLES / sample
    if "allowExec" in (folder / "Kustomization").read_text():
        account = scene.object("AzureAccount", "account")
        assert account is not None
        named = {key: account[key] for key in ("kind", "spec")} | {"metadata": {"name": "account"}}
        scene.apply({**named, "spec": {**account["spec"], "allowExec": True}})
    ours = []
    for body in documents(folder):
        if body["kind"] == "Secret":
            scene.secret(body["metadata"]["name"], **body["stringData"])
        elif body["kind"] != "AzureAccount":
            ours.append(body)
    scene.apply(*ours)
    return ours


@pytest.mark.parametrize("sample", NAMES)
async def test_a_sample_becomes_ready_and_is_then_still(scene: Scene, sample: str) -> None:
    ours = play(scene, sample)
    await scene.run_for(1300)
    assert scene.unready() == {}
    drift = [scene.status(b["kind"], b["metadata"]["name"]).get("drift") for b in ours]
    scene.mark()
    await scene.run_for(1300)
    changes = [call for call in scene.writes() if not call[1].endswith("/exec")]
    assert (set(drift), changes, scene.unready()) == ({None}, [], {})


async def test_the_stopped_one_is_stopped_and_runs_when_it_is_told_to(scene: Scene) -> None:
    ours = play(scene, "stopped")
    await scene.run_for(600)
    said = scene.conditions("ContainerGroup", "mycontainer-stopped")["Ready"]
    (group,) = [body for body in ours if body["kind"] == "ContainerGroup"]
    scene.mark()
    scene.apply({**group, "spec": {**group["spec"], "operator": {"powerState": "Running"}}})
    await scene.run_for(600)
    methods = [path.rpartition("/")[2] for _, path in scene.writes()]
    assert (said, methods, scene.unready()) == (STOPPED, ["start"], {})


async def test_the_one_that_may_be_replaced_is_and_its_grant_follows(scene: Scene) -> None:
    ours = play(scene, "replace")
    await scene.run_for(600)
    (group,) = [body for body in ours if body["kind"] == "ContainerGroup"]
    before = scene.status("ContainerGroup", "mycontainer-replace")["identity"]["principalId"]
    scene.apply({**group, "spec": {**group["spec"], "restartPolicy": "Never"}})
    await scene.run_for(900)
    after = scene.status("ContainerGroup", "mycontainer-replace")["identity"]["principalId"]
    grant = scene.status("KeyVaultAccess", "mycontainer-replace-reads-mykeyvault")
    assert (before != after, grant["principalId"], scene.unready()) == (True, after, {})


async def test_the_job_starts_when_its_probe_has_read_the_secret(scene: Scene) -> None:
    play(scene, "start-after-access")
    await scene.run_for(600)
    grant = scene.conditions("KeyVaultAccess", "myjob-reads-mykeyvault")["AccessEffective"]
    group = scene.conditions("ContainerGroup", "myjob")["AccessEffective"]
    assert (grant, group) == (("True", "Proved"), ("True", "AccessReady"))


async def test_the_injected_identity_is_the_one_that_has_the_access(scene: Scene) -> None:
    play(scene, "inject-identity")
    await scene.run_for(600)
    reader = scene.status("UserAssignedIdentity", "my-reader")
    (body,) = [b for b in scene.bodies() if "containers" in b.get("properties", {})]
    (told,) = body["properties"]["containers"][0]["properties"]["environmentVariables"]
    (policies,) = (
        vault["properties"]["accessPolicies"] for vault in scene.azure.state()["vaults"].values()
    )
    assert told == {"name": "AZURE_CLIENT_ID", "value": reader["clientId"]}
    assert reader["principalId"] in {policy["objectId"] for policy in policies}


async def test_the_image_is_pulled_by_identity_once_it_may_be(scene: Scene) -> None:
    play(scene, "pull-by-identity")
    await scene.run_for(300)
    early = [path for _, path in scene.writes() if "containerGroups" in path]
    await scene.run_for(600)
    (body,) = [b for b in scene.bodies() if "containers" in b.get("properties", {})]
    puller = scene.status("UserAssignedIdentity", "my-puller")["id"]
    sent = body["properties"]["imageRegistryCredentials"]
    assert (early, sent) == ([], [{"server": "myregistry.azurecr.io", "identity": puller}])
