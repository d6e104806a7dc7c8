"""Many namespaces in one world, each with the same few objects in an order of its own."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from integration.manifests import Manifest, container_group, manifest, text
from integration.summaries import summary
from integration.world import World

ORDERS = tuple(
    itertools.permutations(
        ("AzureAccount", "ResourceGroup", "KeyVault", "UserAssignedIdentity", "ContainerGroup")
    )
)
GRANTS = ("id-reads", "group-reads")
LABEL = {"walk": "orders"}
SELECTOR = "walk=orders"
RG = {"resourceGroupRef": {"name": "my-rg"}}
WITHIN = 180.0
"""Seconds that all namespaces together may take for one step."""


@dataclass(frozen=True)
class Place:
    """One namespace: in Azure its resource group has its name, and its vault has it with `-v`.

    With an odd number everything is deleted in Azure; else resource group and vault stay, which is
    what an object does that says nothing.
    """

    walk: str
    number: int

    @property
    def namespace(self) -> str:
        return f"{self.walk}-{self.number:03}"

    @property
    def kept(self) -> bool:
        return self.number % 2 == 0

    @property
    def model(self) -> str:
        """Give the permission model of the vault."""
        return "AccessPolicy" if self.number % 4 < 2 else "RBAC"

    @property
    def order(self) -> list[str]:
        """Give the five kinds in their order, and between them the names of the two grants."""
        steps = list(ORDERS[self.number])
        chance = random.Random(self.number)
        for grant in GRANTS:
            steps.insert(chance.randint(0, len(steps)), grant)
        return steps

    def objects(self, step: str, account: str) -> list[Manifest]:
        """Give what is applied, or deleted, by a step; an account goes with its Secret."""
        found = list(yaml.safe_load_all(account)) if step == "AzureAccount" else [self._one(step)]
        meta = {"namespace": self.namespace, "labels": LABEL}
        return [{**item, "metadata": {**item["metadata"], **meta}} for item in found]

    def _one(self, step: str) -> Manifest:
        whole: Manifest = {} if self.kept else {"operator": {"deletionPolicy": "Delete"}}
        both = {"type": "SystemAssigned, UserAssigned", "userAssigned": [{"name": "my-id"}]}
        vault: Manifest = {"azureName": f"{self.namespace}-v", "permissionModel": self.model}
        makers: dict[str, Callable[[], Manifest]] = {
            "ResourceGroup": lambda: manifest(
                step, "my-rg", azureName=self.namespace, location="eastus", **whole
            ),
            "KeyVault": lambda: manifest(step, "my-vault", **RG, **vault, **whole),
            "UserAssignedIdentity": lambda: manifest(step, "my-id", **RG),
            "ContainerGroup": lambda: container_group("my-group", identity=both),
            "id-reads": lambda: _grant(step, userAssignedIdentityRef={"name": "my-id"}),
            "group-reads": lambda: _grant(step, containerGroupRef={"name": "my-group"}),
        }
        return makers[step]()


def _grant(name: str, **principal: Manifest) -> Manifest:
    return manifest(
        "KeyVaultAccess",
        name,
        keyVaultRef={"name": "my-vault"},
        principal=principal,
        permissions={"secrets": ["get"]},
    )


@dataclass
class Walk:
    """All orders at once, each in a namespace of its own; they take their steps together."""

    world: World
    name: str

    def __post_init__(self) -> None:
        self.places = [Place(self.name, number) for number in range(len(ORDERS))]

    async def open(self) -> None:
        """Create the namespaces."""
        await self.kubectl("create", self._namespaces())

    async def apply(self, *turns: int) -> None:
        """Apply in each namespace what has its turn."""
        await self.kubectl("create", self._of(turns))

    async def delete(self, *turns: int) -> None:
        """Ask for the deletion, in each namespace, of what has its turn."""
        await self.kubectl("delete", self._of(turns), "--wait=false")

    async def delete_namespaces(self) -> None:
        """Ask for the deletion of the namespaces."""
        await self.kubectl("delete", self._namespaces(), "--wait=false")

    async def kubectl(self, verb: str, items: Sequence[Manifest], *options: str) -> None:
        """Run kubectl over objects of many namespaces."""
        await self.world.plane.kubectl_async(verb, *options, "-f", "-", stdin=text(*items))

    async def objects(self, kinds: str = "aci") -> list[dict[str, Any]]:
        """Read all objects."""
        asked = ("get", kinds, "-A", "-l", SELECTOR, "-o", "json")
        found = json.loads((await self.world.plane.kubectl_async(*asked)).stdout)["items"]
        return [item for item in found if _place_of(item).startswith(f"{self.name}-")]

    async def until(self, done: Callable[[dict[str, Any]], bool], kinds: str = "aci") -> None:
        """Wait until that is true of all objects. Raises AssertionError with those it is not."""
        end = time.monotonic() + WITHIN
        while late := [item for item in await self.objects(kinds) if not done(item)]:
            if time.monotonic() > end:
                raise AssertionError([_said(item) for item in late])
            await asyncio.sleep(1)  # kubectl waits for the objects of one namespace alone

    async def clear(self) -> None:
        """Delete what is left."""
        plane = self.world.plane
        await plane.kubectl_async("delete", "aci,secrets", "-A", "-l", SELECTOR, "--timeout=120s")
        await plane.kubectl_async("delete", "namespaces", "-l", SELECTOR, "--wait=false")

    def _of(self, turns: Sequence[int]) -> list[Manifest]:
        account = self.world.account.manifest()
        return [
            item
            for place in self.places
            for turn in turns
            for item in place.objects(place.order[turn], account)
        ]

    def _namespaces(self) -> list[Manifest]:
        return [
            {
                "apiVersion": "v1",
                "kind": "Namespace",
                "metadata": {"name": place.namespace, "labels": LABEL},
            }
            for place in self.places
        ]


def _place_of(item: dict[str, Any]) -> str:
    meta = item["metadata"]
    return str(meta.get("namespace", meta["name"]))


def _said(item: dict[str, Any]) -> str:
    meta = item["metadata"]
    return f"{_place_of(item)} {item['kind']}/{meta['name']}: {item.get('status')}"


def spoken(item: dict[str, Any]) -> bool:
    """Whether the operator has reported of it."""
    return bool(item.get("status", {}).get("conditions"))


def ready(item: dict[str, Any]) -> bool:
    """Whether it is Ready."""
    return spoken(item) and summary(item)[0] == "True"


def begun(item: dict[str, Any]) -> bool:
    """Whether the operator has said of it, if it is to be deleted, that it is on its way out."""
    going = "deletionTimestamp" in item["metadata"]
    return not going or summary(item)[2] == "Reconciling"


def never(item: dict[str, Any]) -> bool:
    """What is true of no object: whoever waits for it waits until there is none."""
    return False
