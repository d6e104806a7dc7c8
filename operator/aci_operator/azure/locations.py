"""What a region offers."""

from __future__ import annotations

from .arm import Arm, JsonObjects, region_name
from .versions import CONTAINER_GROUPS


class Locations:
    """Microsoft.ContainerInstance/locations: takes a right on the whole subscription."""

    def __init__(self, arm: Arm) -> None:
        self._arm = arm

    async def capabilities(self, subscription_id: str, location: str) -> JsonObjects:
        """List what container groups may have in a region.

        Each row is `{osType, location, ipAddressType, gpu, capabilities}`; `gpu` is the sku or
        "None" (azure.md section 1 [spec example]). Raises what `errors` names.
        """
        region = f"Microsoft.ContainerInstance/locations/{region_name(location)}"
        path = f"/subscriptions/{subscription_id}/providers/{region}/capabilities"
        return await self._arm.pages(path, CONTAINER_GROUPS)
