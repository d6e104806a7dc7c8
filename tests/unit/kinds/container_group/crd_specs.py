"""Specs of container groups made from the CRD: random ones, and one that sets every field."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from unit.crds import schemas

Schema = dict[str, Any]
APART = ("operator", "accountRef", "resourceGroupRef", "azureName", "location", "tags")
"""Fields that are no part of the body, or stand in it by other means."""
PROVIDERS = "/subscriptions/s/resourceGroups/g/providers"
ARM_IDS = {
    "subnetIds": "Microsoft.Network/virtualNetworks/v/subnets/",
    "workspaceResourceId": "Microsoft.OperationalInsights/workspaces/",
    "containerGroupProfile": "Microsoft.ContainerInstance/containerGroupProfiles/",
    "standbyPoolProfile": "Microsoft.StandbyPool/standbyContainerGroupPools/",
}
IDENTITY = f"{PROVIDERS}/Microsoft.ManagedIdentity/userAssignedIdentities/"
VAULT = f"{PROVIDERS}/Microsoft.KeyVault/vaults/"
PROBE = (("exec",), ("httpGet",))
ONE_OF: dict[str, tuple[tuple[str, ...], ...]] = {
    "environmentVariables[]": (("value",), ("secureValueFrom",), ("secureValueReference",)),
    "volumes[]": (("azureFile",), ("emptyDir",), ("gitRepo",), ("secret", "secretReference")),
    "azureFile": (("storageAccountKeyFrom",), ("storageAccountKeyReference",)),
    "imageRegistryCredentials[]": (
        ("passwordFrom", "username"),
        ("passwordReference", "username"),
        ("identityRef",),
    ),
    "confidentialComputeProperties": (("ccePolicy",), ("ccePolicyFrom",)),
    "encryptionProperties": (("vaultBaseUrl",), ("keyVaultRef",)),
    "secretReferences[]": (("secretReferenceUri",), ("keyVaultRef", "secretName", "secretVersion")),
    "livenessProbe": PROBE,
    "readinessProbe": PROBE,
}
"""Which fields the CRD's rules take of an object: those of exactly one entry."""


def group_schema() -> Schema:
    """The schema of what a group's body is made of."""
    own = schemas.spec("ContainerGroup")
    fields = {name: node for name, node in own["properties"].items() if name not in APART}
    return {**own, "properties": fields, "required": ["osType", "containers"]}


def leaf(node: Schema) -> bool:
    """Whether nothing stands below: sources and references are leaves too."""
    fields = node.get("properties") or {}
    if node.get("x-kubernetes-preserve-unknown-fields"):
        return True
    if "secretKeyRef" in fields or (set(fields) == {"name", "id"} and "required" not in node):
        return True
    return not fields and "items" not in node and "additionalProperties" not in node


def leaves(node: Schema, path: str = "") -> Iterator[str]:
    """Give the path of every leaf of a schema."""
    if leaf(node):
        yield path
    for name, child in node.get("properties", {}).items() if not leaf(node) else ():
        yield from leaves(child, f"{path}.{name}" if path else name)
    if "items" in node:
        yield from leaves(node["items"], f"{path}[]")
    if isinstance(node.get("additionalProperties"), dict):
        yield from leaves(node["additionalProperties"], f"{path}{{}}")


def arm_id(path: str) -> str:
    return next((f"{PROVIDERS}/{kind}" for name, kind in ARM_IDS.items() if name in path), IDENTITY)


def referred(path: str) -> str:
    """Give the beginning of the IDs that a reference may hold."""
    return VAULT if path.endswith("keyVaultRef") else IDENTITY


def alternatives(path: str) -> tuple[tuple[str, ...], ...]:
    return next((sets for end, sets in ONE_OF.items() if path.endswith(end)), ())


def chosen(value: dict[str, Any], path: str, pick: tuple[str, ...]) -> dict[str, Any]:
    """Leave out what stands in another alternative than the one picked."""
    others = {name for names in alternatives(path) for name in names} - set(pick)
    return {name: inner for name, inner in value.items() if name not in others}


def random_value(node: Schema, path: str = "") -> st.SearchStrategy[Any]:
    """Give a strategy for the values that a schema takes."""
    if leaf(node):
        return random_leaf(node, path)
    if "items" in node:
        return random_list(node, path)
    if "additionalProperties" in node:
        inner = random_value(node["additionalProperties"], f"{path}{{}}")
        return st.dictionaries(st.text("abFrom", min_size=1, max_size=6), inner, max_size=2)
    return random_object(node, path)


def random_object(node: Schema, path: str) -> st.SearchStrategy[Any]:
    fields = {
        name: random_value(child, f"{path}.{name}" if path else name)
        for name, child in node["properties"].items()
    }
    sets = alternatives(path) or ((),)
    needed = {*node.get("required", ()), *(("image", "resources") if "image" in fields else ())}

    def of(pick: tuple[str, ...]) -> st.SearchStrategy[Any]:
        known = chosen(fields, path, pick)
        must = {name: known[name] for name in known if name in needed | set(pick)}
        may = {name: known[name] for name in known if name not in must}
        return st.fixed_dictionaries(must, optional=may)

    return st.sampled_from(sets).flatmap(of)


