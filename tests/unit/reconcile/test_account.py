"""Which account an object acts with, up to the session that it opens."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from aci_operator.api.objects import Key, Object
from aci_operator.reconcile import account
from aci_operator.reconcile.steps import Halt, Stall, Wait
from pass_builders import a_pass, a_ready, an_object

KIND = "ResourceGroup"
REF = {"kind": "AzureAccount", "name": "one"}
RG = "/subscriptions/s/resourceGroups/rg"


def an_account(name: str, **changes: Any) -> Object:
    return an_object("AzureAccount", name, status={"conditions": [a_ready("False", **changes)]})


async def refusal(object_: Object, *accounts: Object) -> tuple[type[Halt], str, str]:
    """Give the Halt of an object whose account is not there or not ready."""
    with pytest.raises(Halt) as raised:
        await account.resolve(a_pass(object_, *accounts))
    return type(raised.value), raised.value.reason, raised.value.message


def a_lender(name: str, *namespaces: str, **spec: Any) -> Object:
    """A ClusterAzureAccount for these namespaces."""
    spec = {"allowedNamespaces": list(namespaces), **spec}
    account = an_object("ClusterAzureAccount", name, spec=spec)
    return replace(account, key=Key("ClusterAzureAccount", "", name))


LENT = a_lender("lent", "elsewhere", "here")
LENT_REF = {"kind": "ClusterAzureAccount", "name": "lent"}
NOT_LISTED = (
    "ClusterAzureAccount lent does not list namespace here in spec.allowedNamespaces. Ask whoever "
    "keeps the account to list it, or create an AzureAccount in the namespace."
)
ONE, TWO = an_account("one", message="No secret."), an_account("two")
NAMED = an_object(KIND, spec={"accountRef": REF})
CASES: list[tuple[Object, list[Object], tuple[type[Halt], str, str]]] = [
    (
        an_object(KIND),
        [],
        (
            Stall,
            "NoAccount",
            "Namespace here has no AzureAccount, and no ClusterAzureAccount lists it. Create an "
            "AzureAccount; the objects of the namespace will find it.",
        ),
    ),
    (
        an_object(KIND),
        [TWO, ONE],
        (
            Stall,
            "AmbiguousAccount",
            "Namespace here has several AzureAccounts (one, two). Name one in spec.accountRef.",
        ),
    ),
    (
        an_object(KIND),
        [ONE],
        (Wait, "AccountNotReady", "AzureAccount one is not ready: No secret."),
    ),
    (
        an_object(KIND),
        [an_object("AzureAccount", "one")],
        (Wait, "AccountNotReady", "AzureAccount one is not ready: It has not been looked at yet."),
    ),
    (NAMED, [ONE, TWO], (Wait, "AccountNotReady", "AzureAccount one is not ready: No secret.")),
    (
        an_object(KIND, status={"accountRef": REF}),
        [ONE, TWO],
        (Wait, "AccountNotReady", "AzureAccount one is not ready: No secret."),
    ),
    (
        NAMED,
        [TWO],
        (Stall, "NoAccount", "AzureAccount one does not exist in namespace here. Create it."),
    ),
    (
        an_object(KIND, spec={"accountRef": {**REF, "kind": "ClusterAzureAccount"}}),
        [ONE],
        (Stall, "NoAccount", "ClusterAzureAccount one does not exist. Create it."),
    ),
    (
        an_object(KIND),
        [LENT, a_lender("other", "elsewhere")],
        (
            Wait,
            "AccountNotReady",
            "ClusterAzureAccount lent is not ready: It has not been looked at yet.",
        ),
    ),
    (
        an_object(KIND),
        [LENT, ONE],
        (Wait, "AccountNotReady", "AzureAccount one is not ready: No secret."),
    ),
    (
        an_object(KIND),
        [LENT, a_lender("also", "here")],
        (
            Stall,
            "AmbiguousAccount",
            "Namespace here is listed by several ClusterAzureAccounts (also, lent). Name one in "
            "spec.accountRef.",
        ),
    ),
    (
        an_object(KIND, spec={"accountRef": LENT_REF}),
        [a_lender("lent", "elsewhere", "her", "here-too")],
        (Stall, "NamespaceNotAllowed", NOT_LISTED),
    ),
    (
        an_object(KIND, status={"accountRef": LENT_REF}),
        [a_lender("lent")],
        (Stall, "NamespaceNotAllowed", NOT_LISTED),
    ),
]


@pytest.mark.parametrize(("object_", "accounts", "halt"), CASES)
async def test_an_account_that_cannot_be_used_is_told(
    object_: Object, accounts: list[Object], halt: tuple[type[Halt], str, str]
) -> None:
    assert await refusal(object_, *accounts) == halt


async def test_the_account_that_was_found_is_recorded_before_it_works() -> None:
    p = a_pass(an_object(KIND), ONE)
    with pytest.raises(Wait):
        await account.resolve(p)
    assert p.status.fields == {"accountRef": REF}


async def test_a_deletion_without_its_account_says_the_way_out() -> None:
    p = a_pass(an_object(KIND, status={"accountRef": REF}))
    with pytest.raises(Stall) as raised:
        await account.resolve_stored(p)
    assert raised.value.message == (
        "AzureAccount one is gone, so the resource cannot be deleted. Create the account again, or "
        "set spec.operator.deletionPolicy to Retain."
    )


async def test_a_deletion_goes_no_further_than_the_account_reaches() -> None:
    status = {"accountRef": LENT_REF, "id": f"{RG}2"}
    p = a_pass(an_object(KIND, status=status), a_lender("lent", "here", allowedScopes=[RG]))
    with pytest.raises(Stall) as raised:
        await account.resolve_stored(p)
    assert raised.value.reason == "ScopeNotAllowed"


async def test_a_raw_id_anywhere_in_the_spec_is_checked_before_the_account_is_used() -> None:
    spec = {"accountRef": LENT_REF, "networkAcls": {"rules": [{"id": f"{RG}/providers/a/b/c"}]}}
    p = a_pass(an_object("KeyVault", spec=spec), a_lender("lent", "here", allowedScopes=[f"{RG}2"]))
    with pytest.raises(Stall) as raised:
        await account.resolve(p)
    assert raised.value.message == (
        f"spec.networkAcls.rules[0].id is {RG}/providers/a/b/c, and ClusterAzureAccount lent "
        f"allows {RG}2 (spec.allowedScopes). Name what lies there, or ask whoever keeps the "
        "account."
    )


def test_an_object_without_an_account_is_woken_by_any_that_may_come_to_serve_it() -> None:
    anyone = {Key("AzureAccount", "here", ""), Key("ClusterAzureAccount", "", "")}
    assert account.reference(an_object(KIND)) == anyone


def test_an_object_is_woken_by_the_account_that_is_lent_to_it() -> None:
    object_ = an_object(KIND, spec={"accountRef": LENT_REF})
    assert account.reference(object_) == {LENT.key}


@pytest.mark.parametrize(
    ("object_", "name"),
    [
        (NAMED, "one"),
        (an_object(KIND, status={"accountRef": REF}), "one"),
        (an_object(KIND, spec={"accountRef": REF}, status={"accountRef": {"name": "two"}}), "one"),
    ],
)
def test_an_object_is_woken_by_its_own_account(object_: Object, name: str) -> None:
    assert account.reference(object_) == {Key("AzureAccount", "here", name)}
