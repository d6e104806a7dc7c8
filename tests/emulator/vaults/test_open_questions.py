"""What the sources about vaults leave open, told the other way (the knobs)."""

from __future__ import annotations

from typing import Any


async def test_new_vaults_may_go_by_policies_in_every_version(key: Any) -> None:
    key.version = "2026-02-01"
    key.azure.settings.vault_rbac_default_from = "9999"

    created = await key.arm("PUT", "vaults/kv1", key.vault())

    assert "enableRbacAuthorization" not in created.body["properties"]


async def test_a_vaults_answers_may_carry_unlisted_members(key: Any) -> None:
    app = key.principal("app")
    await key.arm("PUT", "vaults/kv1", key.vault(key.policy(app, "all")))
    key.azure.settings.change({"unlisted_fields": True})

    answer = await key.data("PUT", "/secrets/s", {"value": "v", "tags": {"a": "b"}}, who=app)

    assert answer.body["unlistedMember"] == {"since": "never listed"}
    assert (answer.body["value"], answer.body["tags"]) == ("v", {"a": "b"})
