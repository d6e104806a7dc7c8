"""Whose a resource in Azure is: the owner tag, and the tags that go with it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from aci_operator.api import reasons
from aci_operator.api.objects import Object
from aci_operator.reconcile import claims, policies
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.steps import Stall

OWNER_TAG = "aci-operator-owner"
"""Tag names must not hold `/`, which is why it is not the API group's name."""
VALUE_LIMIT = 256
"""Characters of a tag's value that ARM takes."""
CHANGES_LIMIT = 10
"""Paths that a refused adoption lists."""

Paths = tuple[str, ...]
Changes = Callable[[], Paths]


def owner_value(p: Pass) -> str:
    """Give the owner tag's value; a name too long for a tag ends in a hash of the whole."""
    return _fitting(p.owner)


def ours(p: Pass, body: Mapping[str, Any]) -> bool:
    """Whether the resource carries this object's owner tag."""
    return bool((body.get("tags") or {}).get(OWNER_TAG) == owner_value(p))


def claim(p: Pass, arm_id: str, body: Mapping[str, Any] | None, changes: Changes) -> bool:
    """Make sure that this object may write the resource; say whether it is being adopted.

    `changes` gives the paths that adoption would change. Raises Stall/AlreadyClaimed for what
    another object of this cluster has, and Stall/AlreadyExists for what is not ours.
    """
    if body is not None and ours(p, body):
        claims.keep(p, arm_id)
        return False
    tag = _owner(body)
    if tag:
        _refuse_marked(p, arm_id, tag)
    first = claims.earlier(p, arm_id)
    if first is not None:
        raise _claimed(arm_id, first)
    if body is None:
        return False
    if p.status.fields.get("recoveringSince"):
        return True  # we brought it back ourselves, as the spec asks
    if not policies.adopts(p.object):
        raise _exists(arm_id, changes())
    p.status.set(adopted=True)
    return True


def tags(
    p: Pass, observed: Mapping[str, str] | None, only: Paths | None = None, **own: str
) -> dict[str, str]:
    """Give the whole tag map to send: spec's and ours over what others have put there.

    Tags that an earlier spec named and this one does not are left out; they are remembered in
    `status.appliedTags`. With `only`, tags of the spec whose path is not in it stay as observed.
    Call `remember_tags` once the map has been sent.
    """
    wanted = _wanted(p, own)
    seen = dict(observed or {})
    dropped = set(p.object.status.get("appliedTags") or ()) - set(wanted)
    if only is not None:
        mine = {OWNER_TAG, *own}
        wanted = {n: v for n, v in wanted.items() if n in mine or _path(n) in only}
        dropped = {name for name in dropped if _path(name) in only}
    kept = {name: value for name, value in seen.items() if name not in dropped}
    return {**kept, **wanted}


def tag_paths(p: Pass, observed: Mapping[str, str] | None, **own: str) -> Paths:
    """List the tags that are not as they should be, by path; the owner's is no path of the spec."""
    seen = dict(observed or {})
    wanted = tags(p, seen, None, **own)
    names = sorted({*wanted, *seen} - {OWNER_TAG})
    return tuple(_path(name) for name in names if wanted.get(name) != seen.get(name))


def remember_tags(p: Pass) -> None:
    """Keep the names of the spec's tags, so that a later spec can take them away."""
    p.status.set(appliedTags=sorted(p.spec.get("tags") or ()))


def _path(name: str) -> str:
    return f"spec.tags.{name}"


def _owner(body: Mapping[str, Any] | None) -> str | None:
    return ((body or {}).get("tags") or {}).get(OWNER_TAG)


def _fitting(owner: str) -> str:
    if len(owner) <= VALUE_LIMIT:
        return owner
    digest = hashlib.sha256(owner.encode()).hexdigest()[:32]
    return f"{owner[: VALUE_LIMIT - 33]}-{digest}"


def _refuse_marked(p: Pass, arm_id: str, tag: str) -> None:
    """Another's tag is refused even by Adopt: two operators must never take turns."""
    for rival in claims.rivals(p, arm_id):
        if tag == _fitting(f"{p.world.cluster_id}/{rival.key.namespace}/{rival.key.name}"):
            raise _claimed(arm_id, rival)
    raise Stall(
        reasons.ALREADY_EXISTS,
        f"{arm_id} exists and belongs to {tag}. Choose another spec.azureName, or delete the "
        f"resource; if that owner is gone, take the tag {OWNER_TAG} off the resource. It is left "
        "as it is.",
    )


def _claimed(arm_id: str, first: Object) -> Stall:
    return Stall(
        reasons.ALREADY_CLAIMED,
        f"{arm_id} is what {first.key} is about already. Choose another spec.azureName, or delete "
        "one of the two objects. Nothing is written to Azure for this one.",
    )


def _exists(arm_id: str, changes: Paths) -> Stall:
    listed = ", ".join(changes[:CHANGES_LIMIT]) or "nothing"
    more = len(changes) - CHANGES_LIMIT
    return Stall(
        reasons.ALREADY_EXISTS,
        f"{arm_id} exists and was not made by this operator. Choose another spec.azureName, delete "
        "the resource, or take it over by spec.operator.adoptionPolicy: Adopt. It is left as it "
        f"is. It differs from the spec in {listed}{f' and {more} more' if more > 0 else ''}.",
    )


def _wanted(p: Pass, own: Mapping[str, str]) -> dict[str, str]:
    return {**(p.spec.get("tags") or {}), OWNER_TAG: owner_value(p), **own}
