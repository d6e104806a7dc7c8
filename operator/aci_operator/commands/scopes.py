"""Where an account acts in Azure, by the objects that use it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aci_operator.api.kinds import CLUSTER_AZURE_ACCOUNT, RESOURCE_GROUP, ROLE_ASSIGNMENT
from aci_operator.api.limits import Limits
from aci_operator.api.objects import Object
from aci_operator.azure.ids import ArmId
from aci_operator.reconcile.account import key_of


def scopes_of(account: Object, objects: Iterable[Object]) -> list[str]:
    """List ARM IDs, each once: what a ClusterAzureAccount allows, else the resource groups.

    Those are the groups of what the objects' status names, of groups that their spec names by ARM
    ID, and ResourceGroups. An object that names no account yet counts for its namespace's.
    """
    if account.key.kind == CLUSTER_AZURE_ACCOUNT.kind:
        return _once(Limits.parse(account.spec).scopes)
    mine = (each for each in objects if acts_with(each, account))
    named = (arm_id for each in mine for arm_id in _named(each, account))
    return _once(group for arm_id in named if (group := group_of(arm_id)))


def vaults_of(account: Object, objects: Iterable[Object]) -> list[str]:
    """List the vaults' addresses that the status of the account's objects names, each once."""
    uris = (each.status.get("vaultUri") for each in objects if acts_with(each, account))
    return _once(str(uri).rstrip("/") for uri in uris if uri)


def acts_with(each: Object, account: Object) -> bool:
    """Whether an object acts with the account: by name, or as its namespace's."""
    ref = each.spec.get("accountRef") or each.status.get("accountRef")
    if ref:
        return key_of(ref, each.key.namespace) == account.key
    return each.key.namespace == account.key.namespace


def place_of(each: Object, account: Object, objects: Iterable[Object]) -> str:
    """Give the ARM ID of the resource group that an object's resource is, or will be, in.

    "" where nothing tells.
    """
    ref = each.spec.get("resourceGroupRef") or {}
    known = each.status.get("id") or ref.get("id")
    if known:
        return group_of(str(known))
    group = named(RESOURCE_GROUP.kind, each.key.namespace, ref.get("name"), objects)
    return group_of(_group_id(group, account)) if group is not None else ""


def named(kind: str, namespace: str, name: str | None, objects: Iterable[Object]) -> Object | None:
    """Find an object by its name."""
    wanted = (kind, namespace, name)
    found = (e for e in objects if (e.key.kind, e.key.namespace, e.key.name) == wanted)
    return next(found, None)


def _named(each: Object, account: Object) -> Iterator[str]:
    if each.key.kind == ROLE_ASSIGNMENT.kind:
        return  # it takes no more than `needs` says of its scope
    yield from (str(each.status.get(name) or "") for name in ("id", "vaultId"))
    yield str((each.spec.get("resourceGroupRef") or {}).get("id") or "")
    if each.key.kind == RESOURCE_GROUP.kind:
        yield _group_id(each, account)


def _group_id(group: Object, account: Object) -> str:
    if group.status.get("id"):
        return str(group.status["id"])
    name = group.spec.get("azureName") or group.key.name
    return f"/subscriptions/{account.spec['subscriptionId']}/resourceGroups/{name}"


def group_of(arm_id: str) -> str:
    """Give the ARM ID of the resource group that something is in, "" for what is no ARM ID."""
    try:
        return ArmId.parse(arm_id).group_id
    except ValueError:
        return ""  # the object's own condition says so


def _once(scopes: Iterable[str]) -> list[str]:
    return list({scope.lower(): scope for scope in scopes}.values())
