"""AzureAccount and ClusterAzureAccount: prove the credential, hold it while objects need it."""

from __future__ import annotations

from collections.abc import Hashable

from aci_operator.api import conditions, reasons
from aci_operator.api.kinds import ACCOUNTS, AZURE_ACCOUNT, CLUSTER_AZURE_ACCOUNT, KINDS, Kind
from aci_operator.api.objects import Key, Object
from aci_operator.engine.queue import Share
from aci_operator.kube import secrets
from aci_operator.reconcile import references
from aci_operator.reconcile.account import key_of
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.credentials import secret_name
from aci_operator.reconcile.room import Room
from aci_operator.reconcile.steps import Wait

SECRET_POLL = 60.0
"""Seconds between two looks at the Secret: how soon a rotated credential is taken up."""


def published(account: Object) -> Hashable:
    """Others wait for a credential that works, and start again when its spec changes."""
    ready = conditions.find(account.status, conditions.READY)
    return (ready.get("status"), account.generation)


async def reconcile(p: Pass) -> None:
    """Hold the Secret, ask Entra for a token, report whose it is."""
    await p.hold()
    await _hold_secret(p)
    p.session = await p.world.sessions.refresh(p.object)
    principal_id = await p.session.principal_id()
    p.status.set(principalId=principal_id)
    p.ready = (
        reasons.CREDENTIAL_ACCEPTED,
        f"Microsoft Entra gave a token to the principal {principal_id}.",
    )
    p.again(min(SECRET_POLL, p.world.pace.poll), Share.DRIFT)


async def remove(p: Pass) -> None:
    """Let account and Secret go once no object needs them any more."""
    needing = [o for o in _users(p) if o.held and _resolved_to(o, p.object.key)]
    if needing:
        names = ", ".join(str(o.key) for o in needing[:5])
        raise Wait(
            reasons.IN_USE,
            f"{len(needing)} objects still need this account to be deleted: {names}.",
        )
    await _release_secret(p, p.object.status.get("heldSecret"))
    await p.world.sessions.forget(p.object.key)
    await p.release()


def _users(p: Pass) -> list[Object]:
    return references.users_of(p, [kind for kind in KINDS if kind not in ACCOUNTS])


def _resolved_to(user: Object, account: Key) -> bool:
    ref = user.status.get("accountRef") or {}
    return key_of(ref, user.key.namespace) == account


async def _hold_secret(p: Pass) -> None:
    """Name the Secret in status before holding it, so that a crash cannot forget it."""
    name = secret_name(p.object)
    held = p.object.status.get("heldSecret")
    if held != name:
        await _release_secret(p, held)
        p.status.set(heldSecret=name)
    if name is not None and held != name:
        await p.record(reasons.WAITING_FOR_SECRET, f"Reading Secret {name}.", in_azure=False)
    if name is not None:
        await secrets.hold(p.world.kube, _home(p.object, p), name)


async def _release_secret(p: Pass, name: str | None) -> None:
    if name is None:
        return
    home = _home(p.object, p)
    others = [o for kind in ACCOUNTS for o in p.world.store.of_kind(kind) if _home(o, p) == home]
    if any(o.key != p.object.key and o.status.get("heldSecret") == name for o in others):
        return
    await secrets.release(p.world.kube, home, name)


def _home(account: Object, p: Pass) -> str:
    """Give the namespace of the account's Secret."""
    return account.key.namespace or p.world.operator_namespace


def _room(kind: Kind) -> Room:
    return Room(
        kind=kind,
        references=lambda account: frozenset(),
        published=published,
        reconcile=reconcile,
        remove=remove,
    )


ROOM = _room(AZURE_ACCOUNT)
CLUSTER_ROOM = _room(CLUSTER_AZURE_ACCOUNT)
