"""What stands behind the proxy: every surface of the emulated Azure, by Azure's names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from azure_emulator.certificates import Authority
from azure_emulator.cloud import Cloud
from azure_emulator.containers import ContainerGroups
from azure_emulator.entra.token_endpoint import TokenEndpoint
from azure_emulator.exchange import Incoming, Unreachable
from azure_emulator.graph.directory_objects import MicrosoftGraph
from azure_emulator.identities.endpoint import IdentityEndpoints
from azure_emulator.listeners import HOST
from azure_emulator.proxy.hosts import place
from azure_emulator.proxy.named import Named, named_context
from azure_emulator.proxy.passes import Passes
from azure_emulator.proxy.server import Proxy
from azure_emulator.server import ResourceManager
from azure_emulator.vaults import Vaults
from azure_emulator.wire import Response

_CA_VARIABLES = (
    "CURL_CA_BUNDLE",
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "WEBSOCKET_CLIENT_CA_BUNDLE",
)
"""For curl, OpenSSL and Python, requests (the Azure CLI), and the CLI's websockets."""


class Front:
    """The proxy and the listener that it leads to; also what containers find around them."""

    def __init__(self, cloud: Cloud, instances: IdentityEndpoints) -> None:
        self._cloud = cloud
        self._instances = instances
        self._passes = Passes()
        self._lasting: dict[str, str] = {}
        self._proxy: Proxy | None = None

    async def start(self, authority: Authority) -> None:
        """Listen; `cloud.endpoints.proxy` is known then."""
        listeners = self._cloud.listeners
        named = Named(
            {
                "arm": listeners.exchange(ResourceManager(self._cloud).answer, "arm"),
                "entra": listeners.exchange(TokenEndpoint(self._cloud).answer, "entra"),
                "vault": listeners.exchange(self._vault, "vault"),
                "stream": self._container_groups().streams,
                "graph": listeners.exchange(MicrosoftGraph(self._cloud).answer, "graph"),
            }
        )
        port = listeners.serve(named, tls=named_context(authority))
        self._proxy = Proxy(port, self._instances.url, self._passes)
        self._cloud.endpoints.proxy = f"http://{HOST}:{await self._proxy.start()}"

    async def stop(self) -> None:
        """Drop all connections of the proxy."""
        if self._proxy is not None:
            await self._proxy.stop()

    def url_for(self, container_group_id: str) -> str:
        """Give the proxy's URL with credentials of a container group, always the same."""
        self._instances.url(container_group_id)  # raises ValueError for something else
        key = container_group_id.lower()
        if key not in self._lasting:
            self._lasting[key] = self._passes.issue(container_group_id)
        return self._url(self._lasting[key])

    def variables(self, group_id: str) -> dict[str, str]:
        """Give the environment variables that Azure adds to a group's containers:
        IDENTITY_ENDPOINT and IDENTITY_HEADER for an identity on Windows, else none."""
        return self._instances.variables(group_id)

    @contextmanager
    def entered(self, group_id: str) -> Iterator[dict[str, str]]:
        """Give the variables that lead a process's requests here as those of a container: proxy
        and CA. What names the loopback address is reached directly: IDENTITY_ENDPOINT, and a vault
        by the URI that it has for who uses no proxy."""
        password = self._passes.issue(group_id)
        proxy = self._url(password)
        ca_file = str(self._cloud.endpoints.ca_file)
        try:
            yield {
                **dict.fromkeys(("http_proxy", "https_proxy", "HTTPS_PROXY"), proxy),
                **dict.fromkeys(("no_proxy", "NO_PROXY"), HOST),
                **dict.fromkeys(_CA_VARIABLES, ca_file),
            }
        finally:
            self._passes.withdraw(password)

    def _url(self, password: str) -> str:
        return self._cloud.endpoints.proxy.replace("//", f"//container:{password}@", 1)

    def _container_groups(self) -> ContainerGroups:
        return next(one for one in self._cloud.providers if isinstance(one, ContainerGroups))

    def _vault(self, incoming: Incoming) -> Response:
        found = place(urlsplit(incoming.base_url).hostname or "")
        vaults = next(one for one in self._cloud.providers if isinstance(one, Vaults))
        if found is None:
            raise Unreachable
        return vaults.answer(found.vault, incoming)