def random_list(node: Schema, path: str) -> st.SearchStrategy[Any]:
    keys = node.get("x-kubernetes-list-map-keys")
    unique = (lambda item: str([item[key] for key in keys]).lower()) if keys else None
    inner = random_value(node["items"], f"{path}[]")
    least = node.get("minItems", 0)
    return st.lists(inner, min_size=least, max_size=2, unique_by=unique)


def random_leaf(node: Schema, path: str) -> st.SearchStrategy[Any]:
    fields = node.get("properties") or {}
    if "secretKeyRef" in fields:
        return st.just({"secretKeyRef": {"name": "n", "key": "k"}})
    if path.endswith("Ref") or path == "identity.userAssigned[]":
        return st.sampled_from("AB").map(lambda name: {"id": f"{referred(path)}{name}"})
    if node["type"] == "object":
        texts = st.dictionaries(st.text("ab"), st.text("ab"), max_size=2)
        return texts if "x-kubernetes-preserve-unknown-fields" in node else st.just({})
    if path.endswith(("Id", ".id")) and "pattern" in node:
        return st.sampled_from("AB").map(lambda name: f"{arm_id(path)}{name}")
    if "enum" in node:
        return st.sampled_from(node["enum"])
    return scalar(node)


def scalar(node: Schema) -> st.SearchStrategy[Any]:
    if node["type"] == "boolean":
        return st.booleans()
    if node["type"] == "number":
        return st.integers(1, 4) | st.sampled_from([0.5, 1.5, 3.25])
    if node["type"] == "integer":
        return st.integers(node["minimum"], min(node["maximum"], node["minimum"] + 99))
    return st.text("abc", min_size=node.get("minLength", 0) or 1, max_size=6)


def identities(spec: dict[str, Any]) -> dict[str, Any]:
    """Make type and list of the identities fit, as the CRD's rules want."""
    identity = spec.get("identity")
    if identity is not None and "UserAssigned" in identity["type"]:
        identity["userAssigned"] = identity.get("userAssigned") or [{"id": f"{IDENTITY}A"}]
        unique = {entry["id"]: entry for entry in identity["userAssigned"]}
        identity["userAssigned"] = list(unique.values())
    elif identity is not None:
        identity.pop("userAssigned", None)
    return spec


CRD_SPECS = random_value(group_schema()).map(identities)
"""Whatever the CRD takes of a group, but for `APART`."""


class Filled:
    """Makes values that set everything; each text and number is another one."""

    def __init__(self) -> None:
        self._count = itertools.count(1)

    def values(self, node: Schema, path: str = "") -> list[Any]:
        """Give the values of a schema that together set every field below it."""
        if leaf(node):
            return self._leaf(node, path)
        if "items" in node:
            return [self.values(node["items"], f"{path}[]")]
        if "additionalProperties" in node:
            inner = self.values(node["additionalProperties"], f"{path}{{}}")
            return [{f"key{next(self._count)}": value for value in inner}]
        return self._objects(node, path)

    def _objects(self, node: Schema, path: str) -> list[Any]:
        rows = []
        for pick in alternatives(path) or ((),):
            columns = self._columns(node, path)
            longest = max((len(columns[name]) for name in pick or columns), default=1)
            for row in range(longest):
                columns = columns if row == 0 else self._columns(node, path)
                value = {name: column[row % len(column)] for name, column in columns.items()}
                rows.append(chosen(value, path, pick))
        return rows

    def _columns(self, node: Schema, path: str) -> dict[str, list[Any]]:
        return {
            name: self.values(child, f"{path}.{name}" if path else name)
            for name, child in node["properties"].items()
        }

    def _leaf(self, node: Schema, path: str) -> list[Any]:
        number = next(self._count)
        fields = node.get("properties") or {}
        if "secretKeyRef" in fields:
            return [{"secretKeyRef": {"name": f"s{number}", "key": "k"}}]
        if path.endswith("Ref") or path == "identity.userAssigned[]":
            return [{"id": f"{referred(path)}{number}"}]
        if node["type"] == "object":
            return [{"free": [number]}] if "x-kubernetes-preserve-unknown-fields" in node else [{}]
        if path.endswith(("Id", ".id")) and "pattern" in node:
            return [f"{arm_id(path)}{number}"]
        if "enum" in node:
            return [node["enum"][0]]
        if node["type"] == "boolean":
            return [True]
        if node["type"] == "string":
            return [f"value{number}"]
        return [node["minimum"] + number % 60]


def everything() -> list[dict[str, Any]]:
    """Give specs that together set every field of the CRD (but for `APART`).

    They differ in objects of which the CRD takes one field or another.
    """
    specs: list[dict[str, Any]] = Filled().values(group_schema())
    for spec in specs:
        spec["identity"]["type"] = "SystemAssigned, UserAssigned"
    return specs
