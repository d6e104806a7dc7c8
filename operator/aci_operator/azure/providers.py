"""Resource providers of a subscription."""

from __future__ import annotations

from typing import Any

from azure.mgmt.resource.resources.aio import ResourceManagementClient

from .arm import Arm, answer, raw
from .versions import RESOURCE_GROUPS


class Providers:
    """Whether a subscription may use a provider at all. All methods raise what `errors` names."""

    def __init__(self, arm: Arm) -> None:
        self._arm = arm

    async def state(self, subscription: str, namespace: str) -> str:
        """Give the `registrationState`, such as `Registered` or `NotRegistered`."""
        client: Any = self._arm.client(ResourceManagementClient, subscription, RESOURCE_GROUPS)
        body = await answer(client.providers.get(namespace, cls=raw))
        return str(body.get("registrationState", "unknown"))
