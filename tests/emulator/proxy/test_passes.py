from __future__ import annotations

import pytest

from azure_emulator.proxy.passes import Passes


def test_a_password_is_known_until_it_is_withdrawn() -> None:
    passes = Passes()
    password = passes.issue("/group")
    before = passes.group_of(password)
    passes.withdraw(password)
    assert (before, passes.group_of(password)) == ("/group", None)


def test_passwords_are_bounded() -> None:
    passes = Passes()
    for _ in range(1000):
        passes.issue("/group")
    with pytest.raises(RuntimeError):
        passes.issue("/group")
