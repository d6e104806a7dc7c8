"""Container groups without a cluster: the real rooms, an API server in memory, the emulator.

Time stands still until a test moves it, and each pass is run by the test: so it can count every
call, end the operator at any point, and start another one that knows only what is stored.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from aci_operator.api.objects import Key, Object
from aci_operator.azure.account import AccountSettings
from aci_operator.azure.budgets import Budgets
from aci_operator.azure.fence import Fence
from aci_operator.azure.session import Session
from aci_operator.engine.store import Store
from aci_operator.engine.sweeps import Sweeps
from aci_operator.engine.workers import Outcome
from aci_operator.kube import paths
from aci_operator.kube.events import Recorder
from aci_operator.reconcile.reconciler import Reconciler
from aci_operator.reconcile.sessions import Sessions
from aci_operator.reconcile.world import World
from aci_operator.rules import ROOMS, references_of
from azure_emulator.clock import Clock as AzureClock
from azure_emulator.containers.provider import ContainerGroups
from azure_emulator.emulator import Emulator
from integration.azure.bodies import vault_body
from pass_builders import CLUSTER, HASH_KEY, ApiServer, a_ready, an_object, body_of
from shared_clock import SharedClock

GROUP_ID = "/subscriptions/{}/resourceGroups/demo"
LONG = 20.0
"""Seconds; a pass that is due later than that is one of something settled or stalled."""
ACCOUNT = an_object(
    "AzureAccount",
    "account",
    spec={
        "subscriptionId": "s",
        "tenantId": "t",
        "credential": {
            "servicePrincipal": {
                "clientId": "c",
                "clientSecretFrom": {"secretKeyRef": {"name": "account", "key": "secret"}},
            }
        },
    },
    status={"observedGeneration": 1, "conditions": [a_ready()]},
)


class Ended(BaseException):
    """The operator ended here: nothing catches it."""


@dataclass
class Blade:
    """Ends the operator at its n-th step: before a write to Azure, before and after one of ours.

    What lies between two of these leaves no trace, so these are all the ends that there are.
    """

    at: int = 0
    steps: int = 0

    def __call__(self) -> None:
        """Count a step."""
        self.steps += 1
        if self.steps == self.at:
            raise Ended


class Cut(ApiServer):
    """An API server whose writes may be the operator's last."""

    blade: Blade

    async def patch(self, path: str, *parts: Any, **more: Any) -> dict[str, Any]:
        """Do as told, and count both sides of it."""
        self.blade()
        answer = await super().patch(path, *parts, **more)
        self.blade()
        return answer


