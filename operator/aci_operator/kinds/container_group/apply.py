"""Bringing a group to its spec: one PUT with everything, or one PATCH of the tags, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aci_operator.api import reasons
from aci_operator.azure.errors import Rejected
from aci_operator.kinds.container_group import (
    changes,
    endpoint,
    normal,
    power,
    replacement,
    restart,
)
from aci_operator.kinds.container_group.body import Inputs, build
from aci_operator.reconcile import drift, freshness, observation, ownership
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.drift import Found, Paths
from aci_operator.reconcile.hashing import keyed_hash_of
from aci_operator.reconcile.observation import Body

SECRETS_TAG = "aci-operator-secrets"
"""Carries the keyed hash of all secret inputs: a GET can never tell whether they are current."""
ENDED = ("Succeeded", "Failed")
"""States of an instance view in which a PUT is deployed as new (azure.md section 5)."""


SECRET_VALUES = "secret values"
"""What is told of a change that no answer shows."""


@dataclass(frozen=True)
class Target:
    """What the group should be: its ARM ID, its body, and the tags of ours."""

    arm_id: str
    body: Mapping[str, Any]
    hash: str
    """Of the body with all secrets: what has been applied is known by it."""
    own_tags: Mapping[str, str]


def target(p: Pass, arm_id: str, inputs: Inputs) -> Target:
    """Work out the target. Pure but for the key of the hashes."""
    key = p.world.hash_key
    body = build(p.spec, inputs)
    own = {SECRETS_TAG: keyed_hash_of(key, inputs.secrets)} if inputs.secrets else {}
    return Target(arm_id, body, keyed_hash_of(key, body), own)


def wants_write(p: Pass, wanted: Target, seen: Body) -> bool:
    """Whether a pass that read this would write: then it must read again by itself."""
    return (
        not ownership.ours(p, seen)
        or _edited(p, wanted)
        or bool(drift.unignored(p, differences(p, wanted, seen)))
    )


def differences(p: Pass, wanted: Target, seen: Body) -> Paths:
    """List the paths in which a group that is there is not as wanted."""
    return (*normal.differences(wanted.body, seen), *_tag_paths(p, wanted, seen))


def needing_replacement(p: Pass, wanted: Target, seen: Body) -> str:
    """Tell what only a replacement can change, by the table or as Azure said; empty if nothing."""
    paths = normal.differences(wanted.body, seen, whole=True)
    told = changes.told(paths, wanted.body, seen) or SECRET_VALUES
    never = () if _ended(seen) else changes.requiring_replacement(paths)
    if never:
        return changes.told(never, wanted.body, seen)
    return told if _refused_before(p, wanted, told) else ""


async def create(p: Pass, wanted: Target) -> Body:
    """Make the group. The answer already names the system identity (azure.md section 2)."""
    if p.settled:
        message = f"{wanted.arm_id} was deleted outside."
        p.event(reasons.DELETED_OUTSIDE, message, type_="Warning")
    await p.hold()
    replacement.end(p)
    # What follows from the PUT is said now, so that it need not be written after it.
    p.status.set(appliedHash=wanted.hash, refusedUpdate=None)
    power.unknown(p)
    ownership.remember_tags(p)
    drift.end(p)
    await p.record(reasons.CREATING, f"Creating {wanted.arm_id}.")
    body = {**wanted.body, "tags": _tags(p, wanted, {})}
    return await _put(p, wanted, body, None, "was created")


async def bring(p: Pass, wanted: Target, seen: Body, *, adopting: bool = False) -> Body:
    """Bring a group that exists to the target; give the body as last seen.

    What differs from a target that was applied before is drift: correcting it restarts the
    containers, so by default it is reported. Tags restart nothing and are corrected.
    """
    edited = _edited(p, wanted) and not (drift.reached(p) and _never_applied(p))
    found = normal.differences(wanted.body, seen, whole=edited)
    fields = Found(found, edited=edited, default="Report")
    tags = Found(_tag_paths(p, wanted, seen), edited=not drift.reached(p))
    secrets = edited and _secrets_changed(p, wanted, seen)
    decision = drift.decide(p, fields, tags, power.found(p, seen))
    write = Write(wanted, decision.write, secrets, adopting, decision.corrected)
    body = await _write(p, write, seen)
    drift.corrected(p, decision.corrected)
    p.status.set(appliedHash=wanted.hash)
    if body is seen:
        await restart.obey(p, wanted.arm_id, seen)
    return body


@dataclass(frozen=True)
class Write:
    """What a pass has decided to write to a group that is there."""

    target: Target
    paths: Paths
    secrets: bool
    """Whether secret values have changed, which no answer shows."""
    owner: bool
    """Whether the owner tag is missing: the group is being adopted."""
    corrected: Paths = ()
    """The part of `paths` that is no edit."""

    @property
    def fields(self) -> Paths:
        """The paths for which the whole body is sent."""
        apart = ("spec.tags.", power.PATH)
        return tuple(path for path in self.paths if not path.startswith(apart))

    @property
    def power(self) -> bool:
        """Whether the group is to be stopped or started."""
        return power.PATH in self.paths


async def _write(p: Pass, write: Write, seen: Body) -> Body:
    if write.fields or write.secrets:
        return await _update(p, write, seen)
    if write.power or write.paths or write.owner:
        await freshness.confirm(p)
    if write.power:
        await power.carry_out(p, write.target.arm_id, seen, write.corrected)
    if write.paths or write.owner:
        return await _bring_tags(p, write, seen)
    ownership.remember_tags(p)
    return seen


def _never_applied(p: Pass) -> bool:
    return bool(p.status.fields.get("adopted")) and not p.object.status.get("appliedHash")


def _edited(p: Pass, wanted: Target) -> bool:
    return bool(p.object.status.get("appliedHash") != wanted.hash)


def _secrets_changed(p: Pass, wanted: Target, seen: Body) -> bool:
    """Whether an edit that no answer shows is one of secrets: by their tag on the group.

    Without the tag it is one if we know what was applied before; what we do not know is no reason
    to write.
    """
    known = (seen.get("tags") or {}).get(SECRETS_TAG)
    if known is None:
        return bool(wanted.own_tags and p.object.status.get("appliedHash"))
    return bool(known != wanted.own_tags.get(SECRETS_TAG))


async def _update(p: Pass, write: Write, seen: Body) -> Body:
    wanted = write.target
    paths = normal.differences(wanted.body, seen, whole=True)
    told = changes.told(paths, wanted.body, seen) or SECRET_VALUES
    never = needing_replacement(p, wanted, seen)
    if never:
        await replacement.begin(p, wanted.arm_id, seen, never, write.corrected)
    await p.record(reasons.UPDATING, f"Changing {told}. This restarts the containers.")
    tags = _tags(p, wanted, seen, write.paths)
    try:
        return await _put(p, wanted, {**wanted.body, "tags": tags}, seen, told)
    except Rejected as error:
        if error.code == "InvalidContainerGroupUpdate":
            _learn(p, write, told, error)
            raise replacement.needed(p, told) from None
        raise


def _ended(seen: Body) -> bool:
    return (seen["properties"].get("instanceView") or {}).get("state") in ENDED


def _refused_before(p: Pass, wanted: Target, told: str) -> bool:
    """Whether Azure has refused just this: each try would cost a write of the hour's 300."""
    return bool(p.status.fields.get("refusedUpdate") == _digest(p, wanted, told))


