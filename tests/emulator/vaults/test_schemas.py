"""Every answer of a vault is one that Azure's swagger allows."""

from __future__ import annotations

from typing import Any

from schemas import validate_response

SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000"
PROVIDER = f"{SUBSCRIPTION}/providers/Microsoft.KeyVault"
GROUP = f"{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.KeyVault"
DELETED = f"{PROVIDER}/locations/westeurope/deletedVaults/kv1"


async def test_answers_of_the_management_plane_fit_the_swagger(key: Any) -> None:
    policy = {"properties": {"accessPolicies": [key.policy(key.admin, "get")]}}
    rules = {"networkAcls": {"defaultAction": "Deny", "ipRules": [{"value": "203.0.113.7"}]}}
    problems = []
    for method, path, body in (
        ("PUT", f"{GROUP}/vaults/kv1", key.vault(enablePurgeProtection=True, **rules)),
        ("PATCH", f"{GROUP}/vaults/kv1", {"tags": {"a": "b"}}),
        ("GET", f"{GROUP}/vaults/kv1", None),
        ("PUT", f"{GROUP}/vaults/kv1/accessPolicies/add", policy),
        ("GET", f"{GROUP}/vaults", None),
        ("GET", f"{PROVIDER}/vaults", None),
        (
            "POST",
            f"{PROVIDER}/checkNameAvailability",
            {"name": "kv1", "type": "Microsoft.KeyVault/vaults"},
        ),
        ("DELETE", f"{GROUP}/vaults/kv1", None),
        ("GET", f"{PROVIDER}/deletedVaults", None),
        ("GET", DELETED, None),
        ("POST", f"{DELETED}/purge", None),
    ):
        answer = await key.arm(method, path, body)
        problems += validate_response(method, path, "2023-07-01", answer.status, answer.body)

    assert problems == []


async def test_answers_of_the_data_plane_fit_the_swagger(key: Any) -> None:
    app = key.principal("app")
    await key.arm("PUT", "vaults/kv1", key.vault(key.policy(app, "all")))
    backup: dict[str, Any] = {}
    problems = []
    for method, path, body in (
        ("PUT", "/secrets/s", {"value": "v", "attributes": {"exp": 1}, "contentType": "x"}),
        ("GET", "/secrets/s/", None),
        ("PATCH", "/secrets/s/", {"tags": {"a": "b"}}),
        ("GET", "/secrets", None),
        ("GET", "/secrets/s/versions", None),
        ("POST", "/secrets/s/backup", None),
        ("DELETE", "/secrets/s", None),
        ("GET", "/deletedsecrets", None),
        ("GET", "/deletedsecrets/s", None),
        ("POST", "/deletedsecrets/s/recover", None),
        ("DELETE", "/secrets/s", None),
        ("DELETE", "/deletedsecrets/s", None),
        ("POST", "/secrets/restore", backup),
        ("GET", "/secrets/other/", None),
    ):
        answer = await key.data(method, path, body, who=app)
        if path.endswith("backup"):
            backup.update(answer.body)
        if answer.body and answer.body.get("nextLink", "") is None:
            del answer.body["nextLink"]  # recorded as null, which the swagger does not allow
        problems += validate_response(method, path, "7.5", answer.status, answer.body)

    assert problems == []
