"""The connection to the API server, over the `kubernetes` package's asyncio client."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from kubernetes.aio import client as _typed_client
from kubernetes.aio import config as _typed_config

from aci_operator.kube.errors import Unreachable, error_of

# The package is typed in parts only, and wrongly in some of them.
client: Any = _typed_client
config: Any = _typed_config

JSON_PATCH = "application/json-patch+json"
MERGE_PATCH = "application/merge-patch+json"
APPLY_PATCH = "application/apply-patch+yaml"

_JSON = {"Accept": "application/json", "Content-Type": "application/json"}
_METADATA = {"Accept": "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"}
_METADATA_LIST = {"Accept": "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"}

_TIMEOUT = aiohttp.ClientTimeout(total=30, sock_connect=10)
_RELOAD_SECONDS = 60.0
_CONNECTIONS = 50


@dataclass(frozen=True)
class Connection:
    """How to reach the API server, for a client that is not ours."""

    server: str
    ca_path: str | None
    certificate_path: str | None
    key_path: str | None
    scheme: str | None
    """Of the Authorization header: `Bearer` or `Basic`."""
    token: str | None = field(repr=False)
    insecure: bool
    proxy_url: str | None


class Kube:
    """One API server and one credential. JSON in, JSON out, typed errors."""

    def __init__(self, configuration: Any, kubeconfig: Path | None) -> None:
        self._configuration = configuration
        self._kubeconfig = kubeconfig
        self._loaded_at = time.monotonic()
        self._api = client.ApiClient(configuration)

    @classmethod
    async def open(cls, kubeconfig: Path | None = None) -> Kube:
        """Connect by that kubeconfig, or as the pod's ServiceAccount if none is named.

        Raises `Unreachable` if the credentials cannot be read. Tokens in files are read again
        while the connection lives, since the kubelet renews them.
        """
        # The environment's proxies are for the way out of the cluster, not to the API server.
        configuration = client.Configuration(client_session_kwargs={"trust_env": False})
        configuration.connection_pool_maxsize = _CONNECTIONS
        try:
            await _load(configuration, kubeconfig)
        except (config.ConfigException, OSError) as error:
            raise Unreachable(f"no way to reach the API server: {error}") from error
        kube = cls(configuration, kubeconfig)
        if kubeconfig is not None:
            configuration.refresh_api_key_hook = kube._reload_when_due
        return kube

    async def close(self) -> None:
        """Close all connections."""
        await self._api.close()

    async def connection(self) -> Connection:
        """The present way to the API server, with credentials as they are in their files now."""
        await _load(self._configuration, self._kubeconfig)
        if self._kubeconfig is not None:
            self._configuration.refresh_api_key_hook = self._reload_when_due
        now = self._configuration
        scheme, _, token = (now.api_key.get("BearerToken") or "").partition(" ")
        return Connection(
            server=now.host,
            ca_path=now.ssl_ca_cert,
            certificate_path=now.cert_file,
            key_path=now.key_file,
            scheme=scheme.capitalize() or None,
            token=token.strip() or None,
            insecure=not now.verify_ssl,
            proxy_url=now.proxy,
        )

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        """GET; the answer's JSON. Raises `KubeError`."""
        return await self._call("GET", path, query, None, _JSON)

    async def get_metadata(self, path: str) -> dict[str, Any]:
        """GET of an object's metadata alone, without a Secret's values. Raises `KubeError`."""
        return await self._call("GET", path, None, None, _METADATA)

    async def list_metadata(self, path: str, query: Mapping[str, str]) -> dict[str, Any]:
        """GET of a list of objects, of each its metadata alone. Raises `KubeError`."""
        return await self._call("GET", path, query, None, _METADATA_LIST)

    async def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """POST; the answer's JSON. Raises `KubeError`; `Stale` with `AlreadyExists` if it is."""
        return await self._call("POST", path, None, body, _JSON)

    async def put(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """PUT; the answer's JSON. Raises `KubeError`, `Stale` for an outdated resourceVersion."""
        return await self._call("PUT", path, None, body, _JSON)

    async def remove(self, path: str, uid: str) -> dict[str, Any]:
        """DELETE of the object of that uid. Raises `KubeError`, `Stale` if another has its name."""
        body = {"apiVersion": "v1", "kind": "DeleteOptions", "preconditions": {"uid": uid}}
        return await self._call("DELETE", path, None, body, _JSON)

    async def patch(
        self,
        path: str,
        body: Mapping[str, Any] | Sequence[Mapping[str, Any]],
        content_type: str,
        query: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """PATCH of one of the three kinds above; the answer's JSON. Raises `KubeError`."""
        return await self._call("PATCH", path, query, body, {**_JSON, "Content-Type": content_type})

    async def _call(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None,
        body: Any,
        headers: Mapping[str, str],
    ) -> dict[str, Any]:
        call = f"{method} {path}"
        try:
            request = await self._api.param_serialize(
                method,
                path,
                query_params=list((query or {}).items()),
                header_params=dict(headers),
                body=body,
                auth_settings=["BearerToken"],
            )
            response = await self._api.call_api(*request, _request_timeout=_TIMEOUT)
            data = await response.read()
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise Unreachable(f"{call}: {type(error).__name__}") from error
        if not 200 <= response.status < 300:
            raise error_of(response.status, data, call)
        answer: dict[str, Any] = json.loads(data)
        return answer

    async def _reload_when_due(self, configuration: Any) -> None:
        if time.monotonic() - self._loaded_at < _RELOAD_SECONDS:
            return
        self._loaded_at = time.monotonic()
        try:
            await _load(configuration, self._kubeconfig)
        except (config.ConfigException, OSError):
            return  # half-written at this moment; what was read last still counts


async def _load(configuration: Any, kubeconfig: Path | None) -> None:
    if kubeconfig is None:
        config.load_incluster_config(client_configuration=configuration)
    else:
        await config.load_kube_config(
            config_file=str(kubeconfig),
            client_configuration=configuration,
            persist_config=False,
        )
