"""The world of the walks: what specs may refer to, and a quick way to write and watch objects."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aci_operator.api.kinds import KINDS
from aci_operator.api.objects import API_VERSION, Key
from aci_operator.kube import paths
from aci_operator.kube.client import JSON_PATCH, MERGE_PATCH, Kube
from azure_emulator.settings import Settings
from integration.manifests import container_group, manifest, secret, source, text
from integration.walks.ledger import Ledger
from integration.world import World, condition_of

MANY = 1_000_000
SETTINGS = Settings(
    container_creation_seconds=0.05,
    container_pending_seconds=0.02,
    container_update_seconds=0.05,
    container_groups_quota=MANY,
    container_cores_quota=MANY,
    container_writes_per_hour=MANY,
    container_writes_per_5m=MANY,
)
POLL = 5.0
WALKED = (
    *("ResourceGroup", "UserAssignedIdentity", "KeyVault"),
    *("KeyVaultSecret", "KeyVaultAccess", "RoleAssignment", "ContainerGroup"),
)
HELD = (
    *("WaitingForReference", "WaitingForSecret", "NotFound", "WaitingForPrincipal"),
    *("QuotaExceeded", "DnsLabelTaken", "Conflict", "WaitingForAccess"),
)
"""Reasons of a wait that only somebody else can end: the generation has been handled."""
PATIENCE = 60.0
VALUES: dict[str, str | bytes] = {"one": "first", "two": "second", "bytes": b"\xff\xfe"}


@dataclass
class Scene:
    """A world with what specs may name, and its objects as they were last listed."""

    world: World
    kube: Kube
    ledger: Ledger
    objects: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    retained: dict[str, list[Any]] = field(default_factory=dict)
    """Object's name -> role assignments that it left behind while it was told to Retain."""

    def words(self, token: str) -> dict[str, str]:
        """Give what the words of the hints stand for."""
        group = self.world.group_id
        network = f"{group}/providers/Microsoft.Network/virtualNetworks/net/subnets"
        own = f"{token}i"
        return {
            "token": token,
            "vault": vault_of(token),
            "group": group,
            "subscription": group.rpartition("/resourceGroups/")[0],
            "subnets": network,
            "oid": self.principal(own if ("UserAssignedIdentity", own) in self.objects else "id-a"),
        }

    def identities(self) -> dict[str, str]:
        """Give the ARM IDs of the identities that specs may name."""
        base = f"{self.world.group_id}/providers/Microsoft.ManagedIdentity/userAssignedIdentities"
        return {name: f"{base}/{name}" for name in ("id-a", "id-b")}

    def principal(self, name: str) -> str:
        """Give the principal ID of an identity, or of a container group."""
        group = self.objects.get(("ContainerGroup", name))
        if group is not None:
            return str(group["status"]["identity"]["principalId"])
        return str(self.objects["UserAssignedIdentity", name]["status"]["principalId"])

    def principal_of(self, principal: Mapping[str, Any]) -> str:
        """Give the principal ID that `spec.principal` means."""
        for member in ("containerGroupRef", "userAssignedIdentityRef"):
            if member in principal:
                named = principal[member]
                return self.principal(named.get("name") or named["id"].rpartition("/")[2])
        return str(principal["principalId"])

    async def create(self, kind: str, name: str, spec: Mapping[str, Any]) -> int:
        """Create an object; give its generation. Raises `KubeError`."""
        body = {"apiVersion": API_VERSION, "kind": kind, "metadata": {"name": name}, "spec": spec}
        made = await self.kube.post(paths.of_kind(kind, self.world.namespace), body)
        return int(made["metadata"]["generation"])

    async def replace(self, kind: str, name: str, spec: Mapping[str, Any]) -> int:
        """Replace an object's spec; give its generation. Raises `KubeError`."""
        path = paths.of_object(Key(kind, self.world.namespace, name))
        patch = [{"op": "replace", "path": "/spec", "value": spec}]
        made = await self.kube.patch(path, patch, JSON_PATCH, {"fieldValidation": "Strict"})
        return int(made["metadata"]["generation"])

    async def handled(self, kind: str, name: str, generation: int) -> dict[str, Any]:
        """Wait until the operator has handled a generation; give the object.

        Raises TimeoutError, with what the object says, if it does not.
        """
        end = time.monotonic() + PATIENCE
        while True:
            found = self.objects.get((kind, name), {})
            if is_handled(found, generation):
                return found
            if time.monotonic() > end:
                said = condition_of(found, "Ready")
                raise TimeoutError(f"{kind}/{name} is not handled: {json.dumps(said)}")
            await asyncio.sleep(0.1)

    async def watch(self) -> None:
        """List all objects again and again."""
        while True:
            await self.look()
            await asyncio.sleep(0.2)

    async def look(self) -> None:
        """List all objects."""
        for kind in WALKED:
            listed = await self.kube.get(paths.of_kind(kind, self.world.namespace))
            items = {(kind, item["metadata"]["name"]): item for item in listed["items"]}
            for gone in [key for key in self.objects if key[0] == kind and key not in items]:
                del self.objects[gone]
            self.objects |= items


