"""The checks: CRDs, then each account's hosts, token, providers and rights."""

from __future__ import annotations

import os
from collections.abc import Sequence

from aci_operator.api import reasons
from aci_operator.api.kinds import ACCOUNTS, KINDS, Kind
from aci_operator.api.limits import shown
from aci_operator.api.objects import GROUP, VERSION, Object
from aci_operator.azure.errors import AzureError, Unauthenticated
from aci_operator.azure.session import Session
from aci_operator.commands import schemas
from aci_operator.commands.findings import MISSING, OK, PROVIDER, UNKNOWN, Finding
from aci_operator.commands.needs import needs_of
from aci_operator.commands.rights import rights
from aci_operator.commands.scopes import vaults_of
from aci_operator.kube import objects
from aci_operator.kube.client import Kube
from aci_operator.kube.errors import Denied, Gone, KubeError
from aci_operator.reconcile.sessions import Sessions
from aci_operator.reconcile.steps import Halt

PROVIDERS = (
    "Microsoft.ContainerInstance",
    "Microsoft.ManagedIdentity",
    "Microsoft.KeyVault",
    "Microsoft.Authorization",
)


async def crds(kube: Kube) -> list[Finding]:
    """Say of each kind whether the API server serves it with this release's fields.

    Raises `KubeError`.
    """
    try:
        listed = await kube.get(f"/apis/{GROUP}/{VERSION}")
        served = {resource["name"] for resource in listed["resources"]}
    except Gone:
        served = set()
    fields = await _fields(kube)
    return [_crd(kind, kind.plural in served, fields) for kind in KINDS.values()]


async def _fields(kube: Kube) -> dict[str, set[str]] | None:
    """Everybody who may sign in may read this; a cluster may still forbid it."""
    try:
        return schemas.served(await kube.get(f"/openapi/v3/apis/{GROUP}/{VERSION}"))
    except (Denied, Gone):
        return None


def _crd(kind: Kind, served: bool, fields: dict[str, set[str]] | None) -> Finding:
    scope, todo = f"{kind.plural}.{GROUP}/{VERSION}", "kubectl apply -k crds of this release"
    if not served:
        return Finding("crd", scope, MISSING, todo)
    if fields is None or kind.kind not in fields:
        return Finding("crd", scope, UNKNOWN, "the API server does not show its schema")
    lost = schemas.lacking(kind.kind, fields[kind.kind])
    return (
        Finding("crd", scope, MISSING, f"{todo}: it lacks {shown(lost)}")
        if lost
        else Finding("crd", scope)
    )


async def accounts(kube: Kube, namespace: str | None) -> list[Object]:
    """List the accounts: of one namespace and all cluster-scoped ones. Raises `KubeError`."""
    return await _all_of(kube, ACCOUNTS, namespace)


async def users(kube: Kube, namespace: str | None) -> list[Object]:
    """List the objects that act with accounts. Raises `KubeError`."""
    return await _all_of(kube, [kind for kind in KINDS if kind not in ACCOUNTS], namespace)


async def _all_of(kube: Kube, kinds: Sequence[str], namespace: str | None) -> list[Object]:
    found: list[Object] = []
    for kind in kinds:
        try:
            found += await objects.list_all(
                kube, kind, namespace if KINDS[kind].namespaced else None
            )
        except Gone:
            continue  # the finding on its CRD says so
    return found


async def account(sessions: Sessions, each: Object, users: Sequence[Object]) -> list[Finding]:
    """Connect, sign in as an account, then ask for its rights and its subscription's providers."""
    scope = str(each.key)
    try:
        session = await sessions.refresh(each)
    except (Halt, AzureError, KubeError) as error:
        return [_no_token(scope, error)]
    hosts = [*session.hosts, *vaults_of(each, users)]
    found = [await _host(session, url) for url in hosts]
    if "managedIdentity" in each.spec["credential"] and not in_pod():
        todo = "only the operator's machine can sign in so: run this command in its pod"
        return [*found, Finding("token", scope, UNKNOWN, todo)]
    try:
        await session.principal_id()
    except (Halt, AzureError, KubeError) as error:
        return [*found, _no_token(scope, error)]
    found += [Finding("token", scope), *await _providers(session)]
    return [*found, *await rights(session, needs_of(each, users))]


def in_pod() -> bool:
    """Whether this runs in a pod, as Kubernetes' own variable there says."""
    return bool(os.environ.get("KUBERNETES_SERVICE_HOST"))


def _no_token(scope: str, error: Exception) -> Finding:
    """A right that the person lacks says nothing about the operator's."""
    if isinstance(error, Halt) and error.reason == reasons.TOKEN_REQUEST_DENIED:
        todo = "you may not create serviceaccounts/token there: ask somebody who may to run this"
        return Finding("token", scope, UNKNOWN, todo)
    if isinstance(error, Denied):
        todo = "you may not get the Secret of its credential: ask somebody who may to run this"
        return Finding("token", scope, UNKNOWN, todo)
    result = MISSING if isinstance(error, Halt | Unauthenticated) else UNKNOWN
    return Finding("token", scope, result, str(error))


async def _host(session: Session, url: str) -> Finding:
    try:
        await session.reach(url)
    except (AzureError, ValueError) as error:
        todo = f"open the way there, in firewall, DNS or proxy: {error}"
        return Finding("host", url, MISSING, todo)
    return Finding("host", url)


async def _providers(session: Session) -> Sequence[Finding]:
    return [await _provider(session, namespace) for namespace in PROVIDERS]


async def _provider(session: Session, namespace: str) -> Finding:
    scope = f"/subscriptions/{session.subscription_id}/providers/{namespace}"
    try:
        state = await session.providers.state(session.subscription_id, namespace)
    except AzureError as error:
        return Finding(PROVIDER, scope, UNKNOWN, str(error))
    todo = f"it is {state}: az provider register --namespace {namespace}"
    registered = state == "Registered"
    return Finding(PROVIDER, scope, OK if registered else MISSING, "" if registered else todo)
