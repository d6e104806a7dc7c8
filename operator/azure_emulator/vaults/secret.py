"""One secret: its versions and what an answer shows of them.

Evidence: recordings/cli-keyvault-secret.json and -softdelete.json (api-version 7.0), azure.md
section 10.2, the swagger of 7.5.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

DAY = 86400


@dataclass
class Version:
    """One version; times in whole seconds since the epoch. The value shows in no `repr`."""

    id: str
    value: str = field(repr=False)
    created: int
    updated: int
    enabled: bool = True
    not_before: int | None = None
    expires: int | None = None
    content_type: str | None = None
    tags: dict[str, str] | None = None


@dataclass
class Secret:
    """All versions of a secret, oldest first; the last one is current."""

    name: str
    versions: list[Version]
    deleted_at: int | None = None
    """When it was deleted; None while it is live."""

    @property
    def current(self) -> Version:
        """The version that a request without a version means."""
        return self.versions[-1]

    def version(self, id: str) -> Version | None:
        """Find a version by its ID; "" gives the current one."""
        if not id:
            return self.current
        return next((version for version in self.versions if version.id == id.lower()), None)


@dataclass(frozen=True)
class Recovery:
    """What the vault grants to things deleted in it."""

    days: int
    """0 without soft delete."""
    purge_protection: bool = False

    @property
    def level(self) -> str:
        """The words of `recoveryLevel` (swagger: DeletionRecoveryLevel)."""
        if not self.days:
            return "Purgeable"
        customized = "Customized" if self.days < 90 else ""
        return f"{customized}Recoverable" + ("" if self.purge_protection else "+Purgeable")


@dataclass(frozen=True)
class View:
    """How one vault shows its secrets to one request."""

    uri: str
    """The vault's URI without a slash at the end."""
    api_version: str
    recovery: Recovery

    def bundle(self, secret: Secret, version: Version, *, value: bool = False) -> dict[str, Any]:
        """Show a version with its versioned ID, with or without its value."""
        shown: dict[str, Any] = {"value": version.value} if value else {}
        return shown | self._item(version, f"{self._url(secret)}/{version.id}")

    def item(self, secret: Secret) -> dict[str, Any]:
        """Show a secret in a list: its current version under the ID without a version."""
        return self._item(secret.current, self._url(secret))

    def deleted(self, secret: Secret, *, listed: bool = False) -> dict[str, Any]:
        """Show a soft-deleted secret."""
        at = secret.deleted_at or 0
        return {
            "recoveryId": f"{self.uri}/deletedsecrets/{secret.name}",
            "deletedDate": at,
            "scheduledPurgeDate": at + self.recovery.days * DAY,
        } | (self.item(secret) if listed else self.bundle(secret, secret.current))

    def _url(self, secret: Secret) -> str:
        return f"{self.uri}/secrets/{secret.name}"

    def _item(self, version: Version, id: str) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        if version.content_type is not None:
            shown["contentType"] = version.content_type
        shown |= {"id": id, "attributes": self._attributes(version)}
        if version.tags is not None:
            shown["tags"] = dict(version.tags)
        return shown

    def _attributes(self, version: Version) -> dict[str, Any]:
        shown: dict[str, Any] = {"enabled": version.enabled}
        if version.not_before is not None:
            shown["nbf"] = version.not_before
        if version.expires is not None:
            shown["exp"] = version.expires
        shown |= {"created": version.created, "updated": version.updated}
        shown["recoveryLevel"] = self.recovery.level
        if self.api_version != "7.0":
            shown["recoverableDays"] = self.recovery.days
        return shown