def vault_of(token: str) -> str:
    """Name the vault that only that group's own grants are on: its name is in no path of others."""
    return token.replace("x", "y")


def is_handled(item: Mapping[str, Any], generation: int) -> bool:
    """Whether what an object says is about a generation, and is no step on the way."""
    status = item.get("status") or {}
    ready = condition_of(dict(item), "Ready")
    about = (status.get("observedGeneration", -1), ready.get("observedGeneration", -1))
    if min(about) < generation:
        return False
    ended = ready["status"] == "True" or condition_of(dict(item), "Stalled")
    return bool(ended or ready["reason"] in HELD)


@asynccontextmanager
async def open_scene(
    world: World, vaults: Mapping[str, str], holders: Sequence[str] = ()
) -> AsyncIterator[Scene]:
    """Make what specs may name, and `vaults` (name -> permission model); then watch.

    For each word of `holders` there are principals that nobody else names: the identities `{word}i`
    and `{word}j`, and the container group `{word}g`.
    """
    kube = await Kube.open(world.plane.kubeconfig)
    scene = Scene(world, kube, Ledger(world.azure))
    try:
        await world.apply(world.account.manifest())
        await world.apply(text(secret("s", **VALUES), *_fixtures(vaults), *_holders(holders)))
        await world.until_ready(seconds=120)
        await scene.look()
        async with watching(scene):
            yield scene
    finally:
        await kube.close()


@asynccontextmanager
async def watching(scene: Scene) -> AsyncIterator[None]:
    """Keep the objects up to date."""
    task = asyncio.create_task(scene.watch())
    try:
        yield
    finally:
        task.cancel()
        (ended,) = await asyncio.gather(task, return_exceptions=True)
    assert isinstance(ended, asyncio.CancelledError), ended


async def abandon(world: World) -> None:
    """Let all objects go without a look at Azure, which goes too: hundreds would take minutes."""
    world.operator.kill()
    kube = await Kube.open(world.plane.kubeconfig)
    bare = {"metadata": {"finalizers": None}}
    try:
        for item in await world.objects():
            key = Key(item["kind"], world.namespace, item["metadata"]["name"])
            await kube.patch(paths.of_object(key), bare, MERGE_PATCH)
        path = paths.of_secret(world.namespace, "azure-credential")
        await kube.patch(path, bare, MERGE_PATCH)
    finally:
        await kube.close()
    await world.kubectl("delete", "aci", "--all", "--timeout=100s")


def _holders(words: Sequence[str]) -> list[dict[str, Any]]:
    rg = {"resourceGroupRef": {"name": "my-rg"}}
    return [
        *(manifest("UserAssignedIdentity", f"{w}{end}", **rg) for w in words for end in "ij"),
        *(container_group(f"{w}g", identity={"type": "SystemAssigned"}) for w in words),
    ]


def _fixtures(vaults: Mapping[str, str]) -> list[dict[str, Any]]:
    rg = {"resourceGroupRef": {"name": "my-rg"}}
    models = {"pol-vault": "AccessPolicy", "rbac-vault": "RBAC", **vaults}
    return [
        manifest("ResourceGroup", "my-rg", azureName="myResourceGroup", location="eastus"),
        manifest("UserAssignedIdentity", "id-a", **rg),
        manifest("UserAssignedIdentity", "id-b", **rg),
        container_group("holder", identity={"type": "SystemAssigned"}),
        *(
            manifest("KeyVault", name, azureName=name, permissionModel=model, **rg)
            for name, model in models.items()
        ),
        manifest(
            "KeyVaultSecret",
            "known",
            keyVaultRef={"name": "pol-vault"},
            valueFrom=source("s", "one"),
        ),
    ]


assert set(WALKED) <= set(KINDS)
