from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aci_operator.reconcile.hashing import keyed_hash, keyed_hash_of
from aci_operator.reconcile.locks import Locks

JSON = st.dictionaries(st.text(max_size=3), st.integers() | st.text(max_size=3), max_size=4)


def test_a_hash_is_32_hex_digits_of_hmac_sha_256() -> None:
    # Test case 2 of RFC 4231.
    digest = keyed_hash(b"Jefe", b"what do ya want for nothing?")
    assert digest == "5bdcc146bf60754e6a042426089575c7"


def test_the_key_decides() -> None:
    assert keyed_hash(b"one", b"value") != keyed_hash(b"other", b"value")


@given(JSON)
def test_the_order_of_members_means_nothing(value: dict[str, object]) -> None:
    turned = dict(reversed(value.items()))
    assert keyed_hash_of(b"k", value) == keyed_hash_of(b"k", turned)


@given(JSON, JSON)
def test_other_json_has_another_hash(one: dict[str, object], other: dict[str, object]) -> None:
    assert (keyed_hash_of(b"k", one) == keyed_hash_of(b"k", other)) is (one == other)


def test_one_resource_has_one_lock_in_any_letter_case() -> None:
    locks = Locks()
    one = locks.of("/A")
    assert (locks.of("/a") is one, locks.of("/b") is one) == (True, False)
