"""What stands around the operator, and what it left there: Azure, the cluster, the calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from aci_operator.azure.session import Session
from aci_operator.kube import paths
from azure_emulator.calls import Call, is_write
from azure_emulator.containers.group import Group
from azure_emulator.containers.provider import ContainerGroups
from azure_emulator.emulator import Emulator
from in_process.cluster import Cluster, JsonObject, key_of
from integration.azure.bodies import vault_body

GROUP = "ContainerGroup"
GROUPS = "Microsoft.ContainerInstance/containerGroups"
IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities"
VAULTS = "Microsoft.KeyVault/vaults"


@dataclass
class Stage:
    """An Azure with the resource group `rg1`, a cluster, and somebody else who acts in both."""

    azure: Emulator
    cluster: Cluster
    stranger: Session
    """Somebody else in the same subscription, who owns it."""
    stranger_id: str
    """The object ID of that principal."""
    operator_id: str
    """The object ID of the operator's principal."""
    _marked: int = field(default=0, kw_only=True)

    # What Azure and others do.

    async def resource_group(self, name: str, location: str = "eastus") -> str:
        """Have somebody make a resource group in Azure; give its ARM ID."""
        await self.stranger.resource_groups.put(self.group_id(name), {"location": location})
        return self.group_id(name)

    async def identity(self, name: str) -> str:
        """Have somebody make a user-assigned identity in `rg1`; give its ARM ID."""
        await self.stranger.identities.put(self.arm_id(name, IDENTITIES), {"location": "eastus"})
        return self.arm_id(name, IDENTITIES)

    async def vault(self, name: str, *, rbac: bool = False, **properties: Any) -> str:
        """Have somebody make a vault in `rg1`; give its ARM ID."""
        body = vault_body(self.stranger, [])
        body["properties"] |= {"enableRbacAuthorization": rbac, **properties}
        await self.stranger.vaults.create(self.arm_id(name, VAULTS), body)
        return self.arm_id(name, VAULTS)

    async def granted(self, vault: str) -> dict[str, list[str]]:
        """Give who may do what with a vault's secrets by its access policies."""
        policies = (await self.stranger.vaults.get(vault))["properties"]["accessPolicies"]
        return {one["objectId"]: one["permissions"]["secrets"] for one in policies}

    def leave_operator(self, role: str, scope: str) -> None:
        """Have an administrator take every role from the operator but this one."""
        assignments = self.azure.cloud.authorization.assignments
        for assignment in list(assignments.of(self.operator_id)):
            assignments.remove(assignment.name)
        self.azure.assign_role(self.operator_id, role, scope)

    @property
    def groups(self) -> ContainerGroups:
        """The provider of container groups: what tests tell of images and ask of groups."""
        found = self.azure.cloud.container_groups
        assert isinstance(found, ContainerGroups)
        return found

    def azure_group(self, name: str = "it") -> Group | None:
        """Give a group as it is inside the emulated Azure; None if there is none."""
        return self.groups._store.find(self.arm_id(name))

    def living(self, name: str = "it") -> Group:
        """Give a group that must be there."""
        group = self.azure_group(name)
        assert group is not None, f"{name} is not in Azure"
        return group

    def drift(self, name: str = "it", **properties: Any) -> None:
        """Have somebody change properties of a group in Azure, without a restart."""
        group = self.living(name)
        group.sent = {**group.sent, **properties}
        group.safe = {**group.safe, **properties}
        group.changed()

    # Names.

    @property
    def subscription(self) -> str:
        """The subscription's ARM ID."""
        return f"/subscriptions/{self.azure.settings.subscription_ids[0]}"

    def group_id(self, name: str = "rg1") -> str:
        """Give a resource group's ARM ID."""
        return f"{self.subscription}/resourceGroups/{name}"

    def arm_id(self, name: str = "it", type_: str = GROUPS) -> str:
        """Give the ARM ID of a resource in `rg1`."""
        return f"{self.group_id()}/providers/{type_}/{name}"

    def path(self, name: str = "it", type_: str = GROUPS) -> str:
        """Give the same as `calls` shows it, from the resource group on."""
        return self.arm_id(name, type_).removeprefix(self.subscription)

    # What came of it.

    def object(self, kind: str = GROUP, name: str = "it") -> JsonObject | None:
        """Give an object as the API server has it; None if it is gone."""
        return self.cluster.bodies.get(paths.of_object(key_of(kind, name)))

    def body(self, kind: str = GROUP, name: str = "it") -> JsonObject:
        """Give an object that must be there."""
        found = self.object(kind, name)
        assert found is not None, f"{kind} {name} is gone"
        return found

    def status(self, kind: str = GROUP, name: str = "it") -> JsonObject:
        """Give an object's status."""
        status: JsonObject = self.body(kind, name)["status"]
        return status

    def conditions(self, kind: str = GROUP, name: str = "it") -> dict[str, tuple[str, str]]:
        """Give type -> (status, reason)."""
        listed = self.status(kind, name).get("conditions") or ()
        return {each["type"]: (each["status"], each["reason"]) for each in listed}

    def said(self, type_: str = "Ready", kind: str = GROUP, name: str = "it") -> tuple[str, str]:
        """Give status and reason of a condition; two empty texts for one that is not there."""
        return self.conditions(kind, name).get(type_, ("", ""))

    def message(self, kind: str = GROUP, name: str = "it", type_: str = "Ready") -> str:
        """Give a condition's words."""
        listed = self.status(kind, name).get("conditions") or ()
        return next(str(each["message"]) for each in listed if each["type"] == type_)

    def unready(self) -> dict[str, tuple[str, str]]:
        """Give Ready of every object that is not."""
        objects = [body for body in self.cluster.bodies.values() if "status" in body]
        named = ((body["kind"], body["metadata"]["name"]) for body in objects)
        said = {"/".join(n): self.conditions(*n).get("Ready", ("", "")) for n in named}
        return {name: ready for name, ready in said.items() if ready[0] != "True"}

    @property
    def events(self) -> list[tuple[str, str, str]]:
        """All events so far: type, reason, note; repetitions of one note are one."""
        return list(self.cluster.events)

    def told(self, reason: str) -> list[str]:
        """Give the notes of the events of one reason."""
        return [note for _, word, note in self.cluster.events if word == reason]

    def mark(self) -> None:
        """Have `calls` and its kin begin here."""
        self._marked = self.azure.calls.total

    def sent(self) -> list[Call]:
        """Give the operator's calls of ARM and vaults since the mark, with their bodies."""
        fresh = self.azure.calls.total - self._marked
        recent = list(self.azure.calls.list())[-fresh:] if fresh else []
        return [call for call in recent if self._operators(call)]

    def calls(self) -> list[tuple[str, str]]:
        """Give method and path of each of those, without subscription and query."""
        return [(call.method, self._short(call.path)) for call in self.sent()]

    def writes(self) -> list[tuple[str, str]]:
        """Give those that may change something."""
        return [call for call in self.calls() if call[0] != "GET"]

    def take_writes(self) -> list[str]:
        """Give the writes to ARM since the mark, as method and last name, and set the mark."""
        calls = [call for call in self.sent() if call.surface == "arm" and is_write(call)]
        self.mark()
        return [f"{call.method} {call.path.split('?')[0].rsplit('/', 1)[1]}" for call in calls]

    def reads(self) -> list[tuple[str, str]]:
        """Give the others."""
        return [call for call in self.calls() if call[0] == "GET"]

    def bodies(self, method: str = "PUT") -> list[Any]:
        """Give the bodies of the calls of one method."""
        return [call.body for call in self.sent() if call.method == method]

    def _operators(self, call: Call) -> bool:
        # What a fault answered was not asked who it is, so it counts as the operator's.
        return call.surface in ("arm", "vault") and call.oid != self.stranger_id

    def _short(self, path: str) -> str:
        return path.split("?")[0].removeprefix(self.subscription)
