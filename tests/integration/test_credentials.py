"""Signing in without a client secret: by certificate and by a ServiceAccount's token."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from azure_emulator.entra.assertions import Federation
from integration.manifests import Manifest, manifest, secret, source, text
from integration.world import World
from stage import OPERATOR_NAMESPACE

ISSUER = "https://kubernetes.default.svc"
DELETE = {"deletionPolicy": "Delete"}
LOOK = "aci-operator.io/reconcile-requested-at"


def certificate(name: str) -> tuple[bytes, bytes]:
    """Give a certificate, alone and with its private key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), 1)
    builder = builder.not_valid_before(now - timedelta(days=1))
    signed = builder.not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256())
    public = signed.public_bytes(Encoding.PEM)
    return public, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + public


def account(world: World, credential: Manifest) -> Manifest:
    """Give the world's account with another credential."""
    _, own = yaml.safe_load_all(world.account.manifest())
    spec = {**own["spec"], "credential": credential}
    return {**own, "spec": spec}


async def look(world: World, when: str) -> None:
    await world.kubectl("annotate", "--overwrite", "azureaccount/azure", f"{LOOK}={when}")


async def test_a_certificate_signs_in_and_is_taken_up_when_it_changes(world: World) -> None:
    known, unknown = certificate("known"), certificate("unknown")
    appid = world.account.client_id
    world.azure.cloud.directory.assertions.add_certificate(appid, known[0])
    login = {"clientId": appid, "clientCertificateFrom": source("login", "tls.pem")}
    await world.apply(text(secret("login", **{"tls.pem": unknown[1]})))
    await world.apply(text(account(world, {"servicePrincipal": login})))
    said = await world.until("azureaccount/azure", "Stalled=CredentialRejected")
    assert "AADSTS700027" in said["message"]
    await world.apply(text(secret("login", **{"tls.pem": known[1]})))
    await look(world, "now")
    await world.until_ready("azureaccount/azure")
    held = (await world.get("secret/login"))["metadata"]["finalizers"]
    assert held == ["aci-operator.io/finalizer"]


async def test_a_service_accounts_token_signs_in_once_the_operator_may_ask_for_it(
    world: World,
) -> None:
    await federate(world, "login")
    await world.kubectl("create", "serviceaccount", "login")
    identity = {"clientId": world.account.client_id, "serviceAccountName": "login"}
    group = manifest("ResourceGroup", "rg", location="eastus")
    await world.apply(text(account(world, {"workloadIdentity": identity}), group))
    said = await world.until("azureaccount/azure", "Stalled=TokenRequestDenied")
    assert said["message"] == (
        "The operator may not ask for a token of ServiceAccount login of namespace "
        f"{world.namespace}. Give its own ServiceAccount a Role there: verb create, resource "
        "serviceaccounts/token, resourceName login."
    )
    await allow_token(world, "login")
    await look(world, "now")
    await world.until_ready("azureaccount/azure", "resourcegroup/rg")
    assert "eyJ" not in world.operator.log.read_text()


async def test_a_restart_in_a_namespace_that_goes_leaves_a_way_out(world: World) -> None:
    """ServiceAccount and Role are gone by then, so there is no token any more."""
    await federate(world, "login")
    await world.kubectl("create", "serviceaccount", "login")
    await allow_token(world, "login")
    identity = {"clientId": world.account.client_id, "serviceAccountName": "login"}
    group = manifest("ResourceGroup", "rg", location="eastus", operator=DELETE)
    await world.apply(text(account(world, {"workloadIdentity": identity}), group))
    await world.until_ready("azureaccount/azure", "resourcegroup/rg")
    world.operator.kill()
    await world.kubectl("delete", "namespace", world.namespace, "--wait=false")
    for gone in ("serviceaccount/login", "rolebinding/azure-token"):
        await world.kubectl("wait", "--for=delete", gone, "--timeout=60s")
    world.operator.start()
    await world.until("resourcegroup/rg", "Stalled=NoTokenInTerminatingNamespace")
    retain = json.dumps({"spec": {"operator": {"deletionPolicy": "Retain"}}})
    await world.kubectl("patch", "resourcegroup/rg", "--type=merge", "-p", retain)
    await world.kubectl("wait", "--for=delete", f"namespace/{world.namespace}", "--timeout=60s")
    assert world.writes() == ["PUT resourcegroups/rg"]


async def federate(world: World, name: str) -> None:
    """Let the cluster's ServiceAccount speak for the world's service principal."""
    keys = json.loads((await world.plane.kubectl_async("get", "--raw", "/openid/v1/jwks")).stdout)
    assertions = world.azure.cloud.directory.assertions
    assertions.trust(ISSUER, keys)
    subject = f"system:serviceaccount:{world.namespace}:{name}"
    assertions.federate(world.account.client_id, Federation(ISSUER, subject))


async def allow_token(world: World, name: str) -> None:
    """Give the operator the right that the docs tell."""
    token = "--resource=serviceaccounts/token"
    named = f"--resource-name={name}"
    await world.kubectl("create", "role", "azure-token", "--verb=create", token, named)
    operator = f"--serviceaccount={OPERATOR_NAMESPACE}:aci-operator"
    await world.kubectl("create", "rolebinding", "azure-token", "--role=azure-token", operator)
