"""The secrets of one vault: what may follow what.

No I/O and no rights here. Values stay in memory; no text that leaves holds one.
"""

from __future__ import annotations

import copy
import secrets as randomness
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from azure_emulator.errors import AzureError
from azure_emulator.vaults import denials
from azure_emulator.vaults.secret import DAY, Recovery, Secret, Version

VALUE_BYTES = 25_600
"""A value's largest size (Key Vault's documented 25 KB)."""
_BACKUPS_KEPT = 1000


@dataclass(frozen=True)
class Given:
    """What a caller sends about a version; None means not sent."""

    value: str | None = field(default=None, repr=False)
    content_type: str | None = None
    tags: dict[str, str] | None = None
    enabled: bool | None = None
    not_before: int | None = None
    expires: int | None = None


class Backups:
    """Backed-up secrets, held here: the blob that a caller gets is only a ticket."""

    def __init__(self) -> None:
        self._held: dict[str, Secret] = {}

    def keep(self, secret: Secret) -> str:
        """Hold a copy and give its blob; the oldest of 1,000 goes."""
        if len(self._held) >= _BACKUPS_KEPT:
            self._held.pop(next(iter(self._held)))
        blob = randomness.token_urlsafe(48)
        self._held[blob] = copy.deepcopy(secret)
        return blob

    def give(self, blob: str) -> Secret:
        """Give the secret of a blob; AzureError 400 for a blob that this emulator never gave."""
        held = self._held.get(blob)
        if held is None:
            raise denials.bad_parameter("Backup blob is not recognised or is too old.")
        return copy.deepcopy(held)


class Secrets:
    """Live and soft-deleted secrets of one vault; names have no letter case."""

    def __init__(self) -> None:
        self._live: dict[str, Secret] = {}
        self._deleted: dict[str, Secret] = {}

    def live(self) -> list[Secret]:
        """List the live secrets by name."""
        return _by_name(self._live.values())

    def expire(self, recovery: Recovery, now: float) -> None:
        """Drop the soft-deleted secrets whose retention is over; comes before every other call."""
        for key, secret in list(self._deleted.items()):
            if now >= (secret.deleted_at or 0) + recovery.days * DAY:
                del self._deleted[key]

    def deleted(self) -> list[Secret]:
        """List the soft-deleted secrets by name."""
        return _by_name(self._deleted.values())

    def find(self, name: str) -> Secret:
        """Give a live secret; AzureError 404 SecretNotFound."""
        secret = self._live.get(name.lower())
        if secret is None:
            raise denials.secret_not_found(name)
        return secret

    def find_version(self, name: str, version: str) -> tuple[Secret, Version]:
        """Give a secret and one of its versions; "" means the current one."""
        secret = self.find(name)
        found = secret.version(version)
        if found is None:
            raise denials.secret_not_found(f"{name}/{version}")
        return secret, found

    def find_deleted(self, name: str) -> Secret:
        """Give a soft-deleted secret; AzureError 404."""
        secret = self._deleted.get(name.lower())
        if secret is None:
            raise denials.deleted_secret_not_found(name)
        return secret

    def set(self, name: str, given: Given, now: float) -> Secret:
        """Add a version, always, even if the value is the same.

        Raises AzureError 409 ObjectIsDeletedButRecoverable.
        """
        self._refuse_deleted(name)
        version = Version(uuid.uuid4().hex, given.value or "", int(now), int(now))
        _apply(version, given)
        secret = self._live.setdefault(name.lower(), Secret(name, []))
        secret.versions.append(version)
        return secret

    def update(self, version: Version, given: Given, now: float) -> None:
        """Change what is given of a version's attributes, content type and tags."""
        _apply(version, given)
        version.updated = int(now)

    def delete(self, name: str, recovery: Recovery, now: float) -> Secret:
        """Take a secret with all its versions away, into soft-delete where the vault has it."""
        secret = self.find(name)
        del self._live[name.lower()]
        if recovery.days:
            secret.deleted_at = int(now)
            self._deleted[name.lower()] = secret
        return secret

    def recover(self, name: str) -> Secret:
        """Bring a soft-deleted secret back."""
        secret = self.find_deleted(name)
        del self._deleted[name.lower()]
        secret.deleted_at = None
        self._live[name.lower()] = secret
        return secret

    def purge(self, name: str, recovery: Recovery) -> None:
        """Drop a soft-deleted secret for good; AzureError 403 with purge protection."""
        self.find_deleted(name)
        if recovery.purge_protection:
            raise denials.purge_protected()
        del self._deleted[name.lower()]

    def restore(self, secret: Secret) -> Secret:
        """Put a backed-up secret in, with all its versions; AzureError 409 if its name is used."""
        self._refuse_deleted(secret.name)
        if secret.name.lower() in self._live:
            raise denials.name_in_use(secret.name)
        self._live[secret.name.lower()] = secret
        return secret

    def _refuse_deleted(self, name: str) -> None:
        if name.lower() in self._deleted:
            raise denials.deleted_but_recoverable(name)


def parse(body: Any, *, needs_value: bool) -> Given:
    """Read the body of set (which needs a value) or update; AzureError 400 BadParameter."""
    if not isinstance(body, Mapping):
        raise denials.bad_parameter("The request body must be a JSON object.")
    attributes = body.get("attributes") or {}
    given = Given(
        value=body.get("value"),
        content_type=body.get("contentType"),
        tags=body.get("tags"),
        enabled=attributes.get("enabled") if isinstance(attributes, Mapping) else None,
        not_before=attributes.get("nbf") if isinstance(attributes, Mapping) else None,
        expires=attributes.get("exp") if isinstance(attributes, Mapping) else None,
    )
    problem = _problem(given, attributes, needs_value=needs_value)
    if problem is not None:
        raise problem
    return given


def _problem(given: Given, attributes: Any, *, needs_value: bool) -> AzureError | None:
    """Say what is wrong, naming the property and never its content."""
    checks = {
        "value": _is_value(given.value, needed=needs_value),
        "contentType": given.content_type is None or isinstance(given.content_type, str),
        "tags": given.tags is None or _is_tags(given.tags),
        "attributes": isinstance(attributes, Mapping),
        "attributes.enabled": given.enabled is None or isinstance(given.enabled, bool),
        "attributes.nbf": given.not_before is None or isinstance(given.not_before, int),
        "attributes.exp": given.expires is None or isinstance(given.expires, int),
    }
    wrong = next((name for name, right in checks.items() if not right), None)
    return denials.bad_parameter(f"Property {wrong} has invalid value.") if wrong else None


def _is_value(value: Any, *, needed: bool) -> bool:
    if value is None:
        return not needed
    return isinstance(value, str) and len(value.encode()) <= VALUE_BYTES


def _is_tags(tags: Any) -> bool:
    return isinstance(tags, dict) and all(isinstance(value, str) for value in tags.values())


def _apply(version: Version, given: Given) -> None:
    for name in ("content_type", "tags", "enabled", "not_before", "expires"):
        value = getattr(given, name)
        if value is not None:
            setattr(version, name, value)


def _by_name(secrets: Iterable[Secret]) -> list[Secret]:
    return sorted(secrets, key=lambda secret: secret.name.lower())