@dataclass
class Stage:
    """One operator over one namespace and one Azure."""

    azure: Emulator
    server: Cut
    settings: AccountSettings
    blade: Blade = field(default_factory=Blade)
    refused_updates: int = 0
    woken: list[Key] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server.blade = self.blade
        self.clock = SharedClock(self.azure.clock)
        self._start()

    async def restart(self) -> None:
        """Have another operator go on, which knows only what is stored; nothing ends it."""
        self.blade.at = 0
        await self.world.recorder.close()
        self._start()

    def _start(self) -> None:
        store = Store(references_of)

        def learn(object_: Object) -> None:
            store.put(object_)

        def lose(key: Key, uid: str) -> None:
            store.remove(key, uid)

        for body in self.server.bodies.values():
            if body["kind"] in ROOMS:
                store.put(Object.parse(body))
        self.world = World(
            kube=self.server,
            store=store,
            sessions=Sessions(self.server, self._open),
            sweeps=Sweeps(self.clock),
            recorder=Recorder(self.server),
            clock=self.clock,
            learn=learn,
            lose=lose,
            wake=self.woken.append,
            cluster_id=CLUSTER,
            hash_key=HASH_KEY,
            random=Random(7),
            count_refused_update=self._count,
        )
        self.world.recorder.start()
        self.reconciler = Reconciler(self.world, ROOMS)

    async def _open(self, _: AccountSettings) -> Session:
        budgets = Budgets(self.clock.monotonic)
        session = await Session.open(
            self.settings, budgets=budgets, fence=Fence(stopped=self._about_to_write)
        )
        self.sessions.append(session)
        return session

    def _about_to_write(self) -> str:
        self.blade()
        return ""

    def _count(self) -> None:
        self.refused_updates += 1

    def add(self, object_: Object) -> None:
        """Somebody applies an object."""
        self.server.bodies[paths.of_object(object_.key)] = body_of(object_)
        self.world.store.put(object_)

    def edit(self, name: str = "it", **spec: Any) -> None:
        """Somebody edits a group's spec: a new generation; None takes a field out."""
        body = self.body(name)
        merged = {**body["spec"], **spec}
        body["spec"] = {field: value for field, value in merged.items() if value is not None}
        body["metadata"]["generation"] += 1
        self._changed(name)

    def annotate(self, name: str = "it", **annotations: str) -> None:
        """Somebody annotates a group; names get our prefix, `_` is read as `-`."""
        named = {f"aci-operator.io/{k.replace('_', '-')}": v for k, v in annotations.items()}
        self.body(name)["metadata"].setdefault("annotations", {}).update(named)
        self._changed(name)

    def delete(self, name: str = "it") -> None:
        """Somebody deletes a group."""
        stamp = self.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        self.body(name)["metadata"]["deletionTimestamp"] = stamp
        self._changed(name)

    def _changed(self, name: str) -> None:
        path = paths.of_object(key(name))
        self.server.edit(path)
        self.world.store.put(Object.parse(self.server.bodies[path]))

    def body(self, name: str = "it") -> dict[str, Any]:
        """Give a group as the API server has it."""
        return self.server.bodies[paths.of_object(key(name))]

    def status(self, name: str = "it") -> dict[str, Any]:
        """Give a group's status."""
        found: dict[str, Any] = self.body(name)["status"]
        return found

    def said(self, type_: str = "Ready", name: str = "it") -> tuple[str, str]:
        """Give status and reason of a condition; two empty texts for one that is not there."""
        listed = self.status(name).get("conditions") or ()
        found: dict[str, Any] = next((c for c in listed if c["type"] == type_), {})
        return (found.get("status", ""), found.get("reason", ""))

    async def look(self, at: str | Key = "it") -> Outcome:
        """Run one pass over a group, by its name, or over what has that key."""
        return await self.reconciler(key(at) if isinstance(at, str) else at)

    async def settle(self, at: str | Key = "it", limit: int = 90) -> Outcome:
        """Run passes at their times until the next one is not due soon."""
        for _ in range(limit):
            outcome = await self.look(at)
            if outcome.after is None or outcome.after > LONG:
                return outcome
            self.azure.clock.advance(outcome.after)
        raise AssertionError(f"{at} has not settled after {limit} passes")

    async def view(self, name: str = "it") -> None:
        """Let a minute pass, so that a view is due, and settle."""
        self.azure.clock.advance(70)
        await self.settle(name)

    async def events(self) -> list[str]:
        """Give the reasons of all events so far."""
        await self.world.recorder.close()
        self.world.recorder.start()
        return [reason for _, reason, _ in self.server.events]

    def take_writes(self) -> list[str]:
        """Give the writes to Azure since the last time, as method and what comes last."""
        calls = [call for call in self.azure.calls.writes() if call.surface == "arm"]
        self.azure.calls.forget()
        return [f"{call.method} {call.path.split('?')[0].rsplit('/', 1)[1]}" for call in calls]

    @property
    def groups(self) -> ContainerGroups:
        """The provider of groups inside the emulated Azure."""
        groups = self.azure.cloud.container_groups
        assert isinstance(groups, ContainerGroups)
        return groups

    def azure_group(self, name: str = "it") -> Any:
        """Give the group inside the emulated Azure; None if there is none."""
        return self.groups._store.find(self.arm_id(name))

    def drift(self, name: str = "it", **properties: Any) -> None:
        """Have somebody change a group in Azure, without a restart."""
        group = self.azure_group(name)
        group.sent = {**group.sent, **properties}
        group.safe = {**group.safe, **properties}
        group.changed()

    def arm_id(self, name: str = "it") -> str:
        """Give a group's ARM ID."""
        group = GROUP_ID.format(self.settings.subscription_id)
        return f"{group}/providers/Microsoft.ContainerInstance/containerGroups/{name}"

    def identity_id(self, name: str) -> str:
        """Give the ARM ID of a user-assigned identity."""
        group = GROUP_ID.format(self.settings.subscription_id)
        return f"{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"

    async def make_identity(self, name: str) -> None:
        """Have a user-assigned identity in Azure."""
        session = await Session.open(self.settings)
        await session.identities.put(self.identity_id(name), {"location": "eastus"})
        await session.close()
        self.azure.calls.forget()

    async def make_vault(self, name: str) -> str:
        """Have a vault with access policies in Azure; give its ARM ID."""
        session = await Session.open(self.settings)
        group = GROUP_ID.format(self.settings.subscription_id)
        arm_id = f"{group}/providers/Microsoft.KeyVault/vaults/{name}"
        await session.vaults.create(arm_id, vault_body(session, []))
        await session.close()
        self.azure.calls.forget()
        return arm_id

    async def granted(self, vault: str) -> dict[str, list[str]]:
        """Give who may do what with a vault's secrets."""
        session = await Session.open(self.settings)
        properties = (await session.vaults.get(vault))["properties"]
        await session.close()
        policies = properties["accessPolicies"]
        return {one["objectId"]: one["permissions"]["secrets"] for one in policies}


