"""UserAssignedIdentity: created, its principal reported, deleted only once no group uses it."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial
from typing import Any

from aci_operator.api import conditions, reasons
from aci_operator.api.kinds import USER_ASSIGNED_IDENTITY
from aci_operator.api.objects import Key, Object
from aci_operator.api.references import keys
from aci_operator.azure import ids
from aci_operator.kinds.user_assigned_identity import use
from aci_operator.reconcile import account, observation, ownership, references, removal
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.convergence import Shape, converge
from aci_operator.reconcile.drift import Paths
from aci_operator.reconcile.observation import Body, Reader
from aci_operator.reconcile.policies import deletes, observes
from aci_operator.reconcile.room import Room
from aci_operator.reconcile.target import aim, group_of, group_reference, place_paths

FIELD = "isolationScope"
ISOLATION = f"spec.{FIELD}"


def published(identity: Object) -> Hashable:
    """Others need the ARM ID and the principal of an identity that exists."""
    status = identity.status
    ready = conditions.is_true(status, conditions.READY)
    return (ready, identity.deleting, status.get("id"), status.get("principalId"))


async def reconcile(p: Pass) -> None:
    """Bring the identity to the spec and report its principal."""
    await account.resolve(p)
    group_id, location = await group_of(p)
    references.resolved(p)
    arm_id = aim(p, ids.identity_id(group_id, p.azure_name), location)
    observation.poll_again(p)
    adapter = p.session.identities
    reader = Reader(arm_id, adapter.get, group_id, adapter.list, "userAssignedIdentities")
    body = await converge(p, reader, _shape(p, arm_id))
    _report(p, body)
    if not observes(p.object):
        p.status.set(appliedProperties=[FIELD] if FIELD in p.spec else None)


async def remove(p: Pass) -> None:
    """Delete the identity, after every container group that uses it."""
    if p.object.held and deletes(p, default="Delete"):
        await use.wait_until_unused(p)
    await removal.remove(
        p,
        lambda: removal.Remover(p.session.identities.get, p.session.identities.delete),
        default_policy="Delete",
    )


def _references(identity: Object) -> frozenset[Key]:
    return keys(identity.key.namespace, group_reference(identity))


def _shape(p: Pass, arm_id: str) -> Shape:
    async def create() -> Body:
        body = {"location": p.status.fields["location"], "tags": ownership.tags(p, None)}
        if FIELD in p.spec:
            body["properties"] = {FIELD: p.spec[FIELD]}
        return await p.session.identities.put(arm_id, body)

    def differences(seen: Body) -> Paths:
        return (*_isolation_paths(p, seen), *ownership.tag_paths(p, seen.get("tags")))

    async def update(seen: Body, paths: Paths) -> Body:
        changed: dict[str, Any] = {"tags": ownership.tags(p, seen.get("tags"), paths)}
        if ISOLATION not in paths:
            return await p.session.identities.patch(arm_id, changed)
        # A PUT, which keeps the principal: the body of the PATCH has no properties to write
        # (managedidentity-2023-01-31.json, IdentityUpdate).
        changed |= {"location": seen["location"], "properties": {FIELD: _isolation_asked(p)}}
        return await p.session.identities.put(arm_id, changed)

    return Shape(create, differences, update, partial(place_paths, p))


def _isolation_paths(p: Pass, seen: Body) -> Paths:
    """Only what the spec gives is compared, or gave before; an absent one means None."""
    asked = _isolation_asked(p)
    there = (seen.get("properties") or {}).get(FIELD) or "None"
    return () if asked is None or asked.lower() == there.lower() else (ISOLATION,)


def _isolation_asked(p: Pass) -> str | None:
    """What leaves the spec goes back to Azure's default."""
    if FIELD in p.spec:
        return str(p.spec[FIELD])
    return "None" if FIELD in (p.object.status.get("appliedProperties") or ()) else None


def _report(p: Pass, body: Body) -> None:
    properties = body["properties"]
    p.status.set(
        principalId=properties["principalId"],
        clientId=properties["clientId"],
        tenantId=properties["tenantId"],
    )
    message = f"The identity's principal ID is {properties['principalId']}."
    p.status.say(conditions.IDENTITY_READY, "True", reasons.PRINCIPAL_KNOWN, message)
    p.ready = (reasons.AVAILABLE, message)


ROOM = Room(
    kind=USER_ASSIGNED_IDENTITY,
    references=_references,
    published=published,
    reconcile=reconcile,
    remove=remove,
    compared=("location", "isolationScope", "tags.*"),
)