def _learn(p: Pass, write: Write, told: str, error: Rejected) -> None:
    """Remember that Azure refuses what the table of effects called a change in place."""
    p.world.count_refused_update()
    p.event(
        reasons.REFUSED_IN_PLACE,
        f"Azure did not change this in place as expected: {told}. It said: {error.message}",
        type_="Warning",
    )
    p.status.set(refusedUpdate=_digest(p, write.target, told))


def _digest(p: Pass, wanted: Target, told: str) -> str:
    return keyed_hash_of(p.world.hash_key, {"target": wanted.hash, "told": told})


async def _put(p: Pass, wanted: Target, body: dict[str, Any], seen: Body | None, told: str) -> Body:
    if "identity" not in body and (seen or {}).get("identity"):
        # What a left-out identity does is in dispute ([inf], knob 2), so its end is said.
        body["identity"] = {"type": "None"}
    answer = await p.session.container_groups.put(wanted.arm_id, body)
    observation.wrote(p, wanted.arm_id)
    event, what = (reasons.UPDATED, f"was changed: {told}") if seen else (reasons.CREATED, told)
    p.event(event, f"{wanted.arm_id} {what}.")
    p.status.set(appliedHash=wanted.hash, refusedUpdate=None)
    power.unknown(p)
    ownership.remember_tags(p)
    if seen is not None:
        endpoint.look_soon(p)
    return answer


async def _bring_tags(p: Pass, write: Write, seen: Body) -> Body:
    """PATCH replaces the whole map (azure.md section 5): merge it over what was just read."""
    wanted = write.target
    tags = _tags(p, wanted, seen, write.paths)
    body = await p.session.container_groups.patch_tags(wanted.arm_id, tags)
    observation.wrote(p, wanted.arm_id)
    p.event(reasons.UPDATED, f"{wanted.arm_id}: tags were changed.")
    ownership.remember_tags(p)
    return body


def _tags(p: Pass, wanted: Target, seen: Body, only: Paths | None = None) -> dict[str, str]:
    """Give the whole map to send; a hash of secrets that the spec no longer has goes with them."""
    others = {n: v for n, v in (seen.get("tags") or {}).items() if n != SECRETS_TAG}
    return ownership.tags(p, others, only, **wanted.own_tags)


def _tag_paths(p: Pass, wanted: Target, seen: Body) -> Paths:
    observed = seen.get("tags") or {}
    paths = ownership.tag_paths(p, observed, **wanted.own_tags)
    stale = SECRETS_TAG in observed and not wanted.own_tags
    return (*paths, f"spec.tags.{SECRETS_TAG}") if stale else paths
