"""What stands in the cluster in each case of the knobs, and what is expected of Azure."""

from __future__ import annotations

from typing import Any

from integration.knob_cases import KnobCase
from integration.manifests import CONTAINER, Manifest, container_group, manifest, secret, source
from integration.world import World

VALUE = "Hello Container Instances"
READERS = ("user", "system", "both")
"""The container groups that read the secret. `user` has `one`, `both` has `two` and its own."""
REFUSED_UPDATES = ("ports_immutable", "container_count_immutable")


def objects(world: World, case: KnobCase) -> list[Manifest]:
    """Give all manifests but the account's."""
    group = {"id": world.group_id}
    vault = {"name": "mykeyvault"}
    model = "RBAC" if case.rbac else "AccessPolicy"
    return [
        manifest(
            "KeyVault",
            "mykeyvault",
            azureName="mykeyvault",
            resourceGroupRef=group,
            permissionModel=model,
        ),
        secret("sample", value=VALUE),
        secret("password", value="canary-first-7a1c"),
        manifest(
            "KeyVaultSecret",
            "sample-secret",
            azureName="SampleSecret",
            keyVaultRef=vault,
            valueFrom=source("sample"),
        ),
        *(manifest("UserAssignedIdentity", n, resourceGroupRef=group) for n in ("one", "two")),
        *_container_groups(group),
        *(_access(f"{name}-reads", "userAssignedIdentityRef", name) for name in ("one", "two")),
        *(_access(f"{name}-reads", "containerGroupRef", name) for name in ("system", "both")),
    ]


def containers(*more: Manifest, **fields: Any) -> list[Manifest]:
    """Give the containers of a group: the usual one with these fields, then others."""
    return [{**CONTAINER, **fields}, *more]


def variables(edit: str) -> Manifest:
    """Give the fields of `system`'s container, of which one variable is edited."""
    plain = {"name": "EDIT", "value": edit}
    return {"environmentVariables": [{"name": "FIRST", "value": ""}, plain]}


def address(*ports: int) -> Manifest:
    """Give an `ipAddress` with these ports."""
    return {"type": "Public", "ports": [{"port": port} for port in ports]}


def _container_groups(group: Manifest) -> list[Manifest]:
    secure = {"name": "PASSWORD", "secureValueFrom": source("password")}
    users = [{"type": "UserAssigned", "userAssigned": [{"name": "one"}]}] * 2
    both = {"type": "SystemAssigned, UserAssigned", "userAssigned": [{"name": "two"}]}
    user = containers(environmentVariables=[secure])
    return [
        _group("user", group, identity=users[0], containers=user, tags={"kind": "user"}),
        _group(
            "system",
            group,
            identity={"type": "SystemAssigned"},
            containers=containers(**variables("before")),
        ),
        _group(
            "both",
            group,
            identity=both,
            containers=containers(ports=[{"port": 80}]),
            ipAddress=address(80),
        ),
        _group("windows", group, identity=users[1], osType="Windows"),
    ]


def _group(name: str, group: Manifest, **spec: Any) -> Manifest:
    return container_group(name, resourceGroupRef=group, **spec)


def _access(name: str, field: str, whose: str) -> Manifest:
    return manifest(
        "KeyVaultAccess",
        name,
        keyVaultRef={"name": "mykeyvault"},
        principal={field: {"name": whose}},
        permissions={"secrets": ["get"]},
    )


def refused_updates(case: KnobCase) -> list[str]:
    """Name the edits of `both` that Azure refuses in this case."""
    return [name for name in REFUSED_UPDATES if case.values[name]]


def starts(case: KnobCase) -> dict[str, int]:
    """Give how often each group was started when all edits are done."""
    edits_of_both = len(REFUSED_UPDATES) - len(refused_updates(case))
    return {"user": 3, "system": 3, "both": 1 + edits_of_both}


def made(case: KnobCase) -> dict[str, int]:
    """Give the writes that succeed until all is Ready."""
    grants = (
        {"PUT vaults/mykeyvault roleAssignments": 5}  # the operator's own among them
        if case.rbac
        else {"PUT vaults/mykeyvault/accessPolicies/add": 4}
    )
    groups = list(READERS) if case.values["windows_identity_refused"] else [*READERS, "windows"]
    return {
        "PUT vaults/mykeyvault": 1,
        "PUT secrets/SampleSecret": 1,
        **{f"PUT userAssignedIdentities/{name}": 1 for name in ("one", "two")},
        **{f"PUT containerGroups/{name}": 1 for name in groups},
        **grants,
    }


def edited(case: KnobCase) -> dict[str, int]:
    """Give the writes that succeed by the edits."""
    # The tags were edited once; a changed secure value changes a tag as well.
    patches = 1 if case.values["put_updates_tags"] else 2
    puts = {name: count - 1 for name, count in starts(case).items() if count > 1}
    return {
        "PATCH containerGroups/user": patches,
        **{f"PUT containerGroups/{name}": count for name, count in puts.items()},
    }


def deleted(case: KnobCase) -> dict[str, int]:
    """Give the writes that succeed when everything is deleted."""
    grants = (
        {"DELETE vaults/mykeyvault roleAssignments": 4}
        if case.rbac
        else {"PUT vaults/mykeyvault/accessPolicies/remove": 4}
    )
    return {
        "DELETE secrets/SampleSecret": 1,
        **{f"DELETE userAssignedIdentities/{name}": 1 for name in ("one", "two")},
        **{f"DELETE containerGroups/{name}": 1 for name in READERS},
        **grants,
    }
