"""From permissions to the smallest built-in roles."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aci_operator.azure.built_in_roles import BuiltInRole, parse
from aci_operator.kinds.key_vault_access import permissions as perms
from aci_operator.kinds.key_vault_access import role_table
from unit.crds import schemas

USER, OFFICER, READER = (
    f"Key Vault {name}" for name in ("Secrets User", "Secrets Officer", "Reader")
)
ENCRYPTION, CRYPTO = "Key Vault Crypto Service Encryption User", "Key Vault Crypto User"
CERTIFICATES, RELEASE = "Key Vault Certificates Officer", "Key Vault Crypto Service Release User"
ALL_SECRETS = ["backup", "delete", "get", "list", "purge", "recover", "restore", "set"]
ROWS: list[tuple[dict[str, Any], list[str], dict[str, Any] | None]] = [
    ({"secrets": ["get", "list"]}, [USER], {}),
    ({"secrets": ["get"]}, [USER], {"secrets": ["list"]}),
    ({"secrets": ["purge"]}, [OFFICER], {"secrets": [w for w in ALL_SECRETS if w != "purge"]}),
    ({"secrets": ALL_SECRETS}, [OFFICER], {}),
    ({"keys": ["release"]}, [RELEASE], {}),
    ({"keys": ["get", "list", "wrapKey", "unwrapKey"]}, [ENCRYPTION], {}),
    ({"keys": ["setrotationpolicy", "sign"]}, ["Key Vault Crypto Officer"], None),
    ({"keys": ["sign"]}, [CRYPTO], None),
    ({"certificates": ["create"]}, [CERTIFICATES], None),
    # Names and metadata alone are no reason to show values.
    ({"secrets": ["list"]}, [READER], None),
    ({"certificates": ["get"], "keys": ["get"]}, [READER], None),
    (
        {"secrets": ["get"], "keys": ["wrapKey"], "certificates": ["import"]},
        [USER, ENCRYPTION, CERTIFICATES],
        None,
    ),
]


@pytest.mark.parametrize(("asked", "names", "beyond"), ROWS)
def test_the_smallest_role_that_covers_is_chosen_and_its_excess_said(
    asked: dict[str, Any], names: list[str], beyond: dict[str, Any] | None
) -> None:
    roles = role_table.covering(perms.parse(asked))
    assert [role.name for role in roles] == names
    excess = perms.dump(role_table.excess(roles, perms.parse(asked)))
    assert excess == (excess if beyond is None else beyond)


def words_of(kind: str) -> list[str]:
    node = schemas.spec("KeyVaultAccess")["properties"]["permissions"]["properties"][kind]
    return list(node["items"]["enum"])


@pytest.mark.parametrize("kind", perms.KINDS)
def test_every_word_that_the_crd_takes_stands_in_the_table_and_no_other(kind: str) -> None:
    assert sorted(word.lower() for word in words_of(kind)) == sorted(
        role_table.data_actions()[kind]
    )


ASKED = st.fixed_dictionaries(
    {"secrets": st.lists(st.sampled_from(words_of("secrets")), min_size=1)},
    optional={kind: st.lists(st.sampled_from(words_of(kind))) for kind in perms.KINDS[1:]},
).map(perms.parse)


@given(ASKED)
def test_roles_and_their_excess_are_all_that_was_asked_for_and_never_everything(
    asked: perms.Permissions,
) -> None:
    roles = role_table.covering(asked)
    allowed = frozenset().union(*(role_table.given(role) for role in roles))
    needs = [role_table.data_actions()[kind][w] for kind in perms.KINDS for w in asked[kind]]
    assert all(need <= allowed for need in needs)
    assert perms.empty(perms.common(role_table.excess(roles, asked), asked))
    assert role_table.NEVER not in [role.name for role in roles]


def cut_down(*names: str) -> tuple[BuiltInRole, ...]:
    return tuple(role for role in role_table.candidates() if role.name in names)


@pytest.mark.parametrize(
    ("table", "asked", "beyond"),
    [
        (cut_down(USER, CRYPTO), {"secrets": ["get", "set"]}, {"secrets": ["get", "set"]}),
        (cut_down(USER), {"secrets": ["get"], "keys": ["sign"]}, {"keys": ["sign"]}),
        ((), {"certificates": ["get"]}, {"certificates": ["get"]}),
        (role_table.candidates(), {"secrets": ["all"]}, {"secrets": ["all"]}),
    ],
)
def test_what_no_role_of_the_table_covers_is_named(
    table: tuple[BuiltInRole, ...], asked: dict[str, Any], beyond: dict[str, Any]
) -> None:
    with pytest.raises(role_table.NoRole) as raised:
        role_table.covering(perms.parse(asked), table)
    assert raised.value.asked == perms.parse(beyond)


def test_a_role_without_letter_case_is_the_same_role() -> None:
    actions = ["MICROSOFT.KEYVAULT/VAULTS/SECRETS/*"]
    (role,) = parse([{"roleName": "Loud", "name": "g", "dataActions": actions}])
    assert role_table.covering(perms.parse({"secrets": ["set"]}), [role]) == (role,)
