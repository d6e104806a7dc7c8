"""The secrets data plane: what follows what."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

NOW = 1_800_000_000
LEVEL = {"recoveryLevel": "Recoverable+Purgeable", "recoverableDays": 90}


@pytest.fixture
async def app(key: Any) -> Any:
    app = key.principal("app")
    await key.arm("PUT", "vaults/kv1", key.vault(key.policy(app, "all")))
    return app


def id_of(body: Any) -> str:
    return str(body["id"]).partition("/secrets/")[2]


async def test_a_secret_is_read_through_the_articles_url(key: Any, app: Any) -> None:
    body = {"value": "Hello", "contentType": "ACIsecret", "tags": {"a": "b"}}
    put = await key.data("PUT", "/secrets/SampleSecret", body, who=app)
    read = await key.data("GET", "/secrets/SampleSecret/", who=app)

    attributes = {"enabled": True, "created": NOW, "updated": NOW, **LEVEL}
    assert put.status == read.status == 200
    assert put.body == read.body == {**body, "id": put.body["id"], "attributes": attributes}
    name, _, version = id_of(put.body).partition("/")
    assert (name, len(version)) == ("SampleSecret", 32)


async def test_each_set_makes_a_version_and_the_last_is_current(key: Any, app: Any) -> None:
    first = await key.data("PUT", "/secrets/s", {"value": "1"}, who=app)
    second = await key.data("PUT", "/secrets/S", {"value": "2"}, who=app)

    current = await key.data("GET", "/secrets/s", who=app)
    old = await key.data("GET", f"/secrets/{id_of(first.body)}", who=app)
    versions = await key.data("GET", "/secrets/s/versions", who=app)

    assert (current.body["value"], old.body["value"]) == ("2", "1")
    shown = [first.body["id"], second.body["id"]]
    assert [item["id"] for item in versions.body["value"]] == shown
    assert "value" not in versions.body["value"][0]


async def test_lists_show_no_version_and_no_value(key: Any, app: Any) -> None:
    put = await key.data("PUT", "/secrets/s", {"value": "1"}, who=app)

    listed = await key.data("GET", "/secrets", who=app)

    item = {"id": put.body["id"].rpartition("/")[0], "attributes": put.body["attributes"]}
    assert listed.body == {"value": [item], "nextLink": None}


async def test_long_lists_come_in_pages_of_25(key: Any, app: Any) -> None:
    for number in range(30):
        await key.data("PUT", f"/secrets/s{number:02}", {"value": "v"}, who=app)

    first = await key.data("GET", "/secrets", who=app)
    token = key.azure.token(app, "https://vault.azure.net")
    second = await key.call("GET", first.body["nextLink"], token, None, None)

    names = [id_of(item) for page in (first, second) for item in page.body["value"]]
    assert names == [f"s{number:02}" for number in range(30)]
    assert [len(first.body["value"]), second.body["nextLink"]] == [25, None]


async def test_an_update_changes_what_is_given_and_shows_no_value(key: Any, app: Any) -> None:
    body = {"value": "1", "tags": {"a": "b"}}
    put = await key.data("PUT", "/secrets/s", body, who=app)
    key.azure.clock.advance(10)

    change = {"contentType": "text", "attributes": {"exp": NOW + 99}}
    patched = await key.data("PATCH", "/secrets/s/", change, who=app)

    attributes = {"enabled": True, "exp": NOW + 99, "created": NOW, "updated": NOW + 10, **LEVEL}
    assert patched.body == {
        "contentType": "text",
        "id": put.body["id"],
        "attributes": attributes,
        "tags": {"a": "b"},
    }


async def test_an_update_of_tags_replaces_them_and_leaves_all_else(key: Any, app: Any) -> None:
    dates = {"exp": NOW + 99, "nbf": NOW + 9}
    body = {"value": "1", "contentType": "text", "tags": {"a": "b"}, "attributes": dates}
    put = await key.data("PUT", "/secrets/s", body, who=app)

    await key.data("PATCH", f"/secrets/{id_of(put.body)}", {"tags": {"c": "d"}}, who=app)
    read = await key.data("GET", "/secrets/s", who=app)

    assert read.body == {**put.body, "tags": {"c": "d"}}


async def test_a_disabled_version_is_not_read(key: Any, app: Any) -> None:
    await key.data("PUT", "/secrets/s", {"value": "1"}, who=app)
    await key.data("PATCH", "/secrets/s", {"attributes": {"enabled": False}}, who=app)

    refused = await key.data("GET", "/secrets/s", who=app)

    assert refused.error == (403, "Forbidden", "SecretDisabled")
    message = refused.body["error"]["message"]
    assert message == "Operation get is not allowed on a disabled secret."


@pytest.mark.parametrize("path", ["/secrets/s", "/secrets/s/0123", "/secrets/s/versions"])
async def test_a_missing_secret_is_named(key: Any, app: Any, path: str) -> None:
    refused = await key.data("GET", path, who=app)

    assert refused.error == (404, "SecretNotFound", "")
    assert refused.body["error"]["message"].startswith("A secret with (name/id) s was not found")


async def test_a_deleted_secret_keeps_its_name_until_recovered(key: Any, app: Any) -> None:
    put = await key.data("PUT", "/secrets/s", {"value": "1"}, who=app)

    deleted = await key.data("DELETE", "/secrets/s", who=app)
    shown = await key.data("GET", "/deletedsecrets/s", who=app)
    refused = await key.data("PUT", "/secrets/s", {"value": "2"}, who=app)
    recovered = await key.data("POST", "/deletedsecrets/s/recover", who=app)
    read = await key.data("GET", "/secrets/s", who=app)

    uri = put.body["id"].partition("/secrets/")[0]
    bundle = {name: value for name, value in put.body.items() if name != "value"}
    dates = {"deletedDate": NOW, "scheduledPurgeDate": NOW + 90 * 86400}
    whole = {"recoveryId": f"{uri}/deletedsecrets/s", **dates, **bundle}
    assert deleted.body == shown.body == whole
    assert refused.error == (409, "Conflict", "ObjectIsDeletedButRecoverable")
    assert recovered.body == bundle
    assert read.body == put.body


async def test_a_purged_secret_frees_its_name(key: Any, app: Any) -> None:
    await key.data("PUT", "/secrets/s", {"value": "1"}, who=app)
    await key.data("DELETE", "/secrets/s", who=app)

    purged = await key.data("DELETE", "/deletedsecrets/s", who=app)

    listed = await key.data("GET", "/deletedsecrets", who=app)
    assert (purged.status, purged.body) == (204, None)
    assert listed.body == {"value": [], "nextLink": None}
    assert (await key.data("PUT", "/secrets/s", {"value": "2"}, who=app)).status == 200


async def test_purge_protection_holds_for_secrets(key: Any, app: Any) -> None:
    change = {"properties": {"enablePurgeProtection": True}}
    await key.arm("PATCH", "vaults/kv1", change)
    await key.data("PUT", "/secrets/s", {"value": "1"}, who=app)
    deleted = await key.data("DELETE", "/secrets/s", who=app)

    refused = await key.data("DELETE", "/deletedsecrets/s", who=app)

    assert refused.error == (403, "Forbidden", "")
    assert deleted.body["attributes"]["recoveryLevel"] == "Recoverable"


async def test_deleted_secrets_go_after_the_retention(key: Any, app: Any) -> None:
    await key.data("PUT", "/secrets/s", {"value": "1"}, who=app)
    await key.data("DELETE", "/secrets/s", who=app)

    key.azure.clock.advance(90 * 86400)

    missing = await key.data("GET", "/deletedsecrets/s", who=app)
    assert missing.error == (404, "SecretNotFound", "")


async def test_a_backup_restores_all_versions(key: Any, app: Any) -> None:
    for value in "12":
        await key.data("PUT", "/secrets/s", {"value": value}, who=app)
    versions = await key.data("GET", "/secrets/s/versions", who=app)
    backup = await key.data("POST", "/secrets/s/backup", who=app)
    in_use = await key.data("POST", "/secrets/restore", backup.body, who=app)
    await key.data("DELETE", "/secrets/s", who=app)
    await key.data("DELETE", "/deletedsecrets/s", who=app)

    restored = await key.data("POST", "/secrets/restore", backup.body, who=app)

    assert in_use.error == (409, "Conflict", "")
    assert restored.body == versions.body["value"][-1]
    assert (await key.data("GET", "/secrets/s/versions", who=app)).body == versions.body


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"value": 1},
        {"value": "x" * 25601},
        {"value": "x", "tags": {"a": 1}},
        {"value": "x", "attributes": {"enabled": "no"}},
        {"value": "x", "attributes": {"exp": "soon"}},
        {"value": "x", "contentType": 5},
    ],
)
async def test_malformed_bodies_are_refused_without_the_value(
    key: Any, app: Any, body: Any
) -> None:
    refused = await key.data("PUT", "/secrets/s", body, who=app)

    assert refused.error == (400, "BadParameter", "")
    assert "xxx" not in refused.body["error"]["message"]


@pytest.mark.parametrize(("version", "status"), [("7.0", 200), ("2025-07-01", 200), ("6.0", 400)])
async def test_api_versions_are_checked(key: Any, app: Any, version: str, status: int) -> None:
    answer = await key.data("GET", "/secrets", who=app, **{"api-version": version})

    assert answer.status == status


async def test_what_is_not_emulated_is_refused_by_name(key: Any, app: Any) -> None:
    refused = await key.data("GET", "/keys", who=app)

    assert refused.error == (404, "NotFound", "")
    assert "secrets only" in refused.body["error"]["message"]


async def test_no_value_shows_in_state_or_calls(key: Any, app: Any) -> None:
    await key.data("PUT", "/secrets/s", {"value": "canary-1"}, who=app)
    await key.data("PUT", "/secrets/d", {"value": "canary-2"}, who=app)
    await key.data("DELETE", "/secrets/d", who=app)

    state = key.azure.state()
    calls = key.azure.calls.list()

    names = {url.rpartition("/")[2] for url in [*state["secrets"], *state["deletedSecrets"]]}
    assert names == {"s", "d"}
    assert "canary" not in repr(state)
    assert "canary" not in repr([[call, call.shown()] for call in calls])


async def test_a_deleted_vault_has_no_address(key: Any, app: Any) -> None:
    vault = await key.arm("GET", "vaults/kv1")
    url = vault.body["properties"]["vaultUri"] + "secrets"
    await key.arm("DELETE", "vaults/kv1")

    with pytest.raises(aiohttp.ClientError):
        await key.call("GET", url, None, None, None)

    assert str(key.azure.calls.list()[-1]) == "GET /secrets"
    assert key.azure.calls.list()[-1].status == 0


async def test_a_vault_that_is_registering_has_no_address_yet(key: Any) -> None:
    key.azure.settings.vault_dns_delay = 5
    vault = await key.arm("PUT", "vaults/kv1", key.vault())
    url = vault.body["properties"]["vaultUri"] + "/secrets"

    with pytest.raises(aiohttp.ClientError):
        await key.call("GET", url, None, None, None)
    key.azure.clock.advance(5)

    assert (await key.call("GET", url, None, None, None)).status == 401
