"""What a region holds: quotas, their refusal, and the usages that a client can read."""

from __future__ import annotations

from typing import Any

from azure_emulator.containers.group import Group
from azure_emulator.containers.store import Store
from azure_emulator.errors import AzureError


def check(store: Store, group: Group) -> None:
    """Refuse a new group for which its region has no room.

    Raises AzureError 400 ContainerGroupQuotaReached (azure.md section 7.1).
    """
    if group.spot:
        return  # spot cores have a quota of their own, which is not emulated
    settings, tally = store.cloud.settings, store.tally
    place = (group.subscription, group.location)
    limits = (
        ("ContainerGroups", settings.container_groups_quota, float(tally.groups(*place)), 1.0),
        ("StandardCores", settings.container_cores_quota, tally.cores(*place), group.cores()),
    )
    for name, limit, usage, requested in limits:
        if usage + requested > limit:
            raise AzureError(
                400,
                "ContainerGroupQuotaReached",
                "Resource type 'Microsoft.ContainerInstance/containerGroups' container group quota "
                f"'{name}' exceeded in region '{group.location}'. Limit: '{limit}', Usage: "
                f"'{usage:g}' Requested: '{requested:g}'.",
            )


def check_label(store: Store, group_id: str, region: str, label: str | None) -> None:
    """Refuse a DNS name label that another group of the region has.

    Raises AzureError 400 (text: azure.md section 7.1, where the code is not shown).
    """
    holder = store.tally.holder(region, label) if label else None
    if holder is not None and holder != group_id.lower():
        name = group_id.rpartition("/")[2]
        raise AzureError(
            400,
            "DnsNameLabelNotAvailable",
            f"The DNS name label '{label}' in container group '{name}' not available. Try using a "
            "different label.",
        )


# (segment of the ID, name, shown name, limit): recording ps-container-lifecycle, whose shown
# names of the two Confidential rows are the service's own mistake.
_ROWS = (
    ("ContainerGroups", "ContainerGroups", "Container Groups", None),
    ("standardCores", "StandardCores", "Standard Cores", None),
    ("standardSpotCores", "StandardSpotCores", "Standard Spot Cores", 100),
    ("standardK80Cores", "StandardK80Cores", "Standard K80 Cores", 100),
    ("standardP100Cores", "StandardP100Cores", "Standard P100 Cores", 100),
    ("standardV100Cores", "StandardV100Cores", "Standard V100 Cores", 100),
    ("DedicatedContainerGroups", "DedicatedContainerGroups", "Dedicated Container Groups", 0),
    ("dedicatedCores", "DedicatedCores", "Dedicated Cores", 4000),
    (
        "ConfidentialContainerGroups",
        "ConfidentialContainerGroups",
        "Dedicated Container Groups",
        1000,
    ),
    ("confidentialCores", "ConfidentialCores", "Dedicated Cores", 4000),
)


def usages(store: Store, subscription: str, region: str) -> list[dict[str, Any]]:
    """List the ten usages of a region; rows that the emulator does not count say 0."""
    settings, tally = store.cloud.settings, store.tally
    counted = {
        "ContainerGroups": (tally.groups(subscription, region), settings.container_groups_quota),
        "StandardCores": (tally.cores(subscription, region), settings.container_cores_quota),
        "StandardSpotCores": (tally.cores(subscription, region, spot=True), 100),
    }
    rows = []
    for segment, name, text, fixed in _ROWS:
        usage, limit = counted.get(name, (0, fixed))
        rows.append(
            {
                "id": f"/subscriptions/{subscription}/providers/Microsoft.ContainerInstance"
                f"/locations/{region}/usages/{segment}",
                "unit": "Count",
                "currentValue": round(usage),
                "limit": limit,
                "name": {"value": name, "localizedValue": text},
            }
        )
    return rows
