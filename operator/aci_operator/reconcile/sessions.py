"""The sessions of the accounts: opened from an account and its Secret, kept, renewed.

The Secret of a ClusterAzureAccount is in the operator's own namespace.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from aci_operator.api import reasons
from aci_operator.api.objects import Key, Object
from aci_operator.api.references import SecretKeyReference
from aci_operator.azure.account import AccountSettings
from aci_operator.azure.session import Session
from aci_operator.kube import secrets
from aci_operator.kube.client import Kube
from aci_operator.reconcile.steps import Stall, Wait

SECRET_RETRY = 30.0
"""Seconds at most until a missing Secret is looked for again: Secrets are not watched, and the look
costs Azure nothing."""
SECRET_FIELD = "spec.credential.servicePrincipal.clientSecretFrom"


class Sessions:
    """One session per account; a changed spec or Secret replaces it.

    The last good session stays in memory while a namespace goes away with its Secret.
    """

    def __init__(
        self,
        kube: Kube,
        open_session: Callable[[AccountSettings], Awaitable[Session]],
        operator_namespace: str = "aci-operator-system",
    ) -> None:
        self._kube = kube
        self._operator_namespace = operator_namespace
        self._open = open_session
        self._open_sessions: dict[Key, tuple[AccountSettings, Session]] = {}
        self._lock = asyncio.Lock()

    async def of(self, account: Object) -> Session:
        """Give the account's session, opened at need. Raises what `refresh` raises."""
        found = self._open_sessions.get(account.key)
        return found[1] if found is not None else await self.refresh(account)

    async def refresh(self, account: Object) -> Session:
        """Read the Secret again and open a new session if anything changed.

        Raises Wait for a missing Secret or key, Stall for endpoints that cannot be used.
        """
        async with self._lock:
            settings = await self._settings(account)
            found = self._open_sessions.get(account.key)
            if found is not None and found[0] == settings:
                return found[1]
            with _usable():
                session = await self._open(settings)
            self._open_sessions[account.key] = (settings, session)
        if found is not None:
            await found[1].close()
        return session

    async def forget(self, key: Key) -> None:
        """Close the session of an account that is gone."""
        found = self._open_sessions.pop(key, None)
        if found is not None:
            await found[1].close()

    async def close(self) -> None:
        """Close all sessions."""
        for key in list(self._open_sessions):
            await self.forget(key)

    async def _settings(self, account: Object) -> AccountSettings:
        principal = account.spec["credential"]["servicePrincipal"]
        reference = SecretKeyReference.parse(SECRET_FIELD, principal["clientSecretFrom"])
        namespace = account.key.namespace or self._operator_namespace
        secret = await read_secret_key(self._kube, namespace, reference)
        with _usable():
            return settings_of(account, secret.decode(errors="replace").strip())


@contextmanager
def _usable() -> Iterator[None]:
    """Make a Stall of what the azure package finds wrong with an account's settings."""
    try:
        yield
    except ValueError as error:
        raise Stall(
            reasons.INVALID_ENDPOINT,
            f"The account cannot be used: {error}. Correct spec.endpoints or spec.tenantId.",
        ) from None


async def read_secret_key(kube: Kube, namespace: str, reference: SecretKeyReference) -> bytes:
    """Read one key of a Secret; raises Wait that names what is missing."""
    secret = await secrets.read(kube, namespace, reference.name)
    if secret is None:
        raise Wait(
            reasons.WAITING_FOR_SECRET,
            f"{reference.field} names Secret {reference.name}, which does not exist in namespace "
            f"{namespace}. Create it with key {reference.key}.",
            backoff=True,
            longest=SECRET_RETRY,
        )
    value = secret.data.get(reference.key)
    if value is None:
        raise Wait(
            reasons.WAITING_FOR_SECRET,
            f"{reference.field} names key {reference.key}, which Secret {reference.name} does not "
            "have. Add the key, or name another one.",
            backoff=True,
            longest=SECRET_RETRY,
        )
    return value


def settings_of(account: Object, client_secret: str) -> AccountSettings:
    """Read an AzureAccount's spec.

    Raises Stall for a CA bundle that is no base64 PEM, ValueError for an endpoint that is none.
    """
    spec = account.spec
    endpoints = spec.get("endpoints") or {}
    optional = {
        "resource_manager": endpoints.get("resourceManager"),
        "active_directory": endpoints.get("activeDirectory"),
        "resource_manager_audience": endpoints.get("resourceManagerAudience"),
        "key_vault_audience": endpoints.get("keyVaultAudience"),
        "ca_bundle": _ca_bundle(endpoints.get("caBundle")),
    }
    return AccountSettings(
        subscription_id=spec["subscriptionId"],
        tenant_id=spec["tenantId"],
        client_id=spec["credential"]["servicePrincipal"]["clientId"],
        client_secret=client_secret,
        custom=bool(endpoints),
        **{name: value for name, value in optional.items() if value},
    )


def _ca_bundle(encoded: str | None) -> str | None:
    if not encoded:
        return None
    try:
        text = base64.b64decode(encoded, validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        text = ""
    if "-----BEGIN CERTIFICATE-----" not in text:
        raise Stall(
            reasons.INVALID_ENDPOINT,
            "spec.endpoints.caBundle is not the base64 form of a PEM certificate bundle. "
            "Make it with `base64 -w0 ca.pem`.",
        )
    return text
