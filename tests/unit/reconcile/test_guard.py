"""Which deletions look like a mistake."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aci_operator.api.objects import Key, Object
from aci_operator.reconcile.guard import CONFIRMED, Guard, too_many

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC).timestamp()


def resource(number: int, deleted: float | None = None, **fields: object) -> Object:
    """An object whose deletion was asked for so many seconds ago."""
    stamp = None if deleted is None else datetime.fromtimestamp(NOW - deleted, UTC).isoformat()
    key = Key(str(fields.pop("kind", "ContainerGroup")), str(fields.pop("place", "a")), str(number))
    rest = {"generation": 1, "spec": {}, "deletion_timestamp": stamp, **fields}
    return Object(key=key, uid=f"uid-{number}", resource_version="1", **rest)  # type: ignore[arg-type]


def mixed(deleted: int, alive: int, ago: float = 1.0) -> list[Object]:
    gone = [resource(number, ago) for number in range(deleted)]
    return gone + [resource(1000 + number) for number in range(alive)]


async def holds(known: list[Object], *ending: str) -> bool:
    """Whether the first object's deletion waits."""

    async def is_ending(namespace: str) -> bool:
        return namespace in ending

    return await Guard(is_ending).holds(known[0], known, NOW)


@pytest.mark.parametrize(
    ("deleted", "everything", "held"),
    [(20, 20, False), (21, 21, True), (21, 104, True), (21, 105, False), (200, 1001, False)],
)
def test_more_than_twenty_and_more_than_a_fifth_are_too_many(
    deleted: int, everything: int, held: bool
) -> None:
    assert too_many(deleted, everything) is held


@given(st.integers(0, 500), st.integers(0, 500))
def test_one_more_deletion_never_makes_a_mistake_look_right(deleted: int, alive: int) -> None:
    before = too_many(deleted, deleted + alive)
    assert too_many(deleted + 1, deleted + 1 + alive) or not before


@pytest.mark.parametrize(("ago", "held"), [(300.0, True), (301.0, False)])
async def test_five_minutes_count(ago: float, held: bool) -> None:
    known = [resource(0, 1.0), *mixed(25, 10, ago)[1:]]
    assert await holds(known) is held


async def test_a_namespace_that_goes_is_neither_counted_nor_held() -> None:
    other = [resource(2000 + number, 1.0, place="b") for number in range(5)]
    assert await holds(mixed(25, 10) + other, "a") is False
    assert await holds(other + mixed(25, 10), "a") is False


async def test_accounts_are_neither_counted_nor_held() -> None:
    accounts = [resource(number, 1.0, kind="AzureAccount") for number in range(30)]
    assert await holds([*accounts, resource(99, 1.0)]) is False
    assert await holds([resource(99, 1.0), *accounts]) is False


@pytest.mark.parametrize(
    "fields",
    [
        {"annotations": {CONFIRMED: "true"}},
        {"spec": {"operator": {"deletionPolicy": "Retain"}}},
        {"status": {"conditions": [{"type": "Ready", "reason": "Deleting"}]}},
    ],
)
async def test_what_is_confirmed_or_stays_or_has_begun_goes_on(fields: dict[str, object]) -> None:
    assert await holds([resource(0, 1.0, **fields), *mixed(30, 0)[1:]]) is False


async def test_what_was_held_stays_held_after_the_five_minutes_and_a_restart() -> None:
    status = {"conditions": [{"type": "Ready", "reason": "DeletionHeld"}]}
    assert await holds([resource(0, 9000.0, status=status)]) is True


async def test_what_has_gone_meanwhile_counts_too() -> None:
    async def none_ends(_: str) -> bool:
        return False

    guard = Guard(none_ends)
    verdicts = [
        await guard.holds(resource(number, 1.0), [resource(number, 1.0)], NOW)
        for number in range(22)
    ]
    assert verdicts == [False] * 20 + [True] * 2
