"""The resource groups of all subscriptions."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from azure_emulator.clock import Clock
from azure_emulator.errors import AzureError
from azure_emulator.keeping import Kept


@dataclass
class ResourceGroup:
    """One resource group; `name` keeps the letter case of its creation."""

    subscription: str
    name: str
    location: str
    tags: dict[str, str] = field(default_factory=dict)
    managed_by: str | None = None
    gone_at: float | None = None
    """Set while it is being deleted: when it disappears."""

    @property
    def id(self) -> str:
        """The group's resource ID."""
        return f"/subscriptions/{self.subscription}/resourceGroups/{self.name}"


class ResourceGroups(Kept):
    """Resource groups by subscription and name, compared without letter case."""

    KEPT = ("_by_subscription",)

    def __init__(self, subscription_ids: Collection[str], clock: Clock) -> None:
        self._clock = clock
        self._by_subscription: dict[str, dict[str, ResourceGroup]] = {
            subscription.lower(): {} for subscription in subscription_ids
        }

    def __iter__(self) -> Iterator[ResourceGroup]:
        for subscription in self._by_subscription:
            yield from self.of(subscription)

    def of(self, subscription: str) -> list[ResourceGroup]:
        """List a subscription's groups, those in `Deleting` too.

        Raises AzureError 404 SubscriptionNotFound.
        """
        groups = self._groups(subscription)
        return [group for group in list(groups.values()) if not self._gone(group)]

    def find(self, subscription: str, name: str) -> ResourceGroup | None:
        """Find a group, or None.

        Raises AzureError 404 SubscriptionNotFound.
        """
        group = self._groups(subscription).get(name.lower())
        return None if group is None or self._gone(group) else group

    def get(self, subscription: str, name: str) -> ResourceGroup:
        """Find a group.

        Raises AzureError 404 ResourceGroupNotFound (text: recordings/cli-arm-generic-errors.json)
        or SubscriptionNotFound.
        """
        group = self.find(subscription, name)
        if group is None:
            raise AzureError(
                404,
                "ResourceGroupNotFound",
                f"Resource group '{name}' could not be found.",
                gateway=True,
            )
        return group

    def put(self, group: ResourceGroup) -> None:
        """Keep a group under its name."""
        self._groups(group.subscription)[group.name.lower()] = group

    def _groups(self, subscription: str) -> dict[str, ResourceGroup]:
        groups = self._by_subscription.get(subscription.lower())
        if groups is None:
            raise AzureError(
                404,
                "SubscriptionNotFound",
                f"The subscription '{subscription}' could not be found.",
                gateway=True,
            )
        return groups

    def _gone(self, group: ResourceGroup) -> bool:
        if group.gone_at is None or self._clock.now() < group.gone_at:
            return False
        self._by_subscription[group.subscription.lower()].pop(group.name.lower(), None)
        return True
