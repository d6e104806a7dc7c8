"""KeyVault: created only after a 404, changed only by PATCH without access policies."""

from __future__ import annotations

from collections.abc import Hashable

from aci_operator.api import conditions, reasons
from aci_operator.api.kinds import KEY_VAULT
from aci_operator.api.objects import Key, Object
from aci_operator.api.references import keys
from aci_operator.azure import ids
from aci_operator.azure.errors import Rejected
from aci_operator.engine.queue import Share
from aci_operator.kinds.key_vault import body as wanted
from aci_operator.kinds.key_vault import (
    former_access,
    name_taken,
    operator_access,
    soft_deleted,
    use,
)
from aci_operator.reconcile import account, observation, ownership, references, removal
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.convergence import Shape, converge
from aci_operator.reconcile.drift import Paths
from aci_operator.reconcile.observation import Body, Reader
from aci_operator.reconcile.policies import deletes, observes
from aci_operator.reconcile.room import Room
from aci_operator.reconcile.steps import Wait
from aci_operator.reconcile.target import aim, group_of, group_reference, place_paths


def published(vault: Object) -> Hashable:
    """Others need the vault's ID, URI and model, and to know whether the operator may write."""
    status = vault.status
    ready = conditions.is_true(status, conditions.READY)
    access = (status.get("operatorAccess") or {}).get("principalId")
    model = status.get("permissionModel")
    return (ready, vault.deleting, status.get("id"), status.get("vaultUri"), model, access)


async def reconcile(p: Pass) -> None:
    """Bring the vault to the spec; on an RBAC vault, give the operator its role."""
    await account.resolve(p)
    if not (observes(p.object) or p.object.policy.get("adoptionPolicy") == "Adopt"):
        operator_access.require(p)
    group_id, location = await group_of(p)
    references.resolved(p)
    arm_id = aim(p, ids.vault_id(group_id, p.azure_name), location)
    observation.poll_again(p)
    vaults = p.session.vaults
    reader = Reader(arm_id, vaults.get, group_id, vaults.list, "vaults")
    body = await converge(p, reader, _shape(p, arm_id))
    if not observes(p.object):
        await former_access.note(p, body)
    _report(p, body)
    _wait_until_provisioned(p, body)
    if not observes(p.object):
        p.status.set(appliedProperties=wanted.given(p.spec), recoveringSince=None)
    if not (observes(p.object) or p.status.fields.get("adopted")):
        await operator_access.ensure(p, arm_id, body)
        await former_access.take_away(p, arm_id, body)


async def remove(p: Pass) -> None:
    """Delete the vault into soft-delete if the policy says so; by default it stays."""
    if p.object.held and deletes(p, default="Retain"):
        use.wait_until_unused(p)
    await removal.remove(
        p,
        lambda: removal.Remover(p.session.vaults.get, p.session.vaults.delete),
        default_policy="Retain",
    )


def _references(vault: Object) -> frozenset[Key]:
    return keys(vault.key.namespace, group_reference(vault))


def _shape(p: Pass, arm_id: str) -> Shape:
    spec = wanted.completed(p.spec, p.object.status.get("appliedProperties") or ())

    async def create() -> Body:
        operator_access.require(p)
        await soft_deleted.wait_for_purge(p)
        principal_id = await p.session.principal_id()
        properties = wanted.creation_properties(p.spec, p.session.tenant_id, principal_id)
        # What it was given went with an earlier vault.
        p.status.set(operatorAccess=None, formerAccess=None)
        body = {
            "location": p.status.fields["location"],
            "tags": ownership.tags(p, None),
            "properties": properties,
        }
        try:
            return await p.session.vaults.create(arm_id, body)
        except Rejected as error:
            raise await name_taken.settle(p, error) from error

    def differences(seen: Body) -> Paths:
        found = wanted.differences(spec, seen["properties"])
        changeable = tuple(path for path in found if path not in wanted.LASTING)
        return changeable + ownership.tag_paths(p, seen.get("tags"))

    def lasting(seen: Body) -> Paths:
        found = wanted.differences(spec, seen["properties"])
        return (*place_paths(p, seen), *(path for path in found if path in wanted.LASTING))

    async def update(seen: Body, paths: Paths) -> Body:
        if "spec.permissionModel" in paths and not p.status.fields.get("adopted"):
            await operator_access.prepare(p, arm_id, seen)
        patch = {
            "tags": ownership.tags(p, seen.get("tags"), paths),
            "properties": wanted.changed_properties(spec, paths, seen["properties"]),
        }
        return await p.session.vaults.patch(arm_id, patch)

    return Shape(create, differences, update, lasting)


def _report(p: Pass, body: Body) -> None:
    properties = body["properties"]
    p.status.set(
        vaultUri=str(properties.get("vaultUri", "")).rstrip("/"),
        permissionModel=wanted.permission_model(properties),
        provisioningState=properties.get("provisioningState"),
    )
    p.ready = (reasons.AVAILABLE, f"The vault answers at {properties.get('vaultUri')}.")


def _wait_until_provisioned(p: Pass, body: Body) -> None:
    state = body["properties"].get("provisioningState", "Succeeded")
    if state != "Succeeded":
        p.again(p.world.pace.operation, Share.OPERATION)
        message = f"Azure says {state} for the vault."
        raise Wait(reasons.CREATING, message, after=p.world.pace.operation)


ROOM = Room(
    kind=KEY_VAULT,
    references=_references,
    published=published,
    reconcile=reconcile,
    remove=remove,
    compared=("location", *wanted.COMPARED, "tags.*"),
)
