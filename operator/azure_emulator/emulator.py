"""The emulator as one object: started in the running loop, told what to be, asked what happened."""

from __future__ import annotations

import contextlib
import tempfile
import uuid
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from azure_emulator import snapshot
from azure_emulator.authorization.provider import AuthorizationProvider
from azure_emulator.authorization.rights import Authorization
from azure_emulator.calls import Calls
from azure_emulator.certificates import Authority
from azure_emulator.clock import Clock
from azure_emulator.cloud import Cloud
from azure_emulator.containers import ContainerGroups
from azure_emulator.control import Control
from azure_emulator.endpoints import Endpoints
from azure_emulator.entra.directory import Directory, Principal
from azure_emulator.entra.token_endpoint import TokenEndpoint
from azure_emulator.faults import Faults
from azure_emulator.graph.directory_objects import MicrosoftGraph
from azure_emulator.identities.endpoint import IdentityEndpoints
from azure_emulator.identities.identity import Identities
from azure_emulator.identities.provider import ManagedIdentity
from azure_emulator.listeners import HOST, Listeners
from azure_emulator.proxy.front import Front
from azure_emulator.resources.group import ResourceGroups
from azure_emulator.resources.provider import Resources
from azure_emulator.resources.subscription import SubscriptionLists
from azure_emulator.server import ResourceManager
from azure_emulator.settings import Settings
from azure_emulator.vaults import Vaults

_IDENTITY = "/providers/microsoft.managedidentity/userassignedidentities/"


class Emulator:
    """One emulated Azure on loopback ports, in the event loop that enters it.

    `directory` is where `ca.pem` goes (by default a temporary one, removed at the end); `port`
    is ARM's (0: any free one).
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        clock: Clock | None = None,
        directory: Path | None = None,
        port: int = 0,
    ) -> None:
        self.settings = settings or Settings()
        self.clock = clock or Clock()
        self.calls = Calls(self.settings.calls_kept)
        self.faults = Faults()
        self.endpoints = Endpoints()
        self._directory = directory
        self._port = port
        self._exits = contextlib.ExitStack()
        self.cloud = self._make_cloud()
        self._container_groups = next(
            each for each in self.cloud.providers if isinstance(each, ContainerGroups)
        )
        self._instances = IdentityEndpoints(self.cloud)
        self._front = Front(self.cloud, self._instances)
        self.cloud.surroundings = self._front

    async def __aenter__(self) -> Self:
        directory = self._directory
        if directory is None:
            made = self._exits.enter_context(tempfile.TemporaryDirectory(prefix="azure-emulator-"))
            directory = Path(made)
        directory.mkdir(parents=True, exist_ok=True)
        listeners = self.cloud.listeners
        authority = Authority(directory)
        self.endpoints.ca_file, listeners.tls = authority.ca_file, authority.own_context()
        try:
            self._listen(listeners)
            await self._front.start(authority)
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stop()

    def create_service_principal(
        self, display_name: str, *, secret: str | None = None
    ) -> Principal:
        """Register an application in the tenant, with a client secret if one is given."""
        return self.cloud.directory.create_service_principal(display_name, secret=secret)

    def assign_role(self, oid: str, role: str, scope: str) -> str:
        """Give a principal a role (display name or GUID) at a scope, effective at once.

        Gives the assignment's resource ID. Raises ValueError for an unknown role.
        """
        return self.cloud.authorization.assign(
            oid, role, scope, name=str(uuid.uuid4()), principal_type="ServicePrincipal"
        ).id

    def token(self, principal: Principal, audience: str = "https://management.azure.com") -> str:
        """Sign a token without asking the token endpoint, so that no call is counted."""
        return self.cloud.directory.issue(principal, audience, self.settings.token_seconds)

    async def identity_endpoint(self, container_group_id: str) -> str:
        """Give the base URL (plain HTTP) of the identity endpoint inside a container group.

        It stands for http://169.254.169.254 as the group's containers see it. Works for a group
        that is yet to be made. Raises ValueError for an ID of something else.
        """
        return self._instances.url(container_group_id)

    def container_variables(self, container_group_id: str) -> dict[str, str]:
        """Give the environment variables that Azure adds to a group's containers:
        IDENTITY_ENDPOINT and IDENTITY_HEADER for an identity on Windows, else none."""
        return self._front.variables(container_group_id)

    def container_proxy(self, container_group_id: str) -> str:
        """Give a URL for `http_proxy` by which the proxy knows a container group: through it
        http://169.254.169.254 answers as inside its containers.

        Works for a group that is yet to be made. Raises ValueError for an ID of something else,
        RuntimeError when 1,000 are given out.
        """
        return self._front.url_for(container_group_id)

    def save(self, path: Path) -> None:
        """Write the whole state to a file (mode 0600: it holds secret values); raises OSError."""
        snapshot.save(self.cloud, path)

    def load(self, path: Path) -> None:
        """Take the state of a file that `save` wrote, once the emulator runs.

        Raises `snapshot.SnapshotError`, OSError.
        """
        snapshot.load(self.cloud, path)

    def state(self) -> dict[str, dict[str, Any]]:
        """Give all that the emulated Azure holds: `{section: {resource ID: body}}`, no secret
        values."""
        return self.cloud.state()

    def describe(self) -> dict[str, Any]:
        """Give what a client needs to find this Azure and to trust it, as JSON."""
        return {
            "resourceManager": self.endpoints.resource_manager,
            "activeDirectory": self.endpoints.active_directory,
            "control": self.endpoints.control,
            "proxy": self.endpoints.proxy,
            "microsoftGraph": self.endpoints.graph,
            "caFile": str(self.endpoints.ca_file),
            "tenantId": self.settings.tenant_id,
            "subscriptionIds": list(self.settings.subscription_ids),
        }

    def _make_cloud(self) -> Cloud:
        settings, clock = self.settings, self.clock
        cloud = Cloud(
            settings=settings,
            clock=clock,
            calls=self.calls,
            faults=self.faults,
            listeners=Listeners(clock, self.calls, self.faults),
            endpoints=self.endpoints,
            directory=Directory(settings.tenant_id, clock),
            authorization=Authorization(settings, clock),
            groups=ResourceGroups(settings.subscription_ids, clock),
            identities=Identities(),
        )
        cloud.authorization.exists = lambda arm_id: (
            _IDENTITY not in arm_id.lower() or cloud.identities.find(arm_id) is not None
        )
        container_groups = ContainerGroups(cloud)
        cloud.container_groups = container_groups
        cloud.providers += [
            Resources(cloud),
            SubscriptionLists(cloud),
            ManagedIdentity(cloud),
            AuthorizationProvider(cloud),
            container_groups,
            Vaults(cloud),
        ]
        return cloud

    def _listen(self, listeners: Listeners) -> None:
        entra = listeners.open(TokenEndpoint(self.cloud).answer, surface="entra")
        arm = listeners.open(ResourceManager(self.cloud).answer, surface="arm", port=self._port)
        graph = listeners.open(MicrosoftGraph(self.cloud).answer, surface="graph")
        control = listeners.serve(Control(self), tls=False)
        self.endpoints.control = f"http://{HOST}:{control}"
        self.endpoints.graph = f"https://{HOST}:{graph}"
        self.endpoints.active_directory = f"https://{HOST}:{entra}"
        self.endpoints.resource_manager = f"https://{HOST}:{arm}"

    async def _stop(self) -> None:
        await self._container_groups.close()
        await self._front.stop()
        await self.cloud.listeners.close_all()
        self._exits.close()
