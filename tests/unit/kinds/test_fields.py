"""The code and the CRDs speak of the same fields."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import aci_operator
from aci_operator.api.kinds import ACCOUNTS, KINDS
from aci_operator.kinds.container_group import sources
from unit.crds import schemas

CODE = Path(aci_operator.__file__).parent
ASK_GROUPS = {
    "UserAssignedIdentity": {"identity"},
    "KeyVault": {"encryptionProperties", "secretReferences"},
    "KeyVaultAccess": {"containers", "osType", "subnetIds"},
}
"""Kinds whose rooms also read the spec of the container groups that use them, and what of it."""
GROUPS_OWN = ("healthInterval", "update", "powerState", "start", "waitFor", "keyVaultAccess")
EVERYWHERE = [*CODE.glob("reconcile/*.py"), *CODE.glob("kinds/*/*.py")]


def room(kind: str) -> list[Path]:
    name = "".join(f"_{c.lower()}" if c.isupper() else c for c in kind).lstrip("_")
    return sorted((CODE / "kinds" / name).glob("*.py"))


def read(path: Path) -> Iterator[tuple[str, str]]:
    """Give what is read by name: the mapping as it is written, and the field."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Subscript(value=of, slice=ast.Constant(value=str(name)), ctx=ast.Load()):
                yield ast.unparse(of), name
            case ast.Call(
                func=ast.Attribute(value=of, attr="get"), args=[ast.Constant(value=str(name)), *_]
            ):
                yield ast.unparse(of), name
            case ast.Compare(left=ast.Constant(value=str(name)), ops=[ast.In()], comparators=[of]):
                yield ast.unparse(of), name


def asked(paths: list[Path], *endings: str) -> set[str]:
    """Give the fields that are read of mappings whose text ends so."""
    return {name for path in paths for of, name in read(path) if of.split(".")[-1] in endings}


def declared(kind: str, *path: str) -> set[str]:
    node: dict[str, Any] = schemas.schema(kind)
    for name in path:
        node = node["properties"][name]
    return set(node["properties"])


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_a_spec_that_a_room_reads_is_declared(kind: str) -> None:
    of_groups = ASK_GROUPS.get(kind, set())
    assert asked(room(kind), "spec") - declared(kind, "spec") == of_groups
    assert of_groups <= declared("ContainerGroup", "spec")


def test_every_field_of_a_spec_that_the_frame_reads_is_declared_by_some_kind() -> None:
    found = asked(list(CODE.glob("reconcile/*.py")), "spec")
    known = set().union(*(declared(kind, "spec") for kind in KINDS))
    assert {"azureName", "tags", "accountRef"} <= found <= known


@pytest.mark.parametrize("field", sorted(asked(EVERYWHERE, "policy")))
def test_every_policy_that_is_read_is_declared(field: str) -> None:
    kinds = [kind for kind in KINDS if kind not in ACCOUNTS]
    having = {kind for kind in kinds if field in declared(kind, "spec", "operator")}
    assert having == ({"ContainerGroup"} if field in GROUPS_OWN else set(kinds))


def test_every_field_of_a_status_that_is_read_is_declared_by_some_kind() -> None:
    known = set().union(*(declared(kind, "status") for kind in KINDS))
    assert asked(EVERYWHERE, "status", "fields") - known == set()


def test_the_walk_finds_what_is_read() -> None:
    found = asked(room("ContainerGroup"), "spec")
    network = {"ipAddress", "subnetIds", "imageRegistryCredentials"}
    kind = {"osType", "sku", "priority", "restartPolicy", "confidentialComputeProperties", "zones"}
    pool = {"containerGroupProfile", "standbyPoolProfile"}
    ours = {"accountRef", "operator"}
    assert found == {"identity", "containers", *ours, *network, *kind, *pool}


def test_the_body_reads_every_other_field_of_a_group_s_spec() -> None:
    apart = {"accountRef", "azureName", "location", "operator", "tags"}
    by_name = {"identity", "resourceGroupRef", "zones"}
    assert declared("ContainerGroup", "spec") == {*sources.SECTIONS, *apart, *by_name}
