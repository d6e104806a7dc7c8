"""Read one group from Azure, as whoever runs the command."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aci_operator.azure.account import AccountSettings
from aci_operator.azure.clouds import CLOUDS
from aci_operator.azure.errors import AzureError
from aci_operator.azure.ids import ArmId
from aci_operator.azure.session import Session

from .documents import Unreadable


async def read(id: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """GET one group by its ARM ID. Raises Unreadable, with Azure's reason."""
    try:
        group = ArmId.parse(id)
        if group.full_type.lower() != "microsoft.containerinstance/containergroups":
            raise ValueError(f"{id}: not the ARM ID of a container group")
        account = AccountSettings(group.subscription, "", "", ambient=True, **settings)
        session = await Session.open(account)
    except ValueError as error:
        raise Unreadable(str(error)) from None
    try:
        return dict(await session.container_groups.get(group))
    except AzureError as error:
        raise Unreadable(f"{id}: {error}") from None
    finally:
        await session.close()


def endpoints(options: Mapping[str, Any]) -> dict[str, Any]:
    """Give the settings of an account that a command's options for another Azure stand for."""
    settings: dict[str, Any] = dict(CLOUDS[options["cloud"]])
    for name in ("resource_manager", "active_directory"):
        if options[name]:
            settings |= {name: options[name], "custom": True}
    if options["ca_bundle"]:
        settings["ca_bundle"] = options["ca_bundle"].read_text()
    return settings
