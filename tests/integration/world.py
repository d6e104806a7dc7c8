"""A namespace of a real cluster, an Azure of its own, and the operator between them."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from azure_emulator.calls import Call, is_write
from azure_emulator.emulator import Emulator
from azure_emulator.settings import Settings
from control_plane import ControlPlane
from schemas import validate_call
from stage import Account, OperatorProcess, prepare_samples

SECRET = "canary-client-secret-7f3a"


def pace_of(poll: float, health: float) -> tuple[str, ...]:
    """Give the operator's options for these intervals, in seconds."""
    return ("--poll-interval", str(poll), "--health-interval", str(health))


SETTINGS = Settings(container_creation_seconds=0.3, container_update_seconds=0.3)
"""Of the emulated Azure."""

PACE = pace_of(poll=600, health=600)
"""So slow that only wake-ups move anything."""


ELECTION = (
    "--leader-elect",
    "--lease-duration=6",
    "--lease-renew-deadline=4",
    "--lease-retry-period=0.5",
    "--azure-write-timeout=4",
)
"""An election whose lease runs out after seconds."""


@dataclass
class World:
    """What an integration test works with."""

    plane: ControlPlane
    azure: Emulator
    operator: OperatorProcess
    namespace: str
    account: Account
    folder: Path
    kubeconfig: Path
    logs: list[Path] = field(default_factory=list)

    @property
    def group_id(self) -> str:
        """The ARM ID of the samples' resource group."""
        return f"/subscriptions/{self.account.subscription_id}/resourceGroups/myResourceGroup"

    def container_group_id(self, name: str) -> str:
        """Give the ARM ID of a container group in the samples' resource group."""
        return f"{self.group_id}/providers/Microsoft.ContainerInstance/containerGroups/{name}"

    async def kubectl(self, *arguments: str, stdin: str | None = None) -> str:
        """Run kubectl in the namespace; give its output."""
        done = await self.plane.kubectl_async("-n", self.namespace, *arguments, stdin=stdin)
        return str(done.stdout)

    async def apply(self, manifest: str) -> None:
        """Apply manifests."""
        await self.kubectl("apply", "-f", "-", stdin=manifest)

    async def apply_samples(self, *names: str) -> None:
        """Apply samples by folder name."""
        for name in names:
            await self.kubectl("apply", "-k", str(self.folder / name))

    async def get(self, target: str) -> dict[str, Any]:
        """Read one object, for example `containergroup/mycontainer`."""
        found: dict[str, Any] = json.loads(await self.kubectl("get", target, "-o", "json"))
        return found

    async def objects(self) -> list[dict[str, Any]]:
        """Read all objects of ours in the namespace."""
        items: list[dict[str, Any]] = json.loads(await self.kubectl("get", "aci", "-o", "json"))[
            "items"
        ]
        return items

    async def until_ready(self, *targets: str, seconds: int = 60) -> None:
        """Wait until these objects (or all of the namespace) are Ready."""
        wanted = list(targets) or [_name(item) for item in await self.objects()]
        await self.kubectl("wait", "--for=condition=Ready", f"--timeout={seconds}s", *wanted)

    async def until(self, target: str, condition: str, seconds: int = 60) -> dict[str, Any]:
        """Wait for `Type=Reason`, for example `Stalled=NoAccount`; give that condition."""
        type_, _, reason = condition.partition("=")
        path = f'{{.status.conditions[?(@.type=="{type_}")].reason}}'
        await self.kubectl(
            "wait", f"--for=jsonpath={path}={reason}", f"--timeout={seconds}s", target
        )
        return condition_of(await self.get(target), type_)

    async def delete_namespace(self, seconds: int = 60) -> None:
        """Delete the namespace with everything in it, and wait until it is gone."""
        await self.plane.kubectl_async(
            "delete", "namespace", self.namespace, f"--timeout={seconds}s"
        )

    def trust(self) -> ssl.SSLContext:
        """Trust the emulated Azure."""
        return ssl.create_default_context(cafile=str(self.account.ca_file))

    def kill_operator_after(self, write: int) -> asyncio.Event:
        """Kill the operator once Azure has done its `write`-th write from now (1: the next).

        The answer never arrives. The event is set then.
        """
        left = write
        killed = asyncio.Event()

        def watch(call: Call) -> None:
            nonlocal left
            if not is_write(call):
                return
            left -= 1
            if left == 0:
                self.operator.kill()
                killed.set()

        self.azure.calls.watchers.append(watch)
        return killed

    def writes(self) -> list[str]:
        """List what was written to Azure, without subscription, group and api-version."""
        return [shortened(call) for call in self.azure.calls.writes()]


