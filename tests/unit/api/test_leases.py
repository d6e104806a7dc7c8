from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from aci_operator.api.leases import Lease

NOW = datetime(2026, 1, 2, 3, 4, 5, 600, tzinfo=UTC)
STORED = Lease("one", 15, NOW, NOW, 3, "7")


def test_a_lease_is_read_as_it_was_written() -> None:
    assert Lease.parse(STORED.body("here", "it")) == STORED


def test_times_are_written_in_utc_with_microseconds() -> None:
    elsewhere = NOW.astimezone(timezone(timedelta(hours=5)))
    spec = Lease("one", 15, elsewhere, elsewhere).body("here", "it")["spec"]
    assert (spec["acquireTime"], spec["renewTime"]) == ("2026-01-02T03:04:05.000600Z",) * 2


def test_a_change_of_holder_is_counted() -> None:
    assert STORED.taken("two", 9, NOW) == Lease("two", 9, NOW, NOW, 4, "7")


def test_the_first_holder_is_no_change() -> None:
    assert Lease().taken("one", 15, NOW) == Lease("one", 15, NOW, NOW, 0, "")


def test_a_lease_that_was_let_go_has_no_holder() -> None:
    assert STORED.let_go(NOW) == Lease("", 1, NOW, NOW, 3, "7")


def test_a_new_lease_is_written_without_a_version() -> None:
    assert Lease().body("here", "it")["metadata"] == {"namespace": "here", "name": "it"}
