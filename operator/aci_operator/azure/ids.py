"""ARM IDs: parsed, compared without letter case, built and named.

Azure keeps the letter case it was given and compares without it; some services answer in another
case than they were asked in (identities say `resourcegroups`: azure.md section 8). So nothing
outside this module compares IDs as strings.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from functools import cached_property

MAX_LENGTH = 2048
"""ARM cuts URLs near this length; a longer ID is a mistake or an attack."""

ASSIGNMENT_NAMESPACE = uuid.UUID("5f0d3f6e-9a53-5c1b-8f5e-6d1f0c2b7a44")
"""Namespace of the names that this operator gives to role assignments. Never change it: the names
would change, and the assignments that exist would be made a second time."""

_FORBIDDEN = re.compile(r"[\x00-\x20\x7f?#%\\<>{}\"'^`|]")


@dataclass(frozen=True, eq=False)
class ArmId:
    """An ARM ID. Equal to, and hashed as, the same ID in any letter case; `str` keeps the case.

    `type` is the whole type without the provider (`vaults`, `vaults/secrets`,
    `roleAssignments`); for a resource group it is `resourceGroups`, for a subscription
    `subscriptions`. What an ID does not hold is the empty string.
    """

    text: str
    subscription: str = ""
    resource_group: str = ""
    provider: str = ""
    type: str = ""
    name: str = ""

    @classmethod
    def parse(cls, text: str) -> ArmId:
        """Read an ID such as `/subscriptions/{s}/resourceGroups/{g}/providers/{p}/{type}/{name}`.

        Extension resources (`.../providers/Microsoft.Authorization/roleAssignments/{n}`) are read
        by their last provider. Raises ValueError that holds the text and what is wrong with it.
        """
        segments = _segments(text)
        scope, resource = _split_at_last_provider(segments)
        subscription, group = _read_scope(text, scope)
        if not resource:
            kind = "resourceGroups" if group else "subscriptions"
            return cls(text, subscription, group, "", kind, group or subscription)
        pairs = resource[2:]
        if not pairs or len(pairs) % 2:
            raise ValueError(f"{_shown(text)}: a type without a name after the provider")
        kind = "/".join(pairs[0::2])
        return cls(text, subscription, group, resource[1], kind, pairs[-1])

    @cached_property
    def lower(self) -> str:
        """The ID in lower case: for keys and comparisons, never for Azure."""
        return self.text.lower()

    @property
    def full_type(self) -> str:
        """Provider and type: `Microsoft.KeyVault/vaults`; `resourceGroups` has no provider."""
        return f"{self.provider}/{self.type}" if self.provider else self.type

    @property
    def scopes(self) -> tuple[str, ...]:
        """Subscription, resource group and the ID itself, outermost first, in the written case."""
        parts = self.text.split("/")
        outer = [3, 5] if self.resource_group else [3]
        scopes = ["/".join(parts[:end]) for end in outer if self.subscription and end < len(parts)]
        return (*scopes, self.text)

    @property
    def group_id(self) -> str:
        """The ID of the resource group that the resource is in, or the empty string."""
        return "/".join(self.text.split("/")[:5]) if self.resource_group else ""

    def __eq__(self, other: object) -> bool:
        if isinstance(other, ArmId):
            return self.lower == other.lower
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self.lower)

    def __str__(self) -> str:
        return self.text


def _shown(text: object) -> str:
    """Show what was given, cut to a length that fits a message."""
    return repr(text if len(str(text)) <= 200 else f"{str(text)[:200]}...")


def _segments(text: str) -> list[str]:
    if not isinstance(text, str) or not text.startswith("/"):
        raise ValueError(f"{_shown(text)}: an ARM ID starts with /")
    if len(text) > MAX_LENGTH:
        raise ValueError(f"{_shown(text)}: longer than {MAX_LENGTH} characters")
    if found := _FORBIDDEN.search(text):
        raise ValueError(f"{_shown(text)}: holds {found.group()!r}, which no ARM ID holds")
    segments = text.split("/")[1:]
    if any(segment in ("", ".", "..") for segment in segments):
        raise ValueError(f"{_shown(text)}: an empty or relative segment")
    return segments


def _split_at_last_provider(segments: list[str]) -> tuple[list[str], list[str]]:
    places = [place for place, segment in enumerate(segments) if segment.lower() == "providers"]
    if not places:
        return segments, []
    return segments[: places[-1]], segments[places[-1] :]


def _read_scope(text: str, scope: list[str]) -> tuple[str, str]:
    """Give subscription and resource group of the part before the last provider."""
    words = [segment.lower() for segment in scope]
    if not words or words[0] == "providers":
        return "", ""
    if words[0] != "subscriptions" or len(words) < 2:
        raise ValueError(f"{_shown(text)}: neither /subscriptions/{{id}} nor /providers/ first")
    if len(words) == 2:
        return scope[1], ""
    if words[2] == "providers":
        return scope[1], ""
    if words[2] != "resourcegroups" or len(words) == 3:
        raise ValueError(f"{_shown(text)}: /resourceGroups/{{name}} is expected third")
    if len(words) > 4 and words[4] != "providers":
        raise ValueError(f"{_shown(text)}: /providers/ is expected after the resource group")
    return scope[1], scope[3]


def same(a: str | ArmId, b: str | ArmId) -> bool:
    """Say whether two IDs are one, letter case and a closing slash aside."""
    return str(a).lower().rstrip("/") == str(b).lower().rstrip("/")


def within(scope: str | ArmId, id: str | ArmId) -> bool:
    """Say whether `id` is `scope` or lies under it, segment by segment and without letter case.

    `/subscriptions/s/resourceGroups/app` does not hold `/subscriptions/s/resourceGroups/app2`.
    Nothing lies within an empty scope.
    """
    outer = str(scope).lower().rstrip("/").split("/")
    inner = str(id).lower().rstrip("/").split("/")
    return outer != [""] and inner[: len(outer)] == outer


def resource_group_id(subscription: str, name: str) -> ArmId:
    """Build the ID of a resource group."""
    return ArmId.parse(f"/subscriptions/{subscription}/resourceGroups/{name}")


def container_group_id(group_id: str | ArmId, name: str) -> ArmId:
    """Build the ID of a container group in a resource group."""
    return _resource(group_id, "Microsoft.ContainerInstance/containerGroups", name)


def identity_id(group_id: str | ArmId, name: str) -> ArmId:
    """Build the ID of a user-assigned identity in a resource group."""
    return _resource(group_id, "Microsoft.ManagedIdentity/userAssignedIdentities", name)


def vault_id(group_id: str | ArmId, name: str) -> ArmId:
    """Build the ID of a key vault in a resource group."""
    return _resource(group_id, "Microsoft.KeyVault/vaults", name)


def role_assignment_id(scope: str | ArmId, name: str) -> ArmId:
    """Build the ID of a role assignment at any scope."""
    return _resource(scope, "Microsoft.Authorization/roleAssignments", name)


def role_definition_id(subscription: str, name: str) -> ArmId:
    """Build the ID of a role definition: roles are named by subscription (azure.md section 11)."""
    return _resource(
        f"/subscriptions/{subscription}", "Microsoft.Authorization/roleDefinitions", name
    )


def role_assignment_name(scope: str, principal_id: str, role_definition_id: str) -> str:
    """Name the assignment of one role to one principal at one scope: always the same UUID.

    Azure wants a GUID that is unique in the tenant and refuses a second assignment of the same
    three things (azure.md section 7.3); a name made from them makes the PUT repeatable. The role
    counts by its GUID alone: its ID is written with and without a subscription.
    """
    role = role_definition_id.rstrip("/").rsplit("/", 1)[-1]
    seed = "|".join((scope.rstrip("/").lower(), principal_id.lower(), role.lower()))
    return str(uuid.uuid5(ASSIGNMENT_NAMESPACE, seed))


def _resource(scope: str | ArmId, type: str, name: str) -> ArmId:
    if not name or "/" in name:
        raise ValueError(f"{name!r}: not the name of a resource")
    return ArmId.parse(f"{str(scope).rstrip('/')}/providers/{type}/{name}")
