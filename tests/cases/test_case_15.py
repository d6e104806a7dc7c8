"""Case 15, an access policy on a vault in RBAC mode: refused, or translated and said."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from aci_operator.kinds.key_vault_access import role_table
from cases.grants import (
    ACCESS,
    OFFICER,
    SECRETS_USER,
    a_vault,
    an_access,
    principal_of,
    roles,
)
from in_process.scene import Scene, open_scene

READER = "21090545-7ca7-4776-b22c-e363652d74d2"
CRYPTO = "e147488a-f6f5-4113-8e2d-b22465e65bf6"


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_scene() as it:
        await it.identity("who")
        await a_vault(it, rbac=True)
        yield it


async def test_case_15_a_policy_that_the_vault_would_ignore_is_refused(scene: Scene) -> None:
    scene.apply(an_access(scene, mode="AccessPolicy"))
    await scene.settle()
    assert scene.conditions(ACCESS, "it")["Stalled"] == ("True", "VaultUsesRbac")
    assert scene.writes() == []


@pytest.mark.parametrize(
    ("asked", "given", "excess"),
    [
        ({"secrets": ["get", "list"]}, [SECRETS_USER], None),
        (
            {"secrets": ["purge"]},
            [OFFICER],
            {"secrets": ["backup", "delete", "get", "list", "recover", "restore", "set"]},
        ),
        (
            {"secrets": ["get", "list"], "keys": ["wrapKey", "unwrapKey"], "certificates": ["get"]},
            [SECRETS_USER, CRYPTO, READER],
            {
                "keys": ["get", "getrotationpolicy", "list"],
                "certificates": ["getissuers", "list", "listissuers"],
            },
        ),
    ],
)
async def test_case_15_permissions_become_roles_and_the_excess_is_said(
    scene: Scene, asked: dict[str, Any], given: list[str], excess: dict[str, Any] | None
) -> None:
    scene.apply(an_access(scene, permissions=asked))
    await scene.settle()
    status = scene.status(ACCESS, "it")
    assert (status["effectiveMode"], status.get("excess")) == ("RBAC", excess)
    assert roles(scene) == sorted((principal_of(scene), guid) for guid in given)
    names = {role.guid: role.name for role in role_table.candidates()}
    notes = [note for _, reason, note in scene.events if reason == "Granted"]
    assert all(any(names[guid] in note for note in notes) for guid in given)


async def test_case_15_what_no_role_of_the_table_covers_is_refused(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_down = tuple(r for r in role_table.candidates() if r.guid == SECRETS_USER)
    monkeypatch.setattr(role_table, "candidates", lambda: cut_down)
    scene.apply(an_access(scene, permissions={"secrets": ["purge"]}))
    await scene.settle()
    assert scene.conditions(ACCESS, "it")["Stalled"] == ("True", "NoEquivalentRole")
    assert scene.writes() == []


async def test_case_15_other_permissions_are_other_roles_and_the_former_go(scene: Scene) -> None:
    scene.apply(an_access(scene))
    await scene.settle()
    scene.mark()
    scene.apply(an_access(scene, permissions={"secrets": ["set"]}))
    await scene.settle()
    assert [method for method, _ in scene.writes()] == ["PUT", "DELETE"]
    assert roles(scene) == [(principal_of(scene), OFFICER)]
