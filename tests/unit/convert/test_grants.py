"""What becomes of vaults, their secrets, access policies and role assignments."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from unit.convert.conversions import GROUP, converted, group, reasons, spec, template

VAULT = "Microsoft.KeyVault/vaults"
IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities"
ASSIGNMENT = "Microsoft.Authorization/roleAssignments"
SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
SOMEBODY = "11111111-2222-3333-4444-555555555555"
OWN: dict[str, Any] = {"type": IDENTITY, "name": "id1"}
ITS_PRINCIPAL = f"[reference(resourceId('{IDENTITY}', 'id1')).principalId]"
POLICY = {"tenantId": "t", "objectId": ITS_PRINCIPAL, "permissions": {"Secrets": ["Get", "LIST"]}}


def vault(**properties: Any) -> dict[str, Any]:
    whole = {"sku": {"family": "A", "name": "standard"}, "tenantId": "t", **properties}
    return {"type": VAULT, "apiVersion": "2023-07-01", "name": "My-Vault", "properties": whole}


def assignment(role: str, principal: str = ITS_PRINCIPAL, **rest: Any) -> dict[str, Any]:
    id_ = f"[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '{role}')]"
    properties = {"roleDefinitionId": id_, "principalId": principal, **rest.pop("properties", {})}
    return {"type": ASSIGNMENT, "name": "n", "properties": properties, **rest}


def test_vault_has_the_model_that_its_version_has_by_default(tmp_path: Path) -> None:
    for version, model in (("2023-07-01", "AccessPolicy"), ("2026-02-01", "RBAC")):
        report = converted(template(tmp_path, {**vault(), "apiVersion": version}))
        assert spec(report, "KeyVault") == {
            "resourceGroupRef": {"id": GROUP},
            "azureName": "My-Vault",
            "permissionModel": model,
            "sku": {"name": "standard"},
        }


def test_policy_inside_a_vault_is_a_grant_to_the_identity_of_the_template(tmp_path: Path) -> None:
    report = converted(template(tmp_path, vault(accessPolicies=[POLICY]), OWN))
    assert (report["code"], spec(report, "KeyVaultAccess")) == (
        0,
        {
            "keyVaultRef": {"name": "my-vault"},
            "principal": {"userAssignedIdentityRef": {"name": "id1"}},
            "permissions": {"secrets": ["get", "list"]},
            "mode": "AccessPolicy",
        },
    )


def test_added_policy_is_a_grant_on_a_vault_of_the_resource_group(tmp_path: Path) -> None:
    policies = {"accessPolicies": [{**POLICY, "objectId": SOMEBODY}]}
    added = {"type": f"{VAULT}/accessPolicies", "name": "kv/add", "properties": policies}
    found = spec(converted(template(tmp_path, added)), "KeyVaultAccess")
    assert (found["keyVaultRef"], found["principal"]) == (
        {"id": f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv"},
        {"principalId": SOMEBODY, "principalType": "ServicePrincipal"},
    )


@pytest.mark.parametrize("verb", ["replace", "remove"])
def test_policies_that_change_those_of_others_are_refused(tmp_path: Path, verb: str) -> None:
    policies = {"accessPolicies": [POLICY]}
    resource = {"type": f"{VAULT}/accessPolicies", "name": f"kv/{verb}", "properties": policies}
    report = converted(template(tmp_path, resource))
    why = "only added policies are converted; replace and remove change what others granted"
    assert (report["code"], reasons(report)) == (1, [("name", why)])


def test_policy_of_an_application_on_behalf_of_others_is_refused(tmp_path: Path) -> None:
    compound = {**POLICY, "applicationId": SOMEBODY}
    report = converted(template(tmp_path, vault(accessPolicies=[compound]), OWN))
    why = "no kind of ours has this field"
    assert reasons(report) == [("accessPolicies[0].applicationId", why)]


def test_secret_of_a_vault_has_a_key_to_fill(tmp_path: Path) -> None:
    properties = {"value": "canary-77", "contentType": "text/plain"}
    inner = {"type": f"{VAULT}/secrets", "name": "My-Vault/db", "properties": properties}
    report = converted(template(tmp_path, vault(), inner))
    source = {"secretKeyRef": {"name": "db-values", "key": "value"}}
    assert spec(report, "KeyVaultSecret") == {
        "keyVaultRef": {"name": "my-vault"},
        "contentType": "text/plain",
        "valueFrom": source,
    }
    assert "canary" not in str(report)


def test_secrets_user_on_a_vault_is_a_grant(tmp_path: Path) -> None:
    on_vault = assignment(
        SECRETS_USER, scope="[resourceId('Microsoft.KeyVault/vaults', 'My-Vault')]"
    )
    report = converted(template(tmp_path, vault(), OWN, on_vault))
    assert spec(report, "KeyVaultAccess") == {
        "keyVaultRef": {"name": "my-vault"},
        "principal": {"userAssignedIdentityRef": {"name": "id1"}},
        "permissions": {"secrets": ["get", "list"]},
        "mode": "RBAC",
    }


SCOPES: dict[str, tuple[str | None, dict[str, Any]]] = {
    "none": (None, {"resourceGroupRef": {"id": GROUP}}),
    "a vault of the template": (f"{VAULT}/My-Vault", {"keyVaultRef": {"name": "my-vault"}}),
    "an identity of the template": (
        f"[resourceId('{IDENTITY}', 'id1')]",
        {"userAssignedIdentityRef": {"name": "id1"}},
    ),
    "another resource": (
        "Microsoft.Storage/storageAccounts/store",
        {"id": f"{GROUP}/providers/Microsoft.Storage/storageAccounts/store"},
    ),
    "a subscription": ("/subscriptions/s", {"id": "/subscriptions/s"}),
}


@pytest.mark.parametrize(("scope", "expected"), SCOPES.values(), ids=SCOPES)
def test_any_role_on_any_scope_is_a_role_assignment(
    tmp_path: Path, scope: str | None, expected: dict[str, Any]
) -> None:
    where = {} if scope is None else {"scope": scope}
    report = converted(template(tmp_path, vault(), OWN, assignment(READER, **where)))
    assert (report["code"], spec(report, "RoleAssignment")) == (
        0,
        {
            "scope": expected,
            "roleDefinitionId": READER,
            "principal": {"userAssignedIdentityRef": {"name": "id1"}},
        },
    )


def test_role_for_the_system_identity_of_a_group_names_the_group(tmp_path: Path) -> None:
    type_ = "Microsoft.ContainerInstance/containerGroups"
    who = f"[reference(resourceId('{type_}', 'web'), '2023-05-01', 'Full').identity.principalId]"
    system = group(identity={"type": "SystemAssigned"})
    report = converted(template(tmp_path, system, assignment(READER, who)))
    found = spec(report, "RoleAssignment")
    assert found["principal"] == {"containerGroupRef": {"name": "web"}}


def test_condition_of_a_role_goes_with_it(tmp_path: Path) -> None:
    condition = {"condition": "@Resource[a] StringEquals 'b'", "conditionVersion": "2.0"}
    given = assignment(READER, SOMEBODY, properties={**condition, "principalType": "Group"})
    found = spec(converted(template(tmp_path, given)), "RoleAssignment")
    assert found == {
        "scope": {"resourceGroupRef": {"id": GROUP}},
        "roleDefinitionId": READER,
        "principal": {"principalId": SOMEBODY, "principalType": "Group"},
        **condition,
    }


def test_role_whose_condition_is_not_evaluated_is_not_given(tmp_path: Path) -> None:
    given = assignment(READER, SOMEBODY, properties={"condition": "[newGuid()]"})
    report = converted(template(tmp_path, given))
    assert (report["manifests"]["items"], [path for path, _ in reasons(report)]) == (
        [],
        ["condition"],
    )


def test_identity_that_is_not_evaluated_is_refused_by_name(tmp_path: Path) -> None:
    users: dict[str, Any] = {"[parameters('who')]": {}}
    identity = {"type": "UserAssigned", "userAssignedIdentities": users}
    registry = [{"server": "r.azurecr.io", "identity": "[parameters('who')]"}]
    whole = group(identity=identity, properties={"imageRegistryCredentials": registry})
    report = converted(template(tmp_path, whole, parameters={"who": {"type": "string"}}))
    why = "the parameter who has no value; give it with --set who=VALUE"
    assert sorted(reasons(report)) == [
        ("identity.userAssignedIdentities[0]", why),
        ("imageRegistryCredentials[r.azurecr.io].identity", why),
    ]
    assert spec(report)["identity"] == {"type": "UserAssigned", "userAssigned": []}
