"""Whether a secret has to be written, from its metadata alone. Pure; no value is ever read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aci_operator.reconcile.ownership import OWNER_TAG

HASH_TAG = "aci-operator-hash"
"""Carries the keyed hash of the value, so that a crash after the write can be told apart."""

DEFAULTS = {"enabled": True}
"""What a version has that was given no attributes; it then has no dates."""

TAGS_LIMIT = 15
"""Tags that Key Vault takes per secret."""


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
    written: int | None = None
    """When the version was last written that holds this very value, by Azure's clock; None where
    that is not known. A version that was made later is somebody else's, whatever its tags say."""

    @property
    def sent_attributes(self) -> dict[str, Any]:
        """What a new version is given; it has Azure's defaults for the rest."""
        return {name: value for name, value in self.attributes.items() if value is not None}


def differences(wanted: Wanted, observed: Mapping[str, Any]) -> tuple[str, ...]:
    """List the spec's paths in which the current version is not as wanted.

    `observed` is the secret's properties: `contentType`, `tags`, `attributes`.
    """
    tags: Mapping[str, str] = observed.get("tags") or {}
    seen = observed.get("attributes") or {}
    paths = []
    if tags.get(HASH_TAG) != wanted.tags[HASH_TAG] or _put_over(wanted, seen):
        paths.append("spec.valueFrom")
    if (observed.get("contentType") or None) != wanted.content_type:
        paths.append("spec.contentType")
    for name, value in sorted(wanted.attributes.items()):
        if seen.get(name, DEFAULTS.get(name)) != (DEFAULTS.get(name) if value is None else value):
            paths.append(f"spec.attributes.{name}")
    return (*paths, *_tags_differ(wanted, tags))


def ended(wanted: Wanted, paths: Sequence[str]) -> tuple[str, ...]:
    """List those of these paths that a change of the current version cannot bring about.

    A change leaves alone what it does not name (swagger of 7.5, UpdateSecret), so it can take
    neither a date nor a content type away; a new version has only what it is given.
    """
    gone = [f"spec.attributes.{n}" for n in ("exp", "nbf") if wanted.attributes.get(n) is None]
    if wanted.content_type is None:
        gone.append("spec.contentType")
    return tuple(path for path in paths if path in gone)


def changes(wanted: Wanted, paths: Sequence[str]) -> dict[str, Any]:
    """Give what a change of these paths sends, tags aside."""
    body: dict[str, Any] = {}
    if "spec.contentType" in paths:
        body["contentType"] = wanted.content_type
    named = {n: v for n, v in wanted.attributes.items() if f"spec.attributes.{n}" in paths}
    if named:
        body["attributes"] = {n: DEFAULTS.get(n) if v is None else v for n, v in named.items()}
    return body


def new_tags(wanted: Wanted, seen: Mapping[str, Any] | None) -> dict[str, str]:
    """Give a new version's tags: ours, and those of others on the current one, as far as they fit.

    Key Vault itself carries no tag over from one version to the next.
    """
    there: Mapping[str, str] = (seen or {}).get("tags") or {}
    others = sorted(name for name in there if name not in {*wanted.tags, *wanted.dropped})
    kept = others[: max(TAGS_LIMIT - len(wanted.tags), 0)]
    return {**{name: there[name] for name in kept}, **wanted.tags}


def _put_over(wanted: Wanted, attributes: Mapping[str, Any]) -> bool:
    created = attributes.get("created")
    return wanted.written is not None and created is not None and created > wanted.written


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
