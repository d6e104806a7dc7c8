"""What a ClusterAzureAccount lends: ARM IDs by segments, roles by name or GUID."""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.api.limits import Limits, arm_ids, shown, within

RG = "/subscriptions/s/resourceGroups/rg1"
GUID = "4633458b-17de-408a-b874-0445c86b69e6"


@pytest.mark.parametrize(
    ("arm_id", "scope"),
    [
        (RG, RG),
        (RG, "/subscriptions/s"),
        (RG.upper(), RG),
        (f"{RG}/providers/P/t/n", RG.lower()),
        (f"{RG}/", RG),
        (RG, f"{RG}/"),
    ],
)
def test_a_scope_covers_itself_and_what_lies_below_in_any_letter_case(
    arm_id: str, scope: str
) -> None:
    assert within(arm_id, scope)


@pytest.mark.parametrize(
    ("arm_id", "scope"),
    [
        (f"{RG}0", RG),
        ("/subscriptions/s", RG),
        ("/subscriptions/s2", "/subscriptions/s"),
        (f"{RG}/../rg2", RG),
        (f"{RG}//x", RG),
        (RG, "/"),
        (RG, ""),
        (RG[1:], RG),
        ("", ""),
    ],
)
def test_a_scope_covers_nothing_else(arm_id: str, scope: str) -> None:
    assert not within(arm_id, scope)


def test_what_an_account_does_not_list_it_does_not_lend() -> None:
    nothing = Limits.parse({})
    told = (nothing.lend_to("a"), nothing.cover(RG), nothing.allow_role(GUID, "Reader"))
    assert told == (False, False, False)


def test_an_account_lends_what_it_lists() -> None:
    spec = {"allowedNamespaces": ["a"], "allowedScopes": ["/subscriptions/x", RG]}
    limits = Limits.parse(spec)
    assert (limits.lend_to("a"), limits.lend_to("b")) == (True, False)
    assert (limits.cover(f"{RG}/providers/a/b/c"), limits.cover(f"{RG}1")) == (True, False)


@pytest.mark.parametrize("listed", ["key vault secrets user", GUID.upper()])
def test_a_role_is_listed_by_name_or_guid_in_any_letter_case(listed: str) -> None:
    limits = Limits.parse({"allowedRoles": ["Reader", listed]})
    assert limits.allow_role(GUID, "Key Vault Secrets User")
    assert not limits.allow_role(
        "b86a8fe4-44ce-4948-aee5-eccb2c155cd7", "Key Vault Secrets Officer"
    )


def test_the_ids_of_a_body_are_found_as_values_and_as_keys() -> None:
    body: dict[str, Any] = {
        "identity": {"userAssignedIdentities": {f"{RG}/a": {}}},
        "properties": {"subnetIds": [{"id": f"{RG}/b"}], "name": "x", "scope": "/Providers/c"},
    }
    assert list(arm_ids(body, "body")) == [
        ("body.identity.userAssignedIdentities", f"{RG}/a"),
        ("body.properties.subnetIds[0].id", f"{RG}/b"),
        ("body.properties.scope", "/Providers/c"),
    ]


@pytest.mark.parametrize("field", ["tags", "command", "environmentVariables", "contentType"])
def test_the_users_own_text_is_no_id(field: str) -> None:
    assert list(arm_ids({field: RG})) == []


@pytest.mark.parametrize(
    ("entries", "text"),
    [([], "nothing"), (["a", "b"], "a, b"), (list("abcdefg"), "a, b, c, d, e and 2 more")],
)
def test_a_message_names_the_first_entries(entries: list[str], text: str) -> None:
    assert shown(entries) == text


@pytest.mark.parametrize(
    "field", ["password", "storageAccountKey", "workspaceKey", "protectedSettings", "secret"]
)
def test_what_holds_secrets_is_not_walked_since_a_message_would_show_it(field: str) -> None:
    assert list(arm_ids({field: {"inner": RG}})) == []
    assert list(arm_ids({field: RG})) == []
