"""Who may write a grant inside a ContainerGroup, and what view, edit and admin allow."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from aci_operator.api.kinds import KINDS
from control_plane import ControlPlane
from integration.users import User, user_with

_numbers = itertools.count(1)
PLURALS = {kind.plural for kind in KINDS.values()} - {"clusterazureaccounts"}
WRITES = ("create", "update", "patch", "delete", "deletecollection")


def every(verbs: Iterable[str], plurals: Iterable[str]) -> set[tuple[str, str]]:
    return set(itertools.product(verbs, plurals))


READS = every(("get", "list", "watch"), PLURALS)
GRANT = {"keyVaultRef": {"name": "vault"}, "permissions": {"secrets": ["get"]}}
OTHER = {"keyVaultRef": {"name": "other"}, "permissions": {"secrets": ["get"]}}


@pytest.fixture(scope="module")
def namespace(control_plane: ControlPlane, operator_kubeconfig: Path) -> Iterator[str]:
    name = "admission"
    control_plane.run_kubectl("create", "namespace", name)
    yield name
    control_plane.run_kubectl("delete", "namespace", name, "--wait=false")


@pytest.fixture(scope="module")
async def editor(control_plane: ControlPlane, namespace: str) -> User:
    user = user_with(control_plane, namespace, "edit")
    return await with_rights(user, "create", "containergroups")


@pytest.fixture(scope="module")
async def admin(control_plane: ControlPlane, namespace: str) -> User:
    user = user_with(control_plane, namespace, "admin")
    return await with_rights(user, "create", "keyvaultaccesses")


@pytest.fixture(scope="module")
async def viewer(control_plane: ControlPlane, namespace: str) -> User:
    return await with_rights(user_with(control_plane, namespace, "view"), "get", "keyvaults")


async def with_rights(user: User, verb: str, resource: str) -> User:
    """Wait until the API server knows the binding, and the controller the aggregated role."""
    async with asyncio.timeout(30):
        while (verb, resource) not in user.rights():  # noqa: ASYNC110
            await asyncio.sleep(0.1)  # nothing else tells of it
    return user


@pytest.fixture
async def enforced(editor: User) -> None:
    """Wait until the API server has taken up the policy, which it does within a second."""
    async with asyncio.timeout(30):
        while not editor.apply(group(named(), GRANT)):  # noqa: ASYNC110
            await asyncio.sleep(0.1)  # nothing else tells of it


def named() -> str:
    return f"group-{next(_numbers)}"


def group(name: str, *grants: dict[str, Any], **fields: Any) -> dict[str, Any]:
    container = {"name": "c", "image": "i", "resources": {"requests": {"cpu": 1, "memoryInGB": 1}}}
    spec: dict[str, Any] = {
        "resourceGroupRef": {"name": "rg"},
        "osType": "Linux",
        "containers": [container],
        **fields,
    }
    if grants:
        spec["operator"] = {"keyVaultAccess": list(grants)}
    return {
        "apiVersion": "aci-operator.io/v1alpha1",
        "kind": "ContainerGroup",
        "metadata": {"name": name},
        "spec": spec,
    }


def refusal(user: User) -> str:
    return (
        "spec.operator.keyVaultAccess gives access to a vault, and the user "
        f"{user.name} may not create keyvaultaccesses.aci-operator.io in the namespace "
        f"{user.namespace}; ask for that right, or leave the grants and the identity as they are"
    )


@pytest.mark.usefixtures("enforced")
def test_whoever_may_not_grant_may_not_create_a_group_with_a_grant(editor: User) -> None:
    assert refusal(editor) in editor.apply(group(named(), GRANT))


@pytest.mark.usefixtures("enforced")
def test_whoever_may_not_grant_may_create_a_group_without_one(editor: User) -> None:
    assert editor.apply(group(named())) == ""


@pytest.mark.usefixtures("enforced")
def test_whoever_may_grant_may_create_a_group_with_a_grant(admin: User) -> None:
    assert admin.apply(group(named(), GRANT)) == ""


@pytest.mark.usefixtures("enforced")
def test_whoever_may_not_grant_may_not_add_a_grant_later(admin: User, editor: User) -> None:
    name = named()
    assert admin.apply(group(name, GRANT)) == ""
    assert refusal(editor) in editor.apply(group(name, GRANT, OTHER))


@pytest.mark.usefixtures("enforced")
def test_whoever_may_not_grant_may_not_widen_a_grant(admin: User, editor: User) -> None:
    name = named()
    assert admin.apply(group(name, GRANT)) == ""
    wider = {**GRANT, "permissions": {"secrets": ["get", "list"]}}
    assert refusal(editor) in editor.apply(group(name, wider))


@pytest.mark.usefixtures("enforced")
def test_whoever_may_not_grant_may_not_give_a_grant_to_another_identity(
    admin: User, editor: User
) -> None:
    name = named()
    assert admin.apply(group(name, GRANT, identity={"type": "SystemAssigned"})) == ""
    other = {"type": "UserAssigned", "userAssigned": [{"name": "mine"}]}
    assert refusal(editor) in editor.apply(group(name, GRANT, identity=other))


@pytest.mark.usefixtures("enforced")
def test_a_grant_that_stands_locks_nobody_out_of_other_edits(admin: User, editor: User) -> None:
    name = named()
    assert admin.apply(group(name, GRANT, OTHER)) == ""
    edit = json.dumps({"metadata": {"labels": {"edited": "yes"}}, "spec": {"tags": {"a": "b"}}})
    editor.kubectl("patch", f"containergroup/{name}", "--type=merge", "-p", edit)


@pytest.mark.usefixtures("enforced")
def test_whoever_may_not_grant_may_take_a_grant_away(admin: User, editor: User) -> None:
    name = named()
    assert admin.apply(group(name, GRANT, OTHER)) == ""
    fewer = json.dumps({"spec": {"operator": {"keyVaultAccess": [OTHER]}}})
    editor.kubectl("patch", f"containergroup/{name}", "--type=merge", "-p", fewer)
    none = json.dumps({"spec": {"operator": {"keyVaultAccess": None}}})
    editor.kubectl("patch", f"containergroup/{name}", "--type=merge", "-p", none)


def test_view_reads_all_kinds_and_writes_none(viewer: User) -> None:
    assert viewer.rights() == READS


def test_edit_writes_all_but_accounts_and_grants(editor: User) -> None:
    written = set(PLURALS) - {"azureaccounts", "keyvaultaccesses", "roleassignments"}
    assert editor.rights() == READS | every(WRITES, written)


def test_admin_writes_accounts_and_grants_too(admin: User) -> None:
    assert admin.rights() == READS | every(WRITES, PLURALS)
