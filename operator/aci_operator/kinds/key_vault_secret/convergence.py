"""Bringing a vault's secret to the spec, from its metadata alone; or only looking at it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aci_operator.api import reasons
from aci_operator.azure.secrets import Secrets
from aci_operator.kinds.key_vault_secret import decide, vault, version
from aci_operator.kinds.key_vault_secret.decide import HASH_TAG, Wanted
from aci_operator.reconcile import claims, drift, ownership, wishes
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.convergence import announce_adoption, watched
from aci_operator.reconcile.drift import Decision, Found, Paths
from aci_operator.reconcile.hashing import keyed_hash
from aci_operator.reconcile.ownership import OWNER_TAG
from aci_operator.reconcile.steps import Stall


async def converge(p: Pass, secrets: Secrets, value: bytes) -> None:
    """Write the secret if it is missing, or if its metadata tells that it is not as wanted."""
    wanted = _wanted(p, value)
    observed = await _read(p, secrets, wanted)
    adopting = _claim(p, wanted, observed)
    if adopting and observed is not None:
        tags = {**(observed.get("tags") or {}), OWNER_TAG: wanted.tags[OWNER_TAG]}
        observed = {**observed, "tags": tags}  # as it is going to be, whatever else is written
    await p.hold()
    decision = _decide(p, wanted, observed)
    if adopting:
        await announce_adoption(p, str(p.status.fields["id"]))
    if observed is None or _needs_version(wanted, observed, decision.write):
        await version.add(p, secrets, value, wanted, observed)
        event = reasons.CREATED if observed is None else reasons.UPDATED
        p.event(event, f"Secret {p.azure_name} was written ({', '.join(decision.write)}).")
    elif decision.write or adopting:
        await version.change(p, secrets, wanted, decision.write)
        told = ", ".join(decision.write) or "the owner tag"
        p.event(reasons.UPDATED, f"Secret {p.azure_name} was changed in place ({told}).")
    else:
        await _report_found(p, secrets, wanted)
    drift.corrected(p, decision.corrected)


async def _read(p: Pass, secrets: Secrets, wanted: Wanted) -> Mapping[str, Any] | None:
    """Read the vault's list, anew before any write."""
    fresh = wishes.requested(p) or not p.settled
    observed = await vault.observe(p, secrets, p.azure_name, fresh=fresh)
    if fresh or (observed is not None and not _differ(p, wanted, observed)):
        return observed
    return await vault.observe(p, secrets, p.azure_name, fresh=True)


def _differ(p: Pass, wanted: Wanted, observed: Mapping[str, Any]) -> bool:
    foreign = decide.foreign(ownership.owner_value(p), _known(p), observed)
    return foreign or bool(drift.unignored(p, decide.differences(wanted, observed)))


def _claim(p: Pass, wanted: Wanted, observed: Mapping[str, Any] | None) -> bool:
    """Say whether the secret is being adopted. Raises Stall for one that is not ours."""
    arm_id = str(p.status.fields["id"])
    owner = ownership.owner_value(p)
    if observed is not None and not decide.foreign(owner, _known(p), observed):
        claims.keep(p, arm_id)
        return False

    def changes() -> Paths:
        paths = () if observed is None else decide.differences(wanted, observed)
        return tuple(path for path in paths if path != "spec.tags")

    return ownership.claim(p, arm_id, observed, changes)


def _known(p: Pass) -> str | None:
    """Give the secret's ID if we have written it before."""
    return p.object.status.get("appliedHash") and p.object.status.get("secretId")


def _decide(p: Pass, wanted: Wanted, observed: Mapping[str, Any] | None) -> Decision:
    if observed is None:
        drift.end(p)
        return Decision(write=("new",))
    known = p.object.status.get("appliedHash")
    rotated = known is not None and known != wanted.tags[HASH_TAG]
    edited = rotated or not drift.reached(p)
    return drift.decide(p, Found(decide.differences(wanted, observed), edited=edited))


def _needs_version(wanted: Wanted, observed: Mapping[str, Any], write: Paths) -> bool:
    """Say whether to put the value again. Raises Stall where that would put over another's."""
    if "spec.valueFrom" in write:
        return True
    ended = decide.ended(wanted, write)
    if ended and "spec.valueFrom" in decide.differences(wanted, observed):
        raise Stall(
            reasons.INVALID_SPEC,
            f"{', '.join(ended)} left the spec. Azure takes that away only with a new version of "
            "the value, and the vault holds another value than spec.valueFrom, which is not "
            "written (spec.operator.ignoreDrift or driftPolicy). Put the field back, or have the "
            "value written, or put a new version yourself.",
        )
    return bool(ended)


async def watch(p: Pass, secrets: Secrets) -> None:
    """Report a secret that is only observed; its value and its source are not compared."""
    fresh = wishes.requested(p) or not p.settled
    observed = await vault.observe(p, secrets, p.azure_name, fresh=fresh)

    def differences(body: Mapping[str, Any]) -> Paths:
        paths = decide.differences(_wanted(p, b""), body)
        return tuple(path for path in paths if path not in ("spec.valueFrom", "spec.tags"))

    name = f"{p.status.fields['vaultUri']}/secrets/{p.azure_name}"
    found = await watched(p, name, observed, differences)
    updated = found["attributes"].get("updated")
    if p.object.status.get("updated") != updated or not p.object.status.get("version"):
        newest = (await version.find_newest(p, secrets))["version"]
        p.status.set(version=newest, updated=updated, secretId=name)


async def _report_found(p: Pass, secrets: Secrets, wanted: Wanted) -> None:
    """A version of ours that status does not name yet is one written just before a crash."""
    known = p.object.status
    if known.get("appliedHash") == wanted.tags[HASH_TAG] and known.get("updated"):
        return
    version.report(p, await version.find_newest(p, secrets), wanted)


def _wanted(p: Pass, value: bytes) -> Wanted:
    digest = keyed_hash(p.world.hash_key, value)
    tags = ownership.tags(p, None, None, **{HASH_TAG: digest})
    known = p.object.status
    dropped = frozenset(known.get("appliedTags") or ()) - frozenset(tags)
    given = dict(p.spec.get("attributes") or {})
    before = dict.fromkeys(known.get("appliedAttributes") or ())
    last = known.get("updated") if known.get("appliedHash") == digest else None
    return Wanted(p.spec.get("contentType") or None, tags, dropped, {**before, **given}, last)
