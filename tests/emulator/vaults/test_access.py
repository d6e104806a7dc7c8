"""Who may read a vault's secrets."""

from __future__ import annotations

from typing import Any

import pytest

READ = "/secrets/s"


@pytest.fixture
async def owner(key: Any) -> Any:
    """Keep one secret `s` in a vault with access policies; `other` has no rights."""
    owner = key.principal("owner")
    await key.arm("PUT", "vaults/kv1", key.vault(key.policy(owner, "all")))
    await key.data("PUT", READ, {"value": "v"}, who=owner)
    return owner


async def go_by_roles(key: Any) -> str:
    change = {"properties": {"enableRbacAuthorization": True}}
    return str((await key.arm("PATCH", "vaults/kv1", change)).body["id"])


async def test_without_a_token_the_challenge_names_tenant_and_audience(
    key: Any, owner: Any
) -> None:
    refused = await key.data("PUT", READ, who=None)

    entra = key.azure.endpoints.active_directory
    assert refused.status == 401
    assert refused.headers["WWW-Authenticate"] == (
        f'Bearer authorization="{entra}/{key.azure.settings.tenant_id}", '
        'resource="https://vault.azure.net"'
    )
    message = "Request is missing a Bearer or PoP token."
    assert refused.body == {"error": {"code": "Unauthorized", "message": message}}


async def test_a_token_for_arm_is_not_taken(key: Any, owner: Any) -> None:
    vault = await key.arm("GET", "vaults/kv1")
    url = vault.body["properties"]["vaultUri"] + READ[1:]

    refused = await key.call("GET", url, key.azure.token(owner), None, {"api-version": "7.5"})

    assert refused.error == (401, "Unauthorized", "")
    assert "WWW-Authenticate" in refused.headers


async def test_a_caller_without_a_policy_is_told_so(key: Any, owner: Any) -> None:
    other = key.principal("other")

    refused = await key.data("GET", READ, who=other)

    who = (
        f"appid={other.appid};oid={other.oid};"
        f"iss=https://sts.windows.net/{key.azure.settings.tenant_id}/"
    )
    assert (refused.status, refused.body["error"]) == (
        403,
        {
            "code": "Forbidden",
            "message": f"The user, group or application '{who}' does not have secrets get "
            "permission on key vault 'kv1;location=westeurope'. For help resolving this issue, "
            "please see https://go.microsoft.com/fwlink/?linkid=2125287",
            "innererror": {"code": "ForbiddenByPolicy"},
        },
    )


@pytest.mark.parametrize(
    ("method", "path", "permission"),
    [
        ("GET", "/secrets", "list"),
        ("GET", "/secrets/s/versions", "list"),
        ("PUT", "/secrets/s", "set"),
        ("PATCH", "/secrets/s", "set"),
        ("DELETE", "/secrets/s", "delete"),
        ("POST", "/secrets/s/backup", "backup"),
        ("POST", "/secrets/restore", "restore"),
        ("GET", "/deletedsecrets", "list"),
        ("GET", "/deletedsecrets/s", "get"),
        ("POST", "/deletedsecrets/s/recover", "recover"),
        ("DELETE", "/deletedsecrets/s", "purge"),
    ],
)
async def test_each_operation_names_its_permission(
    key: Any, owner: Any, method: str, path: str, permission: str
) -> None:
    refused = await key.data(method, path, {"value": "v"}, who=key.principal("other"))

    assert refused.error == (403, "Forbidden", "ForbiddenByPolicy")
    assert f"secrets {permission} permission" in refused.body["error"]["message"]


async def test_a_role_counts_for_nothing_on_a_policy_vault(key: Any, owner: Any) -> None:
    other = key.principal("other")
    vault = await key.arm("GET", "vaults/kv1")
    key.azure.assign_role(other.oid, "Key Vault Secrets User", vault.body["id"])

    refused = await key.data("GET", READ, who=other)

    assert refused.error == (403, "Forbidden", "ForbiddenByPolicy")


async def test_policies_count_for_nothing_on_a_role_vault(key: Any, owner: Any) -> None:
    vault_id = await go_by_roles(key)

    refused = await key.data("GET", READ, who=owner)

    message = refused.body["error"]["message"].split("\r\n")
    assert refused.error == (403, "Forbidden", "ForbiddenByRbac")
    assert message[0] == "Caller is not authorized to perform action on resource."
    assert message[3:5] == [
        "Action: 'Microsoft.KeyVault/vaults/secrets/getSecret/action'",
        f"Resource: '{vault_id}/secrets/s'",
    ]


async def test_a_role_at_the_vault_or_at_one_secret_lets_read(key: Any, owner: Any) -> None:
    vault_id = await go_by_roles(key)
    wide, narrow = key.principal("wide"), key.principal("narrow")
    key.azure.assign_role(wide.oid, "Key Vault Secrets User", vault_id)
    key.azure.assign_role(narrow.oid, "Key Vault Secrets User", f"{vault_id}/secrets/s")

    statuses = [
        (await key.data(method, path, body, who=who)).status
        for who in (wide, narrow)
        for method, path, body in (
            ("GET", READ, None),
            ("GET", "/secrets/other", None),
            ("GET", "/secrets", None),
            ("PUT", READ, {"value": "v"}),
        )
    ]

    assert statuses == [200, 404, 200, 403, 200, 403, 403, 403]


async def test_contributor_reads_no_secret_of_a_role_vault(key: Any, owner: Any) -> None:
    await go_by_roles(key)

    refused = await key.data("GET", READ, who=key.admin)

    assert refused.error == (403, "Forbidden", "ForbiddenByRbac")


async def test_a_policy_change_counts_after_its_delay(key: Any, owner: Any) -> None:
    key.azure.settings.policy_delay = 10
    other = key.principal("other")
    body = {"properties": {"accessPolicies": [key.policy(other, "get")]}}

    statuses = []
    for kind in ("add", "remove"):
        await key.arm("PUT", f"vaults/kv1/accessPolicies/{kind}", body)
        statuses.append((await key.data("GET", READ, who=other)).status)
        key.azure.clock.advance(10)
        statuses.append((await key.data("GET", READ, who=other)).status)

    assert statuses == [403, 200, 200, 403]


@pytest.mark.parametrize(
    ("properties", "inner"),
    [
        ({"networkAcls": {"defaultAction": "Deny"}}, "ForbiddenByFirewall"),
        ({"publicNetworkAccess": "Disabled"}, "ForbiddenByConnection"),
    ],
)
async def test_a_closed_vault_refuses_whoever_asks(
    key: Any, owner: Any, properties: Any, inner: str
) -> None:
    await key.arm("PATCH", "vaults/kv1", {"properties": properties})

    assert (await key.data("GET", READ, who=owner)).error == (403, "Forbidden", inner)


async def test_a_rule_for_the_callers_address_lets_in(key: Any, owner: Any) -> None:
    rules = {"defaultAction": "Deny", "ipRules": [{"value": "127.0.0.0/8"}]}
    await key.arm("PATCH", "vaults/kv1", {"properties": {"networkAcls": rules}})

    assert (await key.data("GET", READ, who=owner)).status == 200
