"""Which account an object acts with: the one that it names, else its namespace's only one."""

from __future__ import annotations

from aci_operator.api import conditions, reasons
from aci_operator.api.kinds import AZURE_ACCOUNT
from aci_operator.api.objects import Key, Object
from aci_operator.engine.store import Store
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.steps import Stall, Wait


def reference(object_: Object) -> frozenset[Key]:
    """Give the account that wakes this object; an empty name means any of its namespace."""
    ref = object_.spec.get("accountRef") or object_.status.get("accountRef") or {}
    return frozenset({Key(AZURE_ACCOUNT.kind, object_.key.namespace, ref.get("name", ""))})


async def resolve(p: Pass) -> None:
    """Find the account and open its session. Raises Stall or Wait that say what is missing."""
    account = _chosen(p)
    p.status.set(accountRef={"kind": AZURE_ACCOUNT.kind, "name": account.key.name})
    if not _serves(account, p.object):
        raise Wait(
            reasons.ACCOUNT_NOT_READY, f"AzureAccount {account.key.name} {_why_not(account)}"
        )
    p.session = await p.world.sessions.of(account)
    p.status.set(subscriptionId=p.session.subscription_id)


async def resolve_stored(p: Pass) -> None:
    """For a deletion: take the account that was resolved before, whatever its state."""
    ref = p.object.status.get("accountRef") or {}
    key = Key(AZURE_ACCOUNT.kind, p.namespace, ref.get("name", ""))
    account = p.world.store.get(key)
    if account is None:
        raise Stall(
            reasons.NO_ACCOUNT,
            f"AzureAccount {key.name} is gone, so the resource cannot be deleted. Create the "
            "account again, or set spec.operator.deletionPolicy to Retain.",
        )
    p.session = await p.world.sessions.of(account)


def _serves(account: Object, user: Object) -> bool:
    """An account that is being deleted waits for those that use it, and serves them till then."""
    if account.deleting:
        return user.held
    return conditions.is_true(account.status, conditions.READY)


def _why_not(account: Object) -> str:
    if account.deleting:
        return "is being deleted. Create it again once it is gone."
    ready = conditions.find(account.status, conditions.READY)
    return f"is not ready: {ready.get('message') or 'It has not been looked at yet.'}"


def _chosen(p: Pass) -> Object:
    ref = p.spec.get("accountRef")
    if ref is None:
        ref = p.started_as.status.get("accountRef") or _only_one(p.world.store, p.namespace)
    if ref["kind"] != AZURE_ACCOUNT.kind:
        raise Stall(
            reasons.NOT_SUPPORTED,
            f"spec.accountRef.kind {ref['kind']} is not supported in this version. "
            "Name an AzureAccount of the namespace.",
        )
    account = p.world.store.get(Key(AZURE_ACCOUNT.kind, p.namespace, ref["name"]))
    if account is None:
        raise Stall(
            reasons.NO_ACCOUNT,
            f"AzureAccount {ref['name']} does not exist in namespace {p.namespace}. Create it.",
        )
    return account


def _only_one(store: Store, namespace: str) -> dict[str, str]:
    accounts = list(store.of_kind(AZURE_ACCOUNT.kind, namespace))
    if not accounts:
        raise Stall(
            reasons.NO_ACCOUNT,
            f"Namespace {namespace} has no AzureAccount. Create one; the objects of the namespace "
            "will find it.",
        )
    if len(accounts) > 1:
        names = ", ".join(sorted(account.key.name for account in accounts))
        raise Stall(
            reasons.AMBIGUOUS_ACCOUNT,
            f"Namespace {namespace} has several AzureAccounts ({names}). Name one in "
            "spec.accountRef.",
        )
    return {"kind": AZURE_ACCOUNT.kind, "name": accounts[0].key.name}
