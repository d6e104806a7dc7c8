"""GET and LIST of container groups, logs, operations, and what a location offers."""

from __future__ import annotations

from typing import Any

from azure_emulator.containers.group import Group, body, with_instance_view, without_instance_view
from azure_emulator.containers.operations import status
from azure_emulator.containers.quota import usages
from azure_emulator.containers.store import Store
from azure_emulator.errors import AzureError
from azure_emulator.pages import page
from azure_emulator.wire import Request, Response

LOG_LINE = "This container does not run: its log is this line.\n"


class Reads:
    """The operations that change nothing; none of them costs a budget of ACI's own."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._cloud = store.cloud

    def get(self, request: Request) -> Response:
        """Give a group with its instance views."""
        group = self._store.named(request)
        return Response(200, self.shown(group, request.api_version))

    def list(self, request: Request) -> Response:
        """List the groups of a subscription or resource group, without instance views."""
        names = request.parameters
        scope = f"/subscriptions/{names['subscription']}"
        if "group" in names:
            scope += f"/resourceGroups/{names['group']}"
        response = page(request, self._store.under(scope), self._cloud.settings.page_size)
        now, tenant = self._cloud.clock.now(), self._cloud.settings.tenant_id
        version = request.api_version
        response.body["value"] = [
            body(group, without_instance_view(group, version, now), tenant)
            for group in response.body["value"]
        ]
        return response

    def shown(self, group: Group, api_version: str) -> dict[str, Any]:
        """Give a group's body with its instance views."""
        properties = with_instance_view(group, api_version, self._store.moments)
        return body(group, properties, self._cloud.settings.tenant_id)

    def logs(self, request: Request) -> Response:
        """Give a container's log: a fixed line, since containers do not run.

        Raises AzureError 400 ContainerLogNotAvailable before its first start (its status is
        "4xx" in azure.md section 7.1), 409 ContainerGroupTransitioning while the group is made,
        404 ContainerNotFound for a container that is not there (code made up).
        """
        group = self._store.named(request)
        name = request.parameters["container"]
        self.require_container(group, name)
        now = self._cloud.clock.now()
        if group.life.started(now) == 0:
            raise AzureError(
                409,
                "ContainerGroupTransitioning",
                f"The container group '{group.name}' is still transitioning, please retry later.",
            )
        if not any(event.name == "Started" for event in group.life.events(name, now)):
            raise AzureError(
                400,
                "ContainerLogNotAvailable",
                f"The log of container '{name}' in container group '{group.name}' is not "
                "available, please retry later.",
            )
        return Response(200, {"content": LOG_LINE})

    def require_container(self, group: Group, name: str) -> None:
        """Raise AzureError 404 for a container that the group does not have."""
        if all(container["name"] != name for container in group.sent["containers"]):
            raise AzureError(
                404,
                "ContainerNotFound",
                f"The container '{name}' in container group '{group.name}' is not found.",
            )

    def outbound(self, request: Request) -> Response:
        """Give the outbound network dependencies: always none (azure.md section 1)."""
        self._store.named(request)
        return Response(200, [])

    def operation(self, request: Request) -> Response:
        """Tell how a long operation stands."""
        operation = self._store.operations.find(request.parameters["operation"])
        return Response(200, status(operation, self._store.moments))

    def usages(self, request: Request) -> Response:
        """List a region's usages and quotas."""
        names = request.parameters
        return Response(200, {"value": usages(self._store, names["subscription"], self._at(names))})

    def capabilities(self, request: Request) -> Response:
        """List what a region can run: the official example's two rows, for any region."""
        location = self._at(request.parameters)
        rows = [
            {
                "resourceType": "containerGroups",
                "osType": os_type,
                "location": location,
                "ipAddressType": "Public",
                "gpu": gpu,
                "capabilities": {"maxMemoryInGB": 14, "maxCpu": 4, "maxGpuCount": gpus},
            }
            for os_type, gpu, gpus in (("Linux", "K80", 4), ("Windows", "None", 0))
        ]
        return Response(200, {"value": rows})

    def cached_images(self, request: Request) -> Response:
        """List the images that a region keeps: the official example's."""
        self._at(request.parameters)
        rows = [
            {"osType": "Linux", "image": "ubuntu:16.04"},
            {"osType": "Linux", "image": "alpine:3.6"},
            {"osType": "Windows", "image": "microsoft/nanoserver:10.0.14393.2485"},
        ]
        return Response(200, {"value": rows})

    def _at(self, names: Any) -> str:
        region = str(names["location"]).replace(" ", "").lower()
        if region not in self._cloud.settings.locations:
            raise AzureError(
                400,
                "LocationNotAvailableForResourceType",
                f"The provided location '{names['location']}' is not available.",
                gateway=True,
            )
        return region
