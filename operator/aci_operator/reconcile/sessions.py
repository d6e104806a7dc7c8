"""The sessions of the accounts: opened from an account and its credential, kept, renewed."""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from aci_operator.api import reasons
from aci_operator.api.objects import Key, Object
from aci_operator.azure.account import AccountSettings
from aci_operator.azure.clouds import CLOUDS
from aci_operator.azure.credential import UnusableCertificate, certificate_ends
from aci_operator.azure.session import Session
from aci_operator.kube.client import Kube
from aci_operator.reconcile.credentials import PRINCIPAL, Credentials
from aci_operator.reconcile.steps import Stall


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
        self._credentials = Credentials(kube, operator_namespace)
        self._open = open_session
        self._open_sessions: dict[Key, tuple[AccountSettings, Session]] = {}
        self._retired: dict[Key, Session] = {}
        self._lock = asyncio.Lock()

    async def of(self, account: Object) -> Session:
        """Give the account's session, opened at need. Raises what `refresh` raises."""
        found = self._open_sessions.get(account.key)
        return found[1] if found is not None else await self.refresh(account)

    async def refresh(self, account: Object) -> Session:
        """Read the Secret again and open a new session if anything changed.

        A token of a ServiceAccount is renewed at half its life, and Azure's token with it.
        Raises Wait for a missing Secret, key or ServiceAccount, Stall for what cannot be used.
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
            await self._retire(account.key, found[1])
        return session

    async def _retire(self, key: Key, session: Session | None) -> None:
        """Keep the session that was replaced until the next one is: passes may still use it."""
        before = self._retired.pop(key, None)
        if session is not None:
            self._retired[key] = session
        if before is not None:
            await before.close()

    async def forget(self, key: Key) -> None:
        """Close the session of an account that is gone."""
        self._credentials.forget(key)
        await self._retire(key, None)
        found = self._open_sessions.pop(key, None)
        if found is not None:
            await found[1].close()

    def expiries(self) -> Iterator[tuple[Key, float]]:
        """Give when the certificates of the open sessions end, in seconds since 1970.

        Of a client secret nothing tells the end: Entra names it to whoever may read the
        application, not to the one that signs in.
        """
        for key, (settings, _) in tuple(self._open_sessions.items()):
            ends = None if settings.certificate is None else certificate_ends(settings.certificate)
            if ends is not None:
                yield key, ends

    async def close(self) -> None:
        """Close all sessions."""
        for key in list(self._open_sessions):
            await self.forget(key)

    async def _settings(self, account: Object) -> AccountSettings:
        credential = await self._credentials.read(account)
        with _usable():
            return settings_of(account, **credential)


@contextmanager
def _usable() -> Iterator[None]:
    """Make a Stall of what the azure package finds wrong with an account's settings."""
    try:
        yield
    except UnusableCertificate:
        raise Stall(
            reasons.CREDENTIAL_REJECTED,
            f"{PRINCIPAL}.clientCertificateFrom names a value that is no PEM text with a "
            "certificate and its private key, without a password. Store both in one value.",
        ) from None
    except ValueError as error:
        raise Stall(
            reasons.INVALID_ENDPOINT,
            f"The account cannot be used: {error}. Correct spec.endpoints or spec.tenantId.",
        ) from None


def settings_of(account: Object, **credential: Any) -> AccountSettings:
    """Read an account's spec; `credential` is what `Credentials.read` gave.

    Raises Stall for a CA bundle that is no base64 PEM, ValueError for an endpoint that is none.
    """
    spec = account.spec
    endpoints = spec.get("endpoints") or {}
    if endpoints and "cloud" in spec:
        raise Stall(
            reasons.INVALID_ENDPOINT,
            "spec.cloud and spec.endpoints exclude each other. Remove one of the two.",
        )
    optional: dict[str, Any] = {
        "resource_manager": endpoints.get("resourceManager"),
        "active_directory": endpoints.get("activeDirectory"),
        "resource_manager_audience": endpoints.get("resourceManagerAudience"),
        "key_vault_audience": endpoints.get("keyVaultAudience"),
        "ca_bundle": _ca_bundle(endpoints.get("caBundle")),
    }
    own: dict[str, Any] = {**CLOUDS[spec.get("cloud", "AzurePublic")]}
    own |= {name: value for name, value in optional.items() if value}
    return AccountSettings(
        subscription_id=spec["subscriptionId"],
        tenant_id=spec["tenantId"],
        custom=bool(endpoints),
        **credential,
        **own,
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
