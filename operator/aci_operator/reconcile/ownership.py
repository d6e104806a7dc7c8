"""Whose a resource in Azure is: the owner tag, and the tags that go with it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from aci_operator.api import reasons
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.steps import Stall

OWNER_TAG = "aci-operator-owner"
"""Tag names must not hold `/`, which is why it is not the API group's name."""
VALUE_LIMIT = 256
"""Characters of a tag's value that ARM takes."""


def owner_value(p: Pass) -> str:
    """Give the owner tag's value; a name too long for a tag ends in a hash of the whole."""
    if len(p.owner) <= VALUE_LIMIT:
        return p.owner
    digest = hashlib.sha256(p.owner.encode()).hexdigest()[:32]
    return f"{p.owner[: VALUE_LIMIT - 33]}-{digest}"


def ours(p: Pass, body: Mapping[str, Any]) -> bool:
    """Whether the resource carries this object's owner tag."""
    return bool((body.get("tags") or {}).get(OWNER_TAG) == owner_value(p))


def ensure_ours(p: Pass, body: Mapping[str, Any]) -> None:
    """Raise Stall/AlreadyExists for a resource that is not this object's."""
    if ours(p, body):
        return
    owner = (body.get("tags") or {}).get(OWNER_TAG)
    whose = f"belongs to {owner}" if owner else "was not made by this operator"
    raise Stall(
        reasons.ALREADY_EXISTS,
        f"{body.get('id', 'The resource')} exists and {whose}. Choose another spec.azureName, or "
        "delete the resource. It is left as it is.",
    )


def tags(p: Pass, observed: Mapping[str, str] | None, **own: str) -> dict[str, str]:
    """Give the whole tag map to send: spec's and ours over what others have put there.

    Tags that an earlier spec named and this one does not are left out; they are remembered in
    `status.appliedTags`. Call `remember_tags` once the map has been sent.
    """
    wanted = _wanted(p, own)
    dropped = set(p.object.status.get("appliedTags") or ()) - set(wanted)
    kept = {name: value for name, value in (observed or {}).items() if name not in dropped}
    return {**kept, **wanted}


def tags_differ(p: Pass, observed: Mapping[str, str] | None, **own: str) -> bool:
    """Whether the tags in spec and ours are not all there as they should be."""
    return tags(p, observed, **own) != dict(observed or {})


def remember_tags(p: Pass) -> None:
    """Keep the names of the spec's tags, so that a later spec can take them away."""
    p.status.set(appliedTags=sorted(p.spec.get("tags") or ()))


def _wanted(p: Pass, own: Mapping[str, str]) -> dict[str, str]:
    return {**(p.spec.get("tags") or {}), OWNER_TAG: owner_value(p), **own}
