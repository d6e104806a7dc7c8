"""Which account an object acts with, up to the session that it opens."""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.api.objects import Key, Object
from aci_operator.reconcile import account
from aci_operator.reconcile.steps import Halt, Stall, Wait
from pass_builders import a_pass, a_ready, an_object

KIND = "ResourceGroup"
REF = {"kind": "AzureAccount", "name": "one"}


def an_account(name: str, **changes: Any) -> Object:
    return an_object("AzureAccount", name, status={"conditions": [a_ready("False", **changes)]})


async def refusal(object_: Object, *accounts: Object) -> tuple[type[Halt], str, str]:
    """Give the Halt of an object whose account is not there or not ready."""
    with pytest.raises(Halt) as raised:
        await account.resolve(a_pass(object_, *accounts))
    return type(raised.value), raised.value.reason, raised.value.message


ONE, TWO = an_account("one", message="No secret."), an_account("two")
NAMED = an_object(KIND, spec={"accountRef": REF})
CASES: list[tuple[Object, list[Object], tuple[type[Halt], str, str]]] = [
    (
        an_object(KIND),
        [],
        (
            Stall,
            "NoAccount",
            "Namespace here has no AzureAccount. Create one; the objects of the namespace will "
            "find it.",
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
        (
            Stall,
            "NotSupported",
            "spec.accountRef.kind ClusterAzureAccount is not supported in this version. Name an "
            "AzureAccount of the namespace.",
        ),
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


@pytest.mark.parametrize(
    ("object_", "name"),
    [
        (an_object(KIND), ""),
        (NAMED, "one"),
        (an_object(KIND, status={"accountRef": REF}), "one"),
        (an_object(KIND, spec={"accountRef": REF}, status={"accountRef": {"name": "two"}}), "one"),
    ],
)
def test_an_object_is_woken_by_its_account_or_by_any_while_it_has_none(
    object_: Object, name: str
) -> None:
    assert account.reference(object_) == {Key("AzureAccount", "here", name)}
