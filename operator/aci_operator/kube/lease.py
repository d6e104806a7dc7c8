"""The Lease by which replicas agree on one leader."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from aci_operator.api.leases import API_VERSION, Lease
from aci_operator.kube.client import Kube
from aci_operator.kube.errors import Gone, Unreachable

NAME = "aci-operator"


@dataclass(frozen=True)
class Leases:
    """Reads and writes one Lease; no request takes longer than `within` seconds."""

    kube: Kube
    namespace: str
    within: float
    name: str = NAME

    async def read(self) -> Lease:
        """The lease as it is stored, a free one if there is none. Raises `KubeError`."""
        try:
            async with asyncio.timeout(self.within):
                return Lease.parse(await self.kube.get(self._path(self.name)))
        except Gone:
            return Lease()
        except TimeoutError:
            raise Unreachable("GET Lease: no answer in time") from None

    async def write(self, lease: Lease) -> Lease:
        """Store it; raises `Stale` if another replica wrote meanwhile, else `KubeError`."""
        body = lease.body(self.namespace, self.name)
        try:
            async with asyncio.timeout(self.within):
                if lease.resource_version:
                    return Lease.parse(await self.kube.put(self._path(self.name), body))
                return Lease.parse(await self.kube.post(self._path(), body))
        except TimeoutError:
            raise Unreachable("PUT Lease: no answer in time") from None

    def _path(self, name: str = "") -> str:
        path = f"/apis/{API_VERSION}/namespaces/{self.namespace}/leases"
        return f"{path}/{name}" if name else path
