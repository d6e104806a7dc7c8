"""`aci-operator logs` and `exec` as a person runs them, by the object's name."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from aci_operator.azure import ids
from aci_operator.azure.account import AccountSettings
from aci_operator.azure.ids import ArmId
from aci_operator.azure.session import Session
from azure_emulator.containers.reads import LOG_LINE
from azure_emulator.emulator import Emulator
from azure_emulator.entra.directory import Principal
from control_plane import ControlPlane
from integration.azure.bodies import group_body
from integration.command_line import Done, aci_operator

CRDS = Path(__file__).parents[3] / "crds"
SECRET = "canary-of-a-person"
NAMESPACE = "of-a-person"
REQUESTS = {"cpu": 1, "memoryInGB": 1.5}
MAIN = {"name": "main", "image": "alpine", "resources": {"requests": REQUESTS}}
OBJECT = {
    "apiVersion": "aci-operator.io/v1alpha1",
    "kind": "ContainerGroup",
    "metadata": {"name": "web", "namespace": NAMESPACE},
    "spec": {"resourceGroupRef": {"name": "rg"}, "osType": "Linux", "containers": [MAIN]},
}
Command = Callable[..., Awaitable[Done]]


@pytest.fixture
async def web(
    session: Session, group: ArmId, azure: Emulator, control_plane: ControlPlane
) -> AsyncIterator[str]:
    """An object, and the group that runs in Azure for it."""
    id = str(ids.container_group_id(group, "of-another-name"))
    await session.container_groups.put(id, group_body())
    azure.clock.advance(60)
    kubectl = control_plane.run_kubectl
    kubectl("apply", "--server-side", "--force-conflicts", "-k", str(CRDS))
    kubectl("wait", "--for=condition=Established", "crd", "--all")
    kubectl("create", "namespace", NAMESPACE)
    kubectl("apply", "-f", "-", stdin=json.dumps(OBJECT))
    status = ("--subresource=status", "--type=merge", "-p", json.dumps({"status": {"id": id}}))
    kubectl("-n", NAMESPACE, "patch", "containergroup", "web", *status)
    yield id
    kubectl("delete", "namespace", NAMESPACE, "--wait=false")


@pytest.fixture
def person(azure: Emulator) -> Principal:
    """Somebody without any right in Azure."""
    return azure.create_service_principal("person", secret=SECRET)


@pytest.fixture
def command(settings: AccountSettings, control_plane: ControlPlane, person: Principal) -> Command:
    """Run a command as that person, with whom azure-identity finds."""
    signed_in = {
        "AZURE_TENANT_ID": settings.tenant_id,
        "AZURE_CLIENT_ID": person.appid,
        "AZURE_CLIENT_SECRET": SECRET,
    }

    async def run(name: str, tmp_path: Path, *arguments: str) -> Done:
        bundle = tmp_path / "ca.pem"
        bundle.write_text(settings.ca_bundle or "")
        arm, entra = settings.resource_manager, settings.active_directory
        where = ("--resource-manager", arm, "--active-directory", entra, "--ca-bundle", str(bundle))
        options = (name, "-n", NAMESPACE, *where, *arguments)
        return await aci_operator(control_plane.kubeconfig, *options, environment=signed_in)

    return run


async def test_a_person_reads_and_runs_by_the_objects_name_with_their_own_rights(
    command: Command, web: str, azure: Emulator, person: Principal, tmp_path: Path
) -> None:
    refused = await command("logs", tmp_path, "web")
    last = refused.error.splitlines()[-1]
    action = "Microsoft.ContainerInstance/containerGroups/containers/logs/read"
    assert (refused.code, last) == (1, f"Your own sign-in needs a role with {action}.")

    azure.assign_role(person.oid, "Contributor", web)
    assert await command("logs", tmp_path, "web", "--tail", "5") == (0, [LOG_LINE.strip()], "")
    said = await command("exec", tmp_path, "web", "--", "echo", "a  b")
    assert said == (0, ["# echo 'a  b'", "a  b", "# exit"], "")
    absent = await command("logs", tmp_path, "other")
    way = f"see kubectl get containergroups -n {NAMESPACE}, or name another namespace with -n"
    told = f"Error: ContainerGroup {NAMESPACE}/other is not there: {way}\n"
    assert absent == (1, [], told)
