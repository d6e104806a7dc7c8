"""One vault, live or soft-deleted, and how an answer shows it."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from azure_emulator.endpoints import vault_url
from azure_emulator.vaults.policies import Policy
from azure_emulator.vaults.properties import OLDEST, Properties, retention_days, shown
from azure_emulator.vaults.secret import DAY, Recovery
from azure_emulator.vaults.secrets import Secrets

TYPE = "Microsoft.KeyVault/vaults"
_NAME = re.compile(r"[A-Za-z](?:-?[A-Za-z0-9])*")


@dataclass
class Stamp:
    """Who wrote something, and when (seconds since the epoch)."""

    by: str
    at: float


@dataclass
class Vault:
    """A vault as it is stored; `id` has the letter case of the URL that created it."""

    id: str
    name: str
    location: str
    """As it was sent when the vault was created: `deletedVaults` shows this form (recorded)."""
    tags: dict[str, str]
    properties: Properties
    uri: str
    """Of the data plane on the loopback address, without a slash at the end."""
    created: Stamp
    modified: Stamp
    registered_at: float
    """Until then its name is not known to DNS: provisioningState RegisteringDns."""
    secrets: Secrets = field(default_factory=Secrets)
    deleted_at: float | None = None
    """When it went into soft-delete; None while it is live."""
    busy_until: float = 0
    """A write takes until then; another one meanwhile is refused (knob 17)."""
    _former_policies: list[tuple[float, Sequence[Policy]]] = field(default_factory=list)

    @property
    def place(self) -> str:
        """The location as ARM writes it: lower-case, no spaces."""
        return plain_location(self.location)

    @property
    def label(self) -> str:
        """How the data plane's refusals name the vault (azure.md section 10.2)."""
        return f"{self.name};location={self.place}"

    @property
    def recovery(self) -> Recovery:
        """What is granted to things deleted in it."""
        protected = bool(self.properties["enablePurgeProtection"])
        return Recovery(retention_days(self.properties), protected)

    @property
    def purged_at(self) -> float:
        """When a soft-deleted vault goes for good."""
        return (self.deleted_at or 0) + self.recovery.days * DAY

    def is_at(self, location: str) -> bool:
        """Compare locations as ARM does."""
        return self.place == plain_location(location)

    def set_policies(self, policies: Sequence[Policy], now: float) -> None:
        """Change the access policies, remembering the former ones for as long as they count."""
        if policies != self.properties["accessPolicies"]:
            self._former_policies.append((now, self.properties["accessPolicies"]))
            self.properties["accessPolicies"] = list(policies)

    def policies_in_effect(self, now: float, delay: float) -> Sequence[Policy]:
        """Give the policies that the data plane goes by: changes count after `delay` seconds."""
        while self._former_policies and self._former_policies[0][0] + delay <= now:
            self._former_policies.pop(0)
        if self._former_policies:
            return self._former_policies[0][1]
        return self.properties["accessPolicies"]  # type: ignore[no-any-return]

    def uri_at(self, base_url: str) -> str:
        """Give the data plane's URL for a client that reached us under `base_url`."""
        return vault_url(self.name, self.uri, base_url)

    def show(
        self, api_version: str, now: float, *, base_url: str = "", new: bool = False
    ) -> dict[str, Any]:
        """Give the body of an answer to a client that reached us under `base_url` ("": on the
        loopback address); `new` for the answer to the PUT that created it."""
        registering = new or now < self.registered_at
        properties = shown(self.properties, api_version)
        uri = self.uri_at(base_url) if base_url else self.uri
        properties["vaultUri"] = uri + ("" if registering else "/")
        properties["provisioningState"] = "RegisteringDns" if registering else "Succeeded"
        return {
            **self.summary(),
            **({"systemData": self._system_data()} if api_version > OLDEST else {}),
            "properties": properties,
        }

    def summary(self) -> dict[str, Any]:
        """Give what the list of all resources shows."""
        return {
            "id": self.id,
            "name": self.name,
            "type": TYPE,
            "location": self.place,
            "tags": dict(self.tags),
        }

    def show_deleted(self, subscription: str) -> dict[str, Any]:
        """Give the body of a deleted vault (recordings/cli-keyvault-softdelete.json)."""
        properties: dict[str, Any] = {
            "vaultId": self.id,
            "location": self.location,
            "tags": dict(self.tags),
            "deletionDate": timestamp(self.deleted_at or 0),
            "scheduledPurgeDate": timestamp(self.purged_at),
        }
        if self.recovery.purge_protection:
            properties["purgeProtectionEnabled"] = True
        return {
            "id": f"/subscriptions/{subscription}/providers/Microsoft.KeyVault/locations/"
            f"{self.place}/deletedVaults/{self.name}",
            "name": self.name,
            "type": "Microsoft.KeyVault/deletedVaults",
            "properties": properties,
        }

    def show_policies(self) -> dict[str, Any]:
        """Give the answer to accessPolicies/{kind}: the whole list, an ID with a slash at its end.

        (SPEC example updateAccessPoliciesAdd.)
        """
        return {
            "id": f"{self.id}/accessPolicies/",
            "type": f"{TYPE}/accessPolicies",
            "properties": {"accessPolicies": copy.deepcopy(self.properties["accessPolicies"])},
        }

    def _system_data(self) -> Mapping[str, str]:
        """Name the authors; the members are [spec], that they are application IDs is [inf]."""
        return {
            "createdBy": self.created.by,
            "createdByType": "Application",
            "createdAt": timestamp(self.created.at),
            "lastModifiedBy": self.modified.by,
            "lastModifiedByType": "Application",
            "lastModifiedAt": timestamp(self.modified.at),
        }


def is_valid_name(name: str) -> bool:
    """Say whether Azure takes a vault name: 3-24 letters, digits and single hyphens."""
    return 3 <= len(name) <= 24 and _NAME.fullmatch(name) is not None


def plain_location(location: str) -> str:
    """Give a location as ARM compares it: `North Central US` is `northcentralus`."""
    return location.replace(" ", "").lower()


def timestamp(seconds: float) -> str:
    """Give a time as Key Vault writes it: `2020-03-10T13:50:34Z`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
