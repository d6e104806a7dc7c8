"""What a tenant tries with the platform's credential, and what it is told: Azure is not asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from control_plane import ControlPlane, KubectlError
from integration.lending import asked, forget, lend, lender
from integration.manifests import Manifest, container_group, manifest, source, target, text
from integration.namespaces import sibling
from integration.world import World, open_world
from stage import OPERATOR_NAMESPACE

OTHER_SUBSCRIPTION = "99999999-8888-4777-8666-555555555555"
SECRETS_USER = "the role Key Vault Secrets User (4633458b-17de-408a-b874-0445c86b69e6)"
LENT = {"kind": "ClusterAzureAccount", "name": "lent"}
ASK = "or ask whoever keeps the account."


@dataclass
class Tenants:
    """A namespace that the account lists, and one that it does not."""

    listed: World
    stranger: World

    @property
    def subscription(self) -> str:
        return f"/subscriptions/{self.listed.account.subscription_id}"


@pytest.fixture(scope="module")
async def tenants(
    control_plane: ControlPlane, operator_kubeconfig: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Tenants]:
    folder = tmp_path_factory.mktemp("authority")
    async with (
        open_world(control_plane, operator_kubeconfig, "authority", folder) as world,
        sibling(world, "authority-stranger") as stranger,
    ):
        group = f"/subscriptions/{world.account.subscription_id}/resourceGroups/rg1"
        await lend(world, allowedNamespaces=["authority"], allowedScopes=[group])
        yield Tenants(world, stranger)
        for each in (world, stranger):
            await each.kubectl("delete", "aci", "--all", "--timeout=60s")
        await forget(world)


def vault(tenants: Tenants) -> Manifest:
    """Name a vault within what is allowed."""
    rg1 = f"{tenants.subscription}/resourceGroups/rg1"
    return {"id": f"{rg1}/providers/Microsoft.KeyVault/vaults/v"}


def principal() -> Manifest:
    raw = {"principalId": OTHER_SUBSCRIPTION, "principalType": "ServicePrincipal"}
    return {"principal": raw, "permissions": {"secrets": ["get"]}}


def in_another_subscription(tenants: Tenants) -> tuple[Manifest, str, str]:
    id_ = f"/subscriptions/{OTHER_SUBSCRIPTION}/resourceGroups/rg1"
    return (
        container_group("another-subscription", resourceGroupRef={"id": id_}),
        "ScopeNotAllowed",
        f"spec.resourceGroupRef.id is {id_}, and ClusterAzureAccount lent allows "
        f"{tenants.subscription}/resourceGroups/rg1 (spec.allowedScopes). Name what lies there, "
        f"{ASK}",
    )


def with_anothers_identity(tenants: Tenants) -> tuple[Manifest, str, str]:
    group = f"{tenants.subscription}/resourceGroups/others"
    id_ = f"{group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/theirs"
    identity = {"type": "UserAssigned", "userAssigned": [{"id": id_}]}
    rg1 = f"{tenants.subscription}/resourceGroups/rg1"
    return (
        container_group("anothers-identity", identity=identity, resourceGroupRef={"id": rg1}),
        "ScopeNotAllowed",
        f"spec.identity.userAssigned[0].id is {id_}, and ClusterAzureAccount lent allows {rg1} "
        f"(spec.allowedScopes). Name what lies there, {ASK}",
    )


def beside_what_is_allowed(tenants: Tenants) -> tuple[Manifest, str, str]:
    return (
        manifest("ResourceGroup", "rg10", location="eastus"),
        "ScopeNotAllowed",
        f"The resource's own ARM ID is {tenants.subscription}/resourceGroups/rg10, and "
        f"ClusterAzureAccount lent allows {tenants.subscription}/resourceGroups/rg1 "
        f"(spec.allowedScopes). Name what lies there, {ASK}",
    )


def above_the_roles(tenants: Tenants) -> tuple[Manifest, str, str]:
    spec = {"keyVaultRef": vault(tenants), "mode": "RBAC", **principal()}
    return (
        manifest("KeyVaultAccess", "role", **spec),
        "RoleNotAllowed",
        f"spec.permissions needs {SECRETS_USER}, and ClusterAzureAccount lent allows nothing "
        f"(spec.allowedRoles). Ask for less, {ASK}",
    )


def the_operators_own_role(tenants: Tenants) -> tuple[Manifest, str, str]:
    rg1 = {"id": f"{tenants.subscription}/resourceGroups/rg1"}
    return (
        manifest("KeyVault", "own-role", azureName="ownrolevault", resourceGroupRef=rg1),
        "RoleNotAllowed",
        "The operator's own access to the vault needs the role Key Vault Secrets Officer "
        "(b86a8fe4-44ce-4948-aee5-eccb2c155cd7), and ClusterAzureAccount lent allows nothing "
        f"(spec.allowedRoles). Ask for less, {ASK}",
    )


ATTACKS = (
    in_another_subscription,
    with_anothers_identity,
    beside_what_is_allowed,
    above_the_roles,
    the_operators_own_role,
)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
async def test_beyond_the_limits_is_refused_before_azure_is_asked(
    tenants: Tenants, attack: object
) -> None:
    assert callable(attack)
    object_, reason, message = attack(tenants)
    await tenants.listed.apply(text(object_))
    said = await tenants.listed.until(target(object_), f"Stalled={reason}")
    assert (said["message"], asked(tenants.listed)) == (message, [])


async def test_a_namespace_that_is_not_listed_is_refused(tenants: Tenants) -> None:
    group = manifest("ResourceGroup", "rg1", location="eastus", accountRef=LENT)
    await tenants.stranger.apply(text(group))
    said = await tenants.stranger.until("resourcegroup/rg1", "Stalled=NamespaceNotAllowed")
    assert said["message"] == (
        "ClusterAzureAccount lent does not list namespace authority-stranger in "
        "spec.allowedNamespaces. Ask whoever keeps the account to list it, or create an "
        "AzureAccount in the namespace."
    )
    assert asked(tenants.listed) == []


async def test_a_namespace_that_is_not_listed_does_not_find_the_account(tenants: Tenants) -> None:
    group = manifest("ResourceGroup", "rg2", location="eastus")
    await tenants.stranger.apply(text(group))
    await tenants.stranger.until("resourcegroup/rg2", "Stalled=NoAccount")
    assert asked(tenants.listed) == []


def thief(secret: str) -> Manifest:
    """An account that signs in with a Secret of that name."""
    login = {"clientId": OTHER_SUBSCRIPTION, "clientSecretFrom": source(secret, "clientSecret")}
    own: Manifest = {"subscriptionId": OTHER_SUBSCRIPTION, "tenantId": OTHER_SUBSCRIPTION}
    return manifest("AzureAccount", "thief", **own, credential={"servicePrincipal": login})


async def test_a_secret_of_another_namespace_is_not_found(tenants: Tenants) -> None:
    """The operator's namespace holds a Secret of that name; the tenant's does not."""
    before = len(tenants.listed.azure.calls.list())
    await tenants.stranger.apply(text(thief(f"{tenants.listed.namespace}-lent")))
    said = await tenants.stranger.until("azureaccount/thief", "Reconciling=WaitingForSecret")
    assert said["message"].endswith(
        f"which does not exist in namespace {tenants.stranger.namespace}. Create it with key "
        "clientSecret."
    )
    assert len(tenants.listed.azure.calls.list()) == before


async def test_a_path_to_a_secret_of_another_namespace_is_refused(tenants: Tenants) -> None:
    """By the API server; objects from before its CRD had the rule meet the operator's own."""
    away = f"../../{OPERATOR_NAMESPACE}/secrets/{tenants.listed.namespace}-lent"
    with pytest.raises(KubectlError) as refused:
        await tenants.stranger.apply(text(thief(away)))
    assert "clientSecretFrom.secretKeyRef.name in body should match" in refused.value.stderr


