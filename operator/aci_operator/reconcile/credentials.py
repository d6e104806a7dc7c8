"""How an account signs in: its one source, read from the cluster at each look.

A ClusterAzureAccount's Secret and ServiceAccount are in the operator's own namespace, an
AzureAccount's in its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aci_operator.api import reasons
from aci_operator.api.kinds import CLUSTER_AZURE_ACCOUNT
from aci_operator.api.objects import Key, Object
from aci_operator.api.references import SecretKeyReference
from aci_operator.kube import secrets
from aci_operator.kube.client import Kube
from aci_operator.kube.errors import Denied, Gone
from aci_operator.kube.service_accounts import ServiceAccountToken
from aci_operator.reconcile.steps import Halt, Stall, Wait

SECRET_RETRY = 30.0
"""Seconds at most until a missing Secret is looked for again: Secrets are not watched, and the look
costs Azure nothing."""
PRINCIPAL = "spec.credential.servicePrincipal"
_TERMINATING = "because it is being terminated"
"""What the API server says when a namespace that is being deleted is asked for something new."""


class Credentials:
    """Reads the credentials of accounts; tokens of ServiceAccounts are kept for half their life."""

    def __init__(self, kube: Kube, operator_namespace: str) -> None:
        self._kube = kube
        self._operator_namespace = operator_namespace
        self._tokens: dict[Key, ServiceAccountToken] = {}

    async def read(self, account: Object) -> dict[str, Any]:
        """Give what `AccountSettings` needs of the credential.

        Raises Wait for what is missing, Stall for what cannot be used, KubeError.
        """
        refuse_own_identity(account, self._home(account), self._operator_namespace)
        source = account.spec["credential"]
        if "workloadIdentity" in source:
            return await self._workload_identity(account, source["workloadIdentity"])
        if "managedIdentity" in source:
            client_id = source["managedIdentity"].get("clientId", "")
            return {"client_id": client_id, "managed_identity": True}
        return await self._service_principal(account, source["servicePrincipal"])

    def forget(self, key: Key) -> None:
        """Forget the token of an account that is gone."""
        self._tokens.pop(key, None)

    def _home(self, account: Object) -> str:
        return account.key.namespace or self._operator_namespace

    async def _service_principal(
        self, account: Object, principal: Mapping[str, Any]
    ) -> dict[str, Any]:
        own: dict[str, Any] = {"client_id": principal["clientId"]}
        field, value = _secret_field(principal)
        reference = SecretKeyReference.parse(f"{PRINCIPAL}.{field}", value)
        secret = await read_secret_key(self._kube, self._home(account), reference)
        if field == "clientCertificateFrom":
            return {**own, "certificate": secret}
        return {**own, "client_secret": secret.decode(errors="replace").strip()}

    async def _workload_identity(
        self, account: Object, identity: Mapping[str, Any]
    ) -> dict[str, Any]:
        home, name = self._home(account), identity["serviceAccountName"]
        token = self._tokens.get(account.key)
        if token is None or token.name != name:
            token = self._tokens[account.key] = ServiceAccountToken(self._kube, home, name)
        try:
            assertion = await token.text()
        except (Denied, Gone) as error:
            if account.deleting or _TERMINATING in str(error):
                raise _no_token_any_more(home, name) from None
            raise _no_token(home, name, error) from None
        return {"client_id": identity["clientId"], "assertion": assertion}


def secret_name(account: Object) -> str | None:
    """Give the name of the Secret that the account's credential stands in, if it is in one."""
    principal = account.spec["credential"].get("servicePrincipal")
    if principal is None:
        return None
    return str(_secret_field(principal)[1]["secretKeyRef"]["name"])


def refuse_own_identity(account: Object, home: str, operator_namespace: str) -> None:
    """Raise Stall where the operator's own identity is asked for by those who may not have it.

    The CRDs refuse the same; but what they once refused must not depend on them alone.
    """
    source = account.spec["credential"]
    cluster = account.key.kind == CLUSTER_AZURE_ACCOUNT.kind
    if "managedIdentity" in source and not cluster:
        raise Stall(
            reasons.NOT_SUPPORTED,
            "spec.credential.managedIdentity is the operator's own identity; only a "
            f"{CLUSTER_AZURE_ACCOUNT.kind} lends it. Use servicePrincipal or workloadIdentity.",
        )
    own = [name for name in ("managedIdentity", "workloadIdentity") if name in source]
    if own and account.spec.get("endpoints") and home == operator_namespace:
        raise Stall(
            reasons.INVALID_ENDPOINT,
            f"spec.endpoints cannot stand beside spec.credential.{own[0]}: the operator's own "
            "identity is never sent to custom addresses. Use servicePrincipal, or spec.cloud.",
        )


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


def _secret_field(principal: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    certificate = "clientCertificateFrom" in principal
    field = "clientCertificateFrom" if certificate else "clientSecretFrom"
    return field, principal[field]


def _no_token_any_more(namespace: str, name: str) -> Stall:
    """Say the way out: ServiceAccount and Role go with their namespace, and do not come back."""
    return Stall(
        reasons.NO_TOKEN_IN_TERMINATING_NAMESPACE,
        f"The API server gives no token of ServiceAccount {name} any more, since the account or "
        f"namespace {namespace} is being deleted. Set spec.operator.deletionPolicy of the objects "
        "that are left to Retain, and delete their resources in Azure by hand.",
    )


def _no_token(namespace: str, name: str, error: Denied | Gone) -> Halt:
    which = f"ServiceAccount {name} of namespace {namespace}"
    if isinstance(error, Gone):
        return Wait(
            reasons.WAITING_FOR_REFERENCE,
            f"spec.credential.workloadIdentity names {which}, which does not exist. Create it.",
            backoff=True,
            longest=SECRET_RETRY,
        )
    return Stall(
        reasons.TOKEN_REQUEST_DENIED,
        f"The operator may not ask for a token of {which}. Give its own ServiceAccount a Role "
        f"there: verb create, resource serviceaccounts/token, resourceName {name}.",
    )
