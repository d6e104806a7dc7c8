"""Where a template would be deployed: what `resourceGroup()`, `resourceId()` and so on say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .values import LOCATION, RESOURCE_GROUP, SUBSCRIPTION, TENANT, Refusal


@dataclass(frozen=True)
class Place:
    """The target of a deployment; marks stand for what was not said."""

    subscription: str = SUBSCRIPTION
    group: str = RESOURCE_GROUP
    location: str = LOCATION
    tenant: str = TENANT

    @property
    def subscription_id(self) -> str:
        """The subscription's ARM ID."""
        return f"/subscriptions/{self.subscription}"

    @property
    def group_id(self) -> str:
        """The resource group's ARM ID."""
        return f"{self.subscription_id}/resourceGroups/{self.group}"

    def scope(self, name: str) -> dict[str, Any] | None:
        """Give what `resourceGroup()`, `subscription()` or `tenant()` answers, or None."""
        return {
            "resourcegroup": {
                "id": self.group_id,
                "name": self.group,
                "location": self.location,
                "type": "Microsoft.Resources/resourceGroups",
            },
            "subscription": {
                "id": self.subscription_id,
                "subscriptionId": self.subscription,
                "tenantId": self.tenant,
            },
            "tenant": {"tenantId": self.tenant},
        }.get(name)

    def resource_id(self, arguments: Sequence[Any]) -> str:
        """Answer `resourceId([subscription,] [group,] type, name...)`. Raises Refusal."""
        texts = _texts("resourceId", arguments)
        first = _first_type("resourceId", texts)
        subscription = texts[0] if first == 2 else self.subscription
        group = texts[first - 1] if first else self.group
        scope = f"/subscriptions/{subscription}/resourceGroups/{group}"
        return f"{scope}/providers/{joined(texts[first], texts[first + 1 :])}"

    def subscription_resource_id(self, arguments: Sequence[Any]) -> str:
        """Answer `subscriptionResourceId([subscription,] type, name...)`. Raises Refusal."""
        texts = _texts("subscriptionResourceId", arguments)
        first = _first_type("subscriptionResourceId", texts)
        subscription = texts[0] if first else self.subscription
        names = joined(texts[first], texts[first + 1 :])
        return f"/subscriptions/{subscription}/providers/{names}"


def extension_resource_id(arguments: Sequence[Any]) -> str:
    """Answer `extensionResourceId(scope, type, name...)`. Raises Refusal."""
    texts = _texts("extensionResourceId", arguments)
    if len(texts) < 3:
        raise Refusal("extensionResourceId needs a scope, a type and a name")
    return f"{texts[0]}/providers/{joined(texts[1], texts[2:])}"


def joined(type: str, names: Sequence[str]) -> str:
    """Join `a/b/c` and two names to `a/b/NAME/c/NAME`. Raises Refusal if they do not match."""
    provider, *types = type.strip("/").split("/")
    pieces = [piece for name in names for piece in name.split("/")]
    if len(types) != len(pieces) or not types:
        raise Refusal(f"{type} needs {len(types)} names, and {len(pieces)} are given")
    return "/".join(
        [provider, *(f"{kind}/{name}" for kind, name in zip(types, pieces, strict=True))]
    )


def _texts(function: str, arguments: Sequence[Any]) -> list[str]:
    if not all(isinstance(argument, str) for argument in arguments):
        raise Refusal(f"{function} needs plain texts, and one of them is hidden or not known")
    return list(arguments)


def _first_type(function: str, texts: Sequence[str]) -> int:
    """Give the place of the type: the first text with a slash, at most two stand before it."""
    for place, text in enumerate(texts[:3]):
        if "/" in text:
            return place
    raise Refusal(f"{function} names no type of a resource")
