"""Tokens of ServiceAccounts, asked for by TokenRequest and renewed long before they end."""

from __future__ import annotations

import time
from collections.abc import Callable

from aci_operator.kube import paths
from aci_operator.kube.client import Kube

AUDIENCE = "api://AzureADTokenExchange"
"""What Entra expects of a token that stands for a federated credential."""
LIFETIME = 3600
"""Seconds asked for; the API server may give less or more."""


class ServiceAccountToken:
    """The token of one ServiceAccount, for Entra. Its text never shows up in a `repr`."""

    def __init__(
        self, kube: Kube, namespace: str, name: str, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._kube = kube
        self._now = now
        self.namespace = namespace
        self.name = name
        self._text = ""
        self._renew_at = float("-inf")

    async def text(self) -> str:
        """Give the token; a new one is asked for at half of a token's life.

        Raises `Gone` if the ServiceAccount is not there, `Denied` if the right to
        `create serviceaccounts/token` is missing or the namespace is being deleted.
        """
        if self._now() >= self._renew_at:
            begun = self._now()
            answer = await self._kube.post(self._path, _REQUEST)
            self._text = str(answer["status"]["token"])
            self._renew_at = begun + LIFETIME / 2
        return self._text

    @property
    def _path(self) -> str:
        return paths.of_token(self.namespace, self.name)


_REQUEST = {
    "apiVersion": "authentication.k8s.io/v1",
    "kind": "TokenRequest",
    "spec": {"audiences": [AUDIENCE], "expirationSeconds": LIFETIME},
}
