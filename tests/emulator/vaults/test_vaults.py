"""The management plane of vaults."""

from __future__ import annotations

from typing import Any


async def test_a_new_vault_is_registering_and_has_no_slash_yet(key: Any) -> None:
    created = await key.arm("PUT", "vaults/kv1", key.vault())
    read = await key.arm("GET", "vaults/kv1")

    uri = created.body["properties"]["vaultUri"]
    assert created.status == 200
    assert not uri.endswith("/")
    assert created.body["properties"]["provisioningState"] == "RegisteringDns"
    assert read.body["properties"]["vaultUri"] == uri + "/"
    assert read.body["properties"]["provisioningState"] == "Succeeded"


async def test_a_secret_that_was_set_is_read_through_the_articles_url(key: Any) -> None:
    app = key.principal("app")
    await key.arm("PUT", "vaults/kv1", key.vault(key.policy(app, "Get", "SET")))

    body = {"value": "Hello Container Instances", "contentType": "ACIsecret"}
    await key.data("PUT", "/secrets/SampleSecret", body, who=app)
    read = await key.data("GET", "/secrets/SampleSecret/", who=app)

    assert (read.status, read.body["value"]) == (200, "Hello Container Instances")