def key(name: str) -> Key:
    """Give the key of a group of the stage."""
    return Key("ContainerGroup", "here", name)


def a_group(subscription: str, name: str = "it", /, **spec: Any) -> Object:
    """Give a group that nobody has looked at yet; None leaves a field out."""
    requests = {"cpu": 1, "memoryInGB": 1.5}
    app = {"name": "app", "image": "alpine:3", "resources": {"requests": requests}}
    group = {"id": GROUP_ID.format(subscription)}
    asked = {field: value for field, value in spec.items() if value is not None}
    whole = {"resourceGroupRef": group, "osType": "Linux", "containers": [app], **asked}
    return an_object("ContainerGroup", name, spec=whole, finalizers=())


SECRET = {
    "kind": "Secret",
    "metadata": {"name": "account", "namespace": "here", "uid": "u", "resourceVersion": "1"},
    "data": {"secret": "c2VjcmV0"},
}


@asynccontextmanager
async def a_stage() -> AsyncIterator[Stage]:
    """Give an operator with an account, and an Azure with the resource group `demo`."""
    async with Emulator(clock=AzureClock(frozen_at=time.time())) as azure:
        azure.settings.token_seconds = timedelta(days=30).total_seconds()
        principal = azure.create_service_principal("operator", secret="secret")
        subscription = azure.settings.subscription_ids[0]
        azure.assign_role(principal.oid, "Owner", f"/subscriptions/{subscription}")
        settings = AccountSettings(
            subscription_id=subscription,
            tenant_id=azure.settings.tenant_id,
            client_id=principal.appid,
            client_secret="secret",
            resource_manager=azure.endpoints.resource_manager,
            active_directory=azure.endpoints.active_directory,
            resource_manager_audience="https://management.azure.com",
            ca_bundle=azure.endpoints.ca_file.read_text(),
            custom=True,
        )
        server = Cut(ACCOUNT)
        server.bodies["/api/v1/namespaces/here/secrets/account"] = SECRET
        stage = Stage(azure, server, settings)
        session = await Session.open(settings)
        await session.resource_groups.put(GROUP_ID.format(subscription), {"location": "eastus"})
        await session.close()
        azure.calls.forget()
        try:
            yield stage
        finally:
            await stage.world.recorder.close()
            for session in stage.sessions:
                await session.close()
