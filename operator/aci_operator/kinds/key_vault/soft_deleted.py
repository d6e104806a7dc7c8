"""A deleted vault that holds the name: left, recovered, or purged, as `spec.softDeleted` says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from aci_operator.api import reasons
from aci_operator.azure import ids
from aci_operator.azure.errors import Absent
from aci_operator.engine.queue import Share
from aci_operator.kinds.key_vault.body import recovery_properties
from aci_operator.reconcile import authority, observation, ownership
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.steps import Halt, Stall, Wait

RETRY = 300.0
"""Seconds: a try costs three requests, and at most one a minute is allowed."""
LOOK_AGAIN = 5.0
"""Seconds between two looks at a vault that is being purged."""
PATIENCE = 600.0
"""Seconds after which a purge is asked for again: how long one takes is not documented."""


def choice(p: Pass) -> str:
    """Give `spec.softDeleted`; Fail is the schema's default."""
    return str(p.spec.get("softDeleted") or "Fail")


async def settle(p: Pass, deleted: dict[str, Any]) -> Halt:
    """Do what the spec chooses about the deleted vault that was found; say how the pass ends.

    `deleted` is ARM's deletedVault (azure.md section 10, DELETE). Raises AzureErrors.
    """
    properties = deleted["properties"]
    asked = choice(p)
    if asked == "Fail":
        return Stall(reasons.VAULT_SOFT_DELETED, _ways_out(p, properties), after=RETRY)
    _refuse_others(p, properties)
    if asked == "Recover":
        _refuse_elsewhere(p, properties)
        return await recover(p)
    if properties.get("purgeProtectionEnabled"):
        return Stall(reasons.PURGE_PROTECTED, _protected(p, properties), after=RETRY)
    return await _purge(p, properties)


async def recover(p: Pass) -> Halt:
    """Bring the vault back by one PUT; what it is then lacks is for the next pass to PATCH.

    Its access policies and its tier come back as they were, and other properties would be ignored
    here (azure.md section 10 [rec]). Needs the right to write vaults alone.
    """
    arm_id = str(p.status.fields["id"])
    p.status.set(recoveringSince=_now(p))
    await p.record(reasons.RECOVERING, f"Bringing back the deleted vault {p.azure_name}.")
    properties = recovery_properties(p.spec, p.session.tenant_id)
    body = {"location": p.status.fields["location"], "properties": properties}
    try:
        await p.session.vaults.create(arm_id, body)
    except Absent as error:
        return Stall(
            reasons.NAME_UNAVAILABLE,
            f"spec.azureName {p.azure_name} is taken, and no deleted vault of that name can be "
            f"recovered here. Choose another one. Azure said: {error}",
            after=RETRY,
        )
    observation.wrote(p, arm_id)
    p.event(reasons.RECOVERED, f"{arm_id} was deleted, and was brought back with its contents.")
    return Wait(reasons.RECOVERING, f"{arm_id} is back.", after=p.world.pace.operation)


async def wait_for_purge(p: Pass) -> None:
    """Raise Wait while a purge of ours is under way; return once the name is free."""
    since = p.status.fields.get("purgingSince")
    if since is None:
        return
    found = await p.session.vaults.find_deleted(*_place(p))
    age = (p.world.clock.now() - datetime.fromisoformat(str(since))).total_seconds()
    if found is not None and age < PATIENCE:
        raise _purging(p)
    p.status.set(purgingSince=None)


async def _purge(p: Pass, properties: dict[str, Any]) -> Halt:
    p.status.set(purgingSince=_now(p))
    await p.record(reasons.PURGING, f"Purging the deleted vault {p.azure_name} for good.")
    await p.session.vaults.purge(*_place(p))
    p.event(
        reasons.PURGED,
        f"The vault {p.azure_name} that was deleted {properties.get('deletionDate')} is purged, as "
        "spec.softDeleted says.",
        type_="Warning",
    )
    return _purging(p)


def _purging(p: Pass) -> Wait:
    p.again(LOOK_AGAIN, Share.OPERATION)
    text = f"Azure is purging the deleted vault {p.azure_name}; a new one is made after that."
    return Wait(reasons.PURGING, text, after=LOOK_AGAIN)


def _place(p: Pass) -> tuple[str, str, str]:
    return p.session.subscription_id, str(p.status.fields["location"]), p.azure_name


def _refuse_others(p: Pass, properties: dict[str, Any]) -> None:
    """Another's owner tag counts for a deleted vault too."""
    authority.require_scope(p, "The deleted vault's ARM ID", str(properties["vaultId"]))
    tag = (properties.get("tags") or {}).get(ownership.OWNER_TAG)
    if tag and tag != ownership.owner_value(p):
        raise Stall(
            reasons.ALREADY_EXISTS,
            f"The deleted vault {properties['vaultId']} belongs to {tag}, so spec.softDeleted "
            f"{choice(p)} leaves it alone. Choose another spec.azureName; or recover or purge it "
            "yourself.",
            after=RETRY,
        )


def _refuse_elsewhere(p: Pass, properties: dict[str, Any]) -> None:
    """A vault comes back where it was."""
    if not ids.same(str(properties["vaultId"]), str(p.status.fields["id"])):
        raise Stall(
            reasons.VAULT_SOFT_DELETED,
            f"The deleted vault that holds spec.azureName {p.azure_name} can come back only as "
            f"{properties['vaultId']}, and this object is about {p.status.fields['id']}. Choose "
            "another name, or name that resource group.",
            after=RETRY,
        )


def _ways_out(p: Pass, properties: dict[str, Any]) -> str:
    protected = bool(properties.get("purgeProtectionEnabled"))
    purge = (
        "nobody can purge it before that date, so PurgeThenCreate is no way out"
        if protected
        else "PurgeThenCreate destroys it for good and makes a new one"
    )
    return (
        f"A deleted vault still holds spec.azureName {p.azure_name}: {_dates(properties)}. Set "
        f"spec.softDeleted: Recover brings it back with its contents; {purge}. Or choose another "
        "name."
    )


def _protected(p: Pass, properties: dict[str, Any]) -> str:
    return (
        f"spec.softDeleted is PurgeThenCreate, and the deleted vault that holds spec.azureName "
        f"{p.azure_name} is protected from that: {_dates(properties)}. Set spec.softDeleted to "
        "Recover, choose another name, or wait for that date."
    )


def _dates(properties: dict[str, Any]) -> str:
    protected = "on" if properties.get("purgeProtectionEnabled") else "off"
    return (
        f"deleted {properties.get('deletionDate')}, purged by Azure on "
        f"{properties.get('scheduledPurgeDate')}, purge protection {protected}"
    )


def _now(p: Pass) -> str:
    return p.world.clock.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
