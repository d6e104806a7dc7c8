"""How an account signs in, and who may not have the operator's own identity."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from aci_operator.api.objects import Key, Object
from aci_operator.azure.session import Session
from aci_operator.kube import paths
from aci_operator.kube.errors import Denied, Gone, KubeError
from aci_operator.kube.service_accounts import LIFETIME, ServiceAccountToken
from aci_operator.reconcile.credentials import Credentials
from aci_operator.reconcile.sessions import Sessions, settings_of
from aci_operator.reconcile.steps import Halt, Stall
from pass_builders import ApiServer, an_object

HOME = "operators"
WORKLOAD = {"workloadIdentity": {"clientId": "c-1", "serviceAccountName": "login"}}
MANAGED: dict[str, Any] = {"managedIdentity": {}}
CERTIFICATE = {"secretKeyRef": {"name": "cert", "key": "pem"}}
PRINCIPAL = {"servicePrincipal": {"clientId": "c-1", "clientCertificateFrom": CERTIFICATE}}
ENDPOINTS = {"resourceManager": "https://arm", "activeDirectory": "https://login"}
IDS = {"subscriptionId": "s-1", "tenantId": "11111111-2222-4333-8444-555555555555"}


class Tokens(ApiServer):
    """An API server that gives tokens by TokenRequest, or an error."""

    def __init__(self, error: KubeError | None = None) -> None:
        super().__init__()
        self.asked: list[tuple[str, Any]] = []
        self.error = error

    async def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        self.asked.append((path, body["spec"]))
        if self.error is not None:
            raise self.error
        return {"status": {"token": f"token-{len(self.asked)}"}}


def an_account(credential: dict[str, Any], *, cluster: bool = False, **spec: Any) -> Object:
    kind = "ClusterAzureAccount" if cluster else "AzureAccount"
    account = an_object(kind, spec={**IDS, "credential": credential, **spec})
    return replace(account, key=Key(kind, "" if cluster else "here", "it"))


@pytest.mark.parametrize(("cluster", "namespace"), [(False, "here"), (True, HOME)])
async def test_a_token_is_asked_of_the_accounts_own_namespace(
    cluster: bool, namespace: str
) -> None:
    server = Tokens()
    read = await Credentials(server, HOME).read(an_account(WORKLOAD, cluster=cluster))
    assert read == {"client_id": "c-1", "assertion": "token-1"}
    assert server.asked == [
        (
            f"/api/v1/namespaces/{namespace}/serviceaccounts/login/token",
            {"audiences": ["api://AzureADTokenExchange"], "expirationSeconds": 3600},
        )
    ]


async def test_a_token_is_renewed_at_half_its_life() -> None:
    now = 0.0
    token = ServiceAccountToken(Tokens(), "here", "login", lambda: now)
    texts = []
    for moment in (0.0, LIFETIME / 2 - 1, LIFETIME / 2):
        now = moment
        texts.append(await token.text())
    assert texts == ["token-1", "token-1", "token-2"]
    assert "token-2" not in repr(token)


DENIED = Denied("forbidden", status=403)
ENDING = Denied("unable to create, because it is being terminated", status=403)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (DENIED, "TokenRequestDenied"),
        (ENDING, "NoTokenInTerminatingNamespace"),
        (Gone("no such", status=404), "WaitingForReference"),
    ],
)
async def test_a_token_that_is_not_given_is_told(error: KubeError, reason: str) -> None:
    with pytest.raises(Halt) as raised:
        await Credentials(Tokens(error), HOME).read(an_account(WORKLOAD))
    assert raised.value.reason == reason


@pytest.mark.parametrize("error", [DENIED, Gone("no such", status=404)])
async def test_an_account_that_goes_with_its_namespace_says_the_way_out(error: KubeError) -> None:
    going = replace(an_account(WORKLOAD), deletion_timestamp="2026-01-01T00:00:00Z")
    with pytest.raises(Stall) as raised:
        await Credentials(Tokens(error), HOME).read(going)
    assert (raised.value.reason, raised.value.message) == (
        "NoTokenInTerminatingNamespace",
        "The API server gives no token of ServiceAccount login any more, since the account or "
        "namespace here is being deleted. Set spec.operator.deletionPolicy of the objects that are "
        "left to Retain, and delete their resources in Azure by hand.",
    )


async def test_a_session_outlives_the_end_of_tokens() -> None:
    server = Tokens()
    sessions = Sessions(server, Session.open, HOME)
    first = await sessions.of(an_account(WORKLOAD))
    server.error = ENDING
    assert await sessions.of(an_account(WORKLOAD)) is first
    await sessions.close()


@pytest.mark.parametrize(
    ("account", "reason"),
    [
        (an_account(MANAGED), "NotSupported"),
        (an_account(MANAGED, cluster=True, endpoints=ENDPOINTS), "InvalidEndpoint"),
        (an_account(WORKLOAD, cluster=True, endpoints=ENDPOINTS), "InvalidEndpoint"),
        (
            replace(an_account(WORKLOAD, endpoints=ENDPOINTS), key=Key("AzureAccount", HOME, "it")),
            "InvalidEndpoint",
        ),
    ],
)
async def test_the_operators_own_identity_never_goes_to_custom_addresses(
    account: Object, reason: str
) -> None:
    server = Tokens()
    with pytest.raises(Stall) as raised:
        await Credentials(server, HOME).read(account)
    assert (raised.value.reason, server.asked) == (reason, [])


async def test_the_managed_identity_is_lent_by_a_cluster_account() -> None:
    lent = an_account({"managedIdentity": {"clientId": "c-2"}}, cluster=True, cloud="AzureChina")
    settings = settings_of(lent, **await Credentials(Tokens(), HOME).read(lent))
    assert (settings.managed_identity, settings.client_id, settings.resource_manager) == (
        True,
        "c-2",
        "https://management.chinacloudapi.cn",
    )


def test_a_cloud_and_endpoints_exclude_each_other() -> None:
    both = an_account(PRINCIPAL, cloud="AzureChina", endpoints=ENDPOINTS)
    with pytest.raises(Stall) as raised:
        settings_of(both, client_id="c-1", client_secret="x")
    assert raised.value.reason == "InvalidEndpoint"


async def test_what_is_no_certificate_is_told_without_a_word_of_it() -> None:
    server = Tokens()
    metadata = {"name": "cert", "namespace": "here", "uid": "u", "resourceVersion": "1"}
    value = base64.b64encode(b"canary-no-pem").decode()
    server.bodies[paths.of_secret("here", "cert")] = {"metadata": metadata, "data": {"pem": value}}
    with pytest.raises(Stall) as raised:
        await Sessions(server, Session.open, HOME).refresh(an_account(PRINCIPAL))
    assert (raised.value.reason, raised.value.message) == (
        "CredentialRejected",
        "spec.credential.servicePrincipal.clientCertificateFrom names a value that is no PEM text "
        "with a certificate and its private key, without a password. Store both in one value.",
    )
