"""Whose access it is: from a container group, an identity, or a raw principal ID."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aci_operator.api import reasons
from aci_operator.api.kinds import CONTAINER_GROUP, USER_ASSIGNED_IDENTITY
from aci_operator.api.objects import Object
from aci_operator.api.references import Reference
from aci_operator.azure import identities
from aci_operator.azure.errors import Absent, Forbidden
from aci_operator.azure.ids import ArmId
from aci_operator.engine.store import Store
from aci_operator.kube import objects
from aci_operator.kube.errors import Stale
from aci_operator.reconcile import authority, references
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.observation import Body
from aci_operator.reconcile.steps import Stall, Wait

_GROUP = "containerGroupRef"
_IDENTITY = "userAssignedIdentityRef"


@dataclass(frozen=True)
class Principal:
    """A resolved principal; `type` is Azure's principalType, `source` the ARM ID whose it is."""

    id: str
    type: str
    source: str | None = None


def reference(access: Object) -> Reference | None:
    """Give the object that the principal belongs to; None for a raw principal ID."""
    principal = access.spec["principal"]
    for field, kind in ((_GROUP, CONTAINER_GROUP), (_IDENTITY, USER_ASSIGNED_IDENTITY)):
        if field in principal:
            return Reference.parse(f"spec.principal.{field}", kind.kind, principal[field])
    return None


async def resolve(p: Pass) -> Principal:
    """Find the principal. Raises Wait while its owner has none yet, AzureErrors for IDs."""
    ref = reference(p.started_as)
    if ref is None:
        raw = p.spec["principal"]
        _refuse_client_id(p.world.store, raw["principalId"])
        return Principal(raw["principalId"], raw["principalType"])
    found, source = await (_of_group if ref.kind == CONTAINER_GROUP.kind else _of_identity)(p, ref)
    return Principal(found, "ServicePrincipal", source)


async def confirm(p: Pass) -> None:
    """Read the principal's owner from the API server, before a grant is written.

    After a restart our first lists may be old (a replica of the API server that lags), and a
    former principal would be granted access once more. Raises kube's Stale, which has the pass
    decide again, if what others use of the owner is not as we knew it.
    """
    ref = reference(p.started_as)
    key = None if ref is None else ref.key(p.namespace)
    known = None if key is None else p.world.store.get(key)
    if key is None or known is None:
        return
    current = await objects.read(p.world.kube, key)
    if current is None or current.uid != known.uid:
        p.world.lose(key, known.uid)
    if current is not None:
        p.world.learn(current)
    if current is None or _identity_of(current) != _identity_of(known):
        raise Stale(f"{key} has changed its principal")


def _identity_of(owner: Object) -> tuple[str | None, ...]:
    status = owner.status
    group = (status.get("identity") or {}).get("principalId")
    return owner.uid, status.get("id"), status.get("principalId"), group


async def vanished(p: Pass) -> bool:
    """Whether the principal that status names is surely gone: Azure says that what had it is not
    there, or has another. What cannot be read is not gone."""
    source, known = p.object.status.get("principalSource"), p.object.status.get("principalId")
    if not (source and known and authority.covers(p, str(source))):
        return False
    try:
        return await _now(p, str(source)) != str(known)
    except Absent:
        return True
    except Forbidden:
        return False


async def _now(p: Pass, source: str) -> str | None:
    """Read who a group or an identity is in Azure."""
    if ArmId.parse(source).full_type.lower() == identities.TYPE.lower():
        return str((await p.session.identities.get(source))["properties"]["principalId"])
    return _system(await p.session.container_groups.get(source))


def _system(group: Body) -> str | None:
    return (group.get("identity") or {}).get("principalId") or None


def _refuse_client_id(store: Store, principal_id: str) -> None:
    """Raise Stall for the client ID of an identity that we know: access is by object ID, and
    Azure takes any UUID without a word (azure.md section 10.1)."""
    for client_id, right in _client_ids(store):
        if client_id.lower() == principal_id.lower():
            raise Stall(
                reasons.CLIENT_ID_USED_AS_PRINCIPAL,
                f"spec.principal.principalId {principal_id} is the client ID of an identity, and "
                f"access goes by its principal ID. Write {right}, or name the identity in "
                "spec.principal.userAssignedIdentityRef.",
            )


def _client_ids(store: Store) -> Iterator[tuple[str, str]]:
    """Give client ID and principal ID of all user-assigned identities that our objects show."""
    shown = [each.status for each in store.of_kind(USER_ASSIGNED_IDENTITY.kind)]
    for group in store.of_kind(CONTAINER_GROUP.kind):
        shown += (group.status.get("identity") or {}).get("userAssigned") or ()
    for each in shown:
        if each.get("clientId") and each.get("principalId"):
            yield str(each["clientId"]), str(each["principalId"])


async def _of_identity(p: Pass, ref: Reference) -> tuple[str, str]:
    found = references.dependency(p, ref, needs="principalId")
    if found is not None:
        return str(found.status["principalId"]), str(found.status["id"])
    source = references.arm_id(p, ref)
    body = await p.session.identities.get(source)
    return str(body["properties"]["principalId"]), source


async def _of_group(p: Pass, ref: Reference) -> tuple[str, str]:
    """Read the system identity: it is known from the group's first answer, long before Ready."""
    key = ref.key(p.namespace)
    if key is None:
        source = references.arm_id(p, ref)
        principal_id = _system(await p.session.container_groups.get(source))
        if principal_id:
            return principal_id, source
        raise _without_identity(p, ref, str(ref.id))
    group = p.world.store.get(key)
    if group is None:
        raise references.waiting(p, f"{ref.field} names {key}, which does not exist. Create it.")
    if group.deleting and not p.settled:
        raise references.waiting(p, f"{ref.field} names {key}, which is being deleted.")
    principal_id = (group.status.get("identity") or {}).get("principalId")
    if principal_id:
        return str(principal_id), str(group.status["id"])
    if "SystemAssigned" not in (group.spec.get("identity") or {}).get("type", ""):
        raise _without_identity(p, ref, str(key))
    raise references.waiting(
        p, f"{ref.field} names {key}, whose system-assigned identity does not exist yet."
    )


def _without_identity(p: Pass, ref: Reference, which: str) -> Wait:
    return references.waiting(
        p,
        f"{ref.field} names {which}, which has no system-assigned identity. Set its identity.type "
        "to SystemAssigned, or name the user-assigned identity here.",
    )