async def test_a_reference_to_a_secret_takes_no_namespace(tenants: Tenants) -> None:
    away = {"secretKeyRef": {**source("s")["secretKeyRef"], "namespace": OPERATOR_NAMESPACE}}
    theft = manifest("KeyVaultSecret", "theft", keyVaultRef=vault(tenants), valueFrom=away)
    with pytest.raises(KubectlError) as refused:
        await tenants.listed.apply(text(theft))
    assert 'unknown field "namespace"' in refused.value.stderr


async def test_the_permission_model_of_an_unknown_vault_is_read_and_nothing_written(
    tenants: Tenants,
) -> None:
    """Whether a grant is a role at all, only the vault can tell."""
    spec: Manifest = {"keyVaultRef": vault(tenants), **principal()}
    seen = len(asked(tenants.listed))
    await tenants.listed.apply(text(manifest("KeyVaultAccess", "unknown", **spec)))
    await tenants.listed.until("keyvaultaccess/unknown", "Ready=WaitingForReference")
    assert {call.method for call in asked(tenants.listed)[seen:]} == {"GET"}


def with_the_operators_identity(world: World, kind: str) -> Manifest:
    """Give an account whose endpoints are the tenant's and whose identity the operator's."""
    _, own = lender(world)
    spec = {**own["spec"], "credential": {"managedIdentity": {}}}
    return {**own, "kind": kind, "metadata": {"name": "listener"}, "spec": spec}


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("AzureAccount", 'unknown field "managedIdentity"'),
        ("ClusterAzureAccount", "the operator's own identity is never sent to custom addresses"),
    ],
)
async def test_the_operators_own_token_is_not_sent_to_a_custom_endpoint(
    tenants: Tenants, kind: str, said: str
) -> None:
    before = len(tenants.listed.azure.calls.list())
    with pytest.raises(KubectlError) as refused:
        await tenants.stranger.apply(text(with_the_operators_identity(tenants.listed, kind)))
    assert said in refused.value.stderr
    assert len(tenants.listed.azure.calls.list()) == before


async def test_an_account_that_got_past_the_schema_is_refused_by_the_operator(
    tenants: Tenants,
) -> None:
    """In the operator's namespace a ServiceAccount may be the operator's own."""
    account = with_the_operators_identity(tenants.listed, "AzureAccount")
    own = {"clientId": OTHER_SUBSCRIPTION, "serviceAccountName": "aci-operator"}
    account["spec"]["credential"] = {"workloadIdentity": own}
    operators = replace(tenants.listed, namespace=OPERATOR_NAMESPACE)
    before = len(tenants.listed.azure.calls.list())
    await operators.apply(text(account))
    said = await operators.until("azureaccount/listener", "Stalled=InvalidEndpoint")
    await operators.kubectl("delete", "azureaccount/listener", "--timeout=30s")
    assert said["message"] == (
        "spec.endpoints cannot stand beside spec.credential.workloadIdentity: the operator's own "
        "identity is never sent to custom addresses. Use servicePrincipal, or spec.cloud."
    )
    assert len(tenants.listed.azure.calls.list()) == before
