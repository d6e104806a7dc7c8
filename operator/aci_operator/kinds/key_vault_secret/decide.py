"""Whether a secret has to be written, from its metadata alone. Pure; no value is ever read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aci_operator.reconcile.ownership import OWNER_TAG

HASH_TAG = "aci-operator-hash"
"""Carries the keyed hash of the value, so that a crash after the write can be told apart."""

DEFAULTS = {"enabled": True}
"""What a version has that was given no attributes; it then has no dates."""


@dataclass(frozen=True)
class Wanted:
    """What the vault's secret should look like, apart from its value."""

    content_type: str | None
    tags: Mapping[str, str]
    """The spec's tags, our owner tag and the hash of the value."""
    dropped: frozenset[str] = frozenset()
    """Names of tags that an earlier spec had."""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    """What the spec says of `enabled`, `exp` and `nbf`; None for what an earlier one said."""

    @property
    def sent_attributes(self) -> dict[str, Any]:
        """What a new version is given; it has Azure's defaults for the rest."""
        return {name: value for name, value in self.attributes.items() if value is not None}


def differences(wanted: Wanted, observed: Mapping[str, Any]) -> tuple[str, ...]:
    """List the spec's paths in which the current version is not as wanted.

    `observed` is the secret's properties: `contentType`, `tags`.
    """
    tags: Mapping[str, str] = observed.get("tags") or {}
    paths = []
    if tags.get(HASH_TAG) != wanted.tags[HASH_TAG]:
        paths.append("spec.valueFrom")
    if (observed.get("contentType") or None) != wanted.content_type:
        paths.append("spec.contentType")
    seen = observed.get("attributes") or {}
    for name, value in sorted(wanted.attributes.items()):
        if seen.get(name, DEFAULTS.get(name)) != (DEFAULTS.get(name) if value is None else value):
            paths.append(f"spec.attributes.{name}")
    return (*paths, *_tags_differ(wanted, tags))


def _tags_differ(wanted: Wanted, tags: Mapping[str, str]) -> tuple[str, ...]:
    spec = {n: v for n, v in wanted.tags.items() if n not in (HASH_TAG, OWNER_TAG)}
    names = {name for name, value in spec.items() if tags.get(name) != value}
    names |= wanted.dropped & set(tags)
    # A version that somebody else has put over ours lacks the owner tag, if nothing else.
    lone = [] if tags.get(OWNER_TAG) == wanted.tags[OWNER_TAG] else ["spec.tags"]
    return (*lone, *(f"spec.tags.{name}" for name in sorted(names)))


def foreign(owner: str, known_secret_id: str | None, observed: Mapping[str, Any]) -> bool:
    """Whether the secret is somebody else's: not marked as ours, and never written by us.

    A new version that somebody put over one of ours is drift, not another owner.
    """
    tag = (observed.get("tags") or {}).get(OWNER_TAG)
    return bool(tag != owner if tag else known_secret_id is None)
