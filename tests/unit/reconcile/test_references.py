"""From a reference to the object or the ARM ID that it means, and what to say while it is not."""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.api import conditions
from aci_operator.api.objects import Object
from aci_operator.api.references import Reference
from aci_operator.engine.store import Store
from aci_operator.reconcile import references
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.steps import Stall, Wait
from pass_builders import a_pass, a_ready, a_settled, an_object

FIELD = "spec.keyVaultRef"
BY_NAME = Reference(FIELD, "KeyVault", name="v")
ID = "/subscriptions/s/resourceGroups/G/providers/Microsoft.KeyVault/vaults/v"
GONE = "2026-01-01T00:00:00Z"
NAMED = f"{FIELD} names KeyVault here/v"


def a_user(*others: Object, settled: bool = False) -> Pass:
    make = a_settled if settled else an_object
    return a_pass(make("KeyVaultAccess"), *others)


def a_vault(*ready: dict[str, Any], id_: str | None = ID, **parts: Any) -> Object:
    status: dict[str, Any] = {"conditions": list(ready)}
    if id_:
        status["id"] = id_
    return an_object("KeyVault", "v", status=status, **parts)


def test_a_ready_object_is_the_one_that_is_meant() -> None:
    vault = a_vault(a_ready())
    p = a_user(vault)
    assert (references.dependency(p, BY_NAME), references.arm_id(p, BY_NAME)) == (vault, ID)


def test_an_arm_id_is_taken_as_it_is_written() -> None:
    by_id = Reference(FIELD, "KeyVault", id=ID)
    p = a_user()
    assert (references.dependency(p, by_id), references.arm_id(p, by_id)) == (None, ID)


MISSING: list[tuple[list[Object], str]] = [
    ([], f"{NAMED}, which does not exist. Create it."),
    ([a_vault(a_ready(), deletion_timestamp=GONE)], f"{NAMED}, which is being deleted."),
    ([a_vault()], f"{NAMED}, which is not ready: it has not been looked at yet."),
    ([a_vault(a_ready("False", message="No."))], f"{NAMED}, which is not ready: No."),
    ([a_vault(a_ready(), id_=None)], f"{NAMED}, which is not ready: It was there."),
]


@pytest.mark.parametrize(("others", "message"), MISSING)
def test_what_is_missing_is_waited_for_and_said(others: list[Object], message: str) -> None:
    p = a_user(*others)
    with pytest.raises(Wait) as raised:
        references.arm_id(p, BY_NAME)
    told = conditions.find(p.status.build(1, p.world.clock.now()), "ReferencesResolved")
    assert (raised.value.reason, raised.value.message, raised.value.after) == (
        "WaitingForReference",
        message,
        None,
    )
    assert (told["status"], told["message"]) == ("False", message)


@pytest.mark.parametrize(
    "vault", [a_vault(a_ready("False")), a_vault(a_ready(), deletion_timestamp=GONE)]
)
def test_an_object_that_came_so_far_once_keeps_serving_who_uses_it(vault: Object) -> None:
    assert references.dependency(a_user(vault, settled=True), BY_NAME) == vault


def test_a_missing_field_is_waited_for_even_by_who_is_settled() -> None:
    with pytest.raises(Wait):
        references.dependency(a_user(a_vault(), settled=True), BY_NAME, needs="vaultUri")


def test_an_id_that_is_none_is_refused_by_its_field() -> None:
    with pytest.raises(Stall) as raised:
        references.arm_id(a_user(), Reference(FIELD, "KeyVault", id="nonsense"))
    assert (raised.value.reason, raised.value.message) == (
        "InvalidSpec",
        "spec.keyVaultRef is no ARM ID: 'nonsense': an ARM ID starts with /.",
    )


def test_nothing_missing_is_said_too() -> None:
    p = a_user()
    references.resolved(p)
    told = conditions.find(p.status.build(1, p.world.clock.now()), "ReferencesResolved")
    assert (told["status"], told["reason"]) == ("True", "Resolved")


def test_users_of_an_object_are_those_of_the_kinds_that_are_asked_for() -> None:
    vault = a_vault(a_ready())
    access, secret = (an_object(kind, "user") for kind in ("KeyVaultAccess", "KeyVaultSecret"))
    p = a_pass(vault)
    p.world.store = Store(lambda object_: frozenset({vault.key} - {object_.key}))
    for object_ in (vault, access, secret):
        p.world.store.put(object_)
    assert references.users_of(p, ["KeyVaultSecret"]) == [secret]