def condition_of(item: dict[str, Any], type_: str) -> dict[str, Any]:
    """Give one condition of an object, empty if it is not there."""
    conditions = item.get("status", {}).get("conditions", [])
    return next((found for found in conditions if found["type"] == type_), {})


def shortened(call: Call) -> str:
    """Write a call as `PUT containerGroups/mycontainer`."""
    path = call.path.partition("?")[0]
    for provider in ("Microsoft.ContainerInstance", "Microsoft.KeyVault"):
        path = path.replace(f"/providers/{provider}", "")
    path = path.replace("/providers/Microsoft.ManagedIdentity", "")
    words = path.strip("/").split("/")
    if words[0] == "subscriptions":
        words = words[4:] or words[2:]
    return f"{call.method} {'/'.join(words)}"


def parts(call: Call) -> int:
    """Give how many grants a call carries; any other write counts once.

    Grants on one vault that happen to come together go in one call.
    """
    if "/accesspolicies/" not in call.path.lower():
        return 1
    return len(call.body["properties"]["accessPolicies"])


@asynccontextmanager
async def open_world(
    plane: ControlPlane,
    kubeconfig: Path,
    namespace: str,
    folder: Path,
    *,
    pace: Sequence[str] = PACE,
    public: bool = False,
    settings: Settings = SETTINGS,
) -> AsyncIterator[World]:
    """Set everything up; in the end everything is taken down, also after a failure.

    `public`: the account names no endpoints, and the operator's environment leads public Azure's
    to the emulator, as a company's proxy would.
    """
    async with Emulator(settings) as azure:
        account = replace(make_account(azure), public=public)
        made = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}
        await plane.kubectl_async("apply", "-f", "-", stdin=json.dumps(made))
        samples = prepare_samples(folder / "samples", account)
        operator = OperatorProcess(
            kubeconfig,
            folder / "operator.log",
            [*pace, "--log-level", "DEBUG"],
            _way_to(azure) if public else None,
        )
        world = World(plane, azure, operator, namespace, account, samples, kubeconfig)
        operator.start()
        try:
            yield world
        finally:
            azure.calls.watchers.clear()
            await _take_down(world)
        assert undeclared(azure) == []


def _way_to(azure: Emulator) -> dict[str, str]:
    return {
        "HTTPS_PROXY": azure.endpoints.proxy,
        "NO_PROXY": "",
        "no_proxy": "",
        "SSL_CERT_FILE": str(azure.endpoints.ca_file),
    }


def undeclared(azure: Emulator) -> list[str]:
    """List what the operator has sent that Azure's published schemas do not allow."""
    return [
        f"{shortened(call)}: {problem}"
        for call in azure.calls.list()
        if call.surface in ("arm", "vault")
        for problem in validate_call(call)
    ]


async def _take_down(world: World) -> None:
    """Delete what the test left, with an operator that has all rights in Azure.

    The objects go first and by themselves: Kubernetes begins with a deleted namespace's content
    only after five seconds.
    """
    azure = world.azure
    principal = azure.cloud.directory.find_application(world.account.client_id)
    assert principal is not None
    azure.assign_role(principal.oid, "Owner", _subscription(azure))
    world.operator.kill()
    world.operator.start()
    try:
        await world.kubectl("delete", "aci", "--all", "--timeout=60s")
        await world.kubectl(
            "delete", "namespace", world.namespace, "--ignore-not-found", "--wait=false"
        )
    finally:
        world.operator.kill()


def make_account(azure: Emulator) -> Account:
    """Register a service principal that may do what the samples need, and no more."""
    principal = azure.create_service_principal("aci-operator", secret=SECRET)
    for role in ("Contributor", "Role Based Access Control Administrator"):
        azure.assign_role(principal.oid, role, _subscription(azure))
    return Account(
        subscription_id=azure.settings.subscription_ids[0],
        tenant_id=azure.settings.tenant_id,
        client_id=principal.appid,
        client_secret=SECRET,
        resource_manager=azure.endpoints.resource_manager,
        active_directory=azure.endpoints.active_directory,
        ca_file=azure.endpoints.ca_file,
    )


def _subscription(azure: Emulator) -> str:
    return f"/subscriptions/{azure.settings.subscription_ids[0]}"


def _name(item: dict[str, Any]) -> str:
    return f"{item['kind'].lower()}/{item['metadata']['name']}"
