"""Which account an object acts with: the one that it names, else the only one that serves it.

That is the namespace's only AzureAccount, else the only ClusterAzureAccount that lists the
namespace (design section 2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from aci_operator.api import conditions, reasons
from aci_operator.api.kinds import AZURE_ACCOUNT, CLUSTER_AZURE_ACCOUNT
from aci_operator.api.limits import Limits
from aci_operator.api.objects import Key, Object
from aci_operator.engine.store import Store
from aci_operator.reconcile import authority
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.steps import Stall, Wait

Ref = Mapping[str, Any]


def reference(object_: Object) -> frozenset[Key]:
    """Give the account that wakes this object; while it has none, any that may come to serve it.

    An empty name means any of that kind and namespace.
    """
    ref = object_.spec.get("accountRef") or object_.status.get("accountRef")
    namespace = object_.key.namespace
    if ref:
        return frozenset({key_of(ref, namespace)})
    return frozenset(
        {Key(AZURE_ACCOUNT.kind, namespace, ""), Key(CLUSTER_AZURE_ACCOUNT.kind, "", "")}
    )


def key_of(ref: Ref, namespace: str) -> Key:
    """Give the account that an `accountRef` of an object in that namespace means."""
    cluster = ref.get("kind") == CLUSTER_AZURE_ACCOUNT.kind
    kind = CLUSTER_AZURE_ACCOUNT if cluster else AZURE_ACCOUNT
    return Key(kind.kind, namespace if kind.namespaced else "", ref.get("name", ""))


async def resolve(p: Pass) -> None:
    """Find the account and open its session. Raises Stall or Wait that say what is missing."""
    account = _chosen(p)
    p.status.set(accountRef={"kind": account.key.kind, "name": account.key.name})
    _act_with(p, account)
    authority.require_body(p, "spec", p.spec)
    if not _serves(account, p.object):
        raise Wait(
            reasons.ACCOUNT_NOT_READY,
            f"{account.key.kind} {account.key.name} {_why_not(account)}",
        )
    p.session = await p.world.sessions.of(account)
    p.status.set(subscriptionId=p.session.subscription_id)


async def resolve_stored(p: Pass) -> None:
    """For a deletion: take the account that was resolved before, whatever its state.

    Raises Stall if it is gone, or does not allow what status names.
    """
    key = key_of(p.object.status.get("accountRef") or {}, p.namespace)
    account = p.world.store.get(key)
    if account is None:
        raise Stall(
            reasons.NO_ACCOUNT,
            f"{key.kind} {key.name} is gone, so the resource cannot be deleted. Create the "
            "account again, or set spec.operator.deletionPolicy to Retain.",
        )
    _act_with(p, account)
    authority.require_stored(p)
    p.session = await p.world.sessions.of(account)


def _act_with(p: Pass, account: Object) -> None:
    """Take over the account's limits; those of a namespace's own account are Azure's alone."""
    cluster = account.key.kind == CLUSTER_AZURE_ACCOUNT.kind
    p.limits = Limits.parse(account.spec) if cluster else None
    p.allows_exec = account.spec.get("allowExec") is True
    authority.require_namespace(p)


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
    ref = p.spec.get("accountRef") or p.started_as.status.get("accountRef")
    if ref is None:
        return _only_one(p.world.store, p.namespace)
    key = key_of(ref, p.namespace)
    account = p.world.store.get(key)
    if account is None:
        where = f" in namespace {p.namespace}" if key.namespace else ""
        raise Stall(reasons.NO_ACCOUNT, f"{key.kind} {key.name} does not exist{where}. Create it.")
    return account


def _only_one(store: Store, namespace: str) -> Object:
    for serving in _candidates(store, namespace):
        accounts = sorted(serving, key=lambda account: account.key)
        if len(accounts) == 1:
            return accounts[0]
        if accounts:
            raise _ambiguous(namespace, accounts)
    raise Stall(
        reasons.NO_ACCOUNT,
        f"Namespace {namespace} has no AzureAccount, and no ClusterAzureAccount lists it. Create "
        "an AzureAccount; the objects of the namespace will find it.",
    )


def _candidates(store: Store, namespace: str) -> Iterable[list[Object]]:
    """Give those that may serve a namespace, the nearer ones first."""
    yield list(store.of_kind(AZURE_ACCOUNT.kind, namespace))
    lent = store.of_kind(CLUSTER_AZURE_ACCOUNT.kind)
    yield [account for account in lent if Limits.parse(account.spec).lend_to(namespace)]


def _ambiguous(namespace: str, accounts: list[Object]) -> Stall:
    kind = accounts[0].key.kind
    names = ", ".join(account.key.name for account in accounts)
    serve = "has several" if kind == AZURE_ACCOUNT.kind else "is listed by several"
    return Stall(
        reasons.AMBIGUOUS_ACCOUNT,
        f"Namespace {namespace} {serve} {kind}s ({names}). Name one in spec.accountRef.",
    )
