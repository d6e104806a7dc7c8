"""AzureAccount: prove the credential, hold it while objects need it."""

from __future__ import annotations

from collections.abc import Hashable

from aci_operator.api import conditions, reasons
from aci_operator.api.kinds import AZURE_ACCOUNT, KINDS
from aci_operator.api.objects import Key, Object
from aci_operator.engine.queue import Share
from aci_operator.kube import secrets
from aci_operator.reconcile import references
from aci_operator.reconcile.context import Pass
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
    """Let account and Secret go once no object of the namespace needs them any more."""
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


def _secret_name(account: Object) -> str:
    principal = account.spec["credential"]["servicePrincipal"]
    return str(principal["clientSecretFrom"]["secretKeyRef"]["name"])


def _users(p: Pass) -> list[Object]:
    return references.users_of(p, [kind for kind in KINDS if kind != AZURE_ACCOUNT.kind])


def _resolved_to(user: Object, account: Key) -> bool:
    name = (user.status.get("accountRef") or {}).get("name")
    return bool(name == account.name)


async def _hold_secret(p: Pass) -> None:
    """Name the Secret in status before holding it, so that a crash cannot forget it."""
    name = _secret_name(p.object)
    held = p.object.status.get("heldSecret")
    if held != name:
        await _release_secret(p, held)
        p.status.set(heldSecret=name)
        await p.record(reasons.WAITING_FOR_SECRET, f"Reading Secret {name}.")
    await secrets.hold(p.world.kube, p.namespace, name)


async def _release_secret(p: Pass, name: str | None) -> None:
    if name is None:
        return
    others = p.world.store.of_kind(AZURE_ACCOUNT.kind, p.namespace)
    if any(o.key != p.object.key and o.status.get("heldSecret") == name for o in others):
        return
    await secrets.release(p.world.kube, p.namespace, name)


ROOM = Room(
    kind=AZURE_ACCOUNT,
    references=lambda account: frozenset(),
    published=published,
    reconcile=reconcile,
    remove=remove,
)
