from __future__ import annotations

import pytest

from aci_operator.commands.findings import MISSING, OK, UNKNOWN, Finding, as_table, exit_code


@pytest.mark.parametrize(
    ("results", "code"),
    [((), 0), ((OK, OK), 0), ((OK, UNKNOWN), 2), ((UNKNOWN, MISSING, OK), 1)],
)
def test_what_is_missing_weighs_more_than_what_is_unknown(
    results: tuple[str, ...], code: int
) -> None:
    assert exit_code([Finding("token", "here", result) for result in results]) == code


def test_a_provider_that_could_not_be_asked_weighs_nothing() -> None:
    unasked, missing = Finding("provider", "here", UNKNOWN), Finding("provider", "here", MISSING)
    assert [exit_code([unasked]), exit_code([unasked, missing])] == [0, 1]


def test_the_table_has_columns_and_no_trailing_blanks() -> None:
    rows = [Finding("crd", "keyvaults"), Finding("token", "a/b", MISSING, "renew it")]
    assert as_table(rows).splitlines() == [
        "CHECK  SCOPE      RESULT   WHAT TO DO",
        "crd    keyvaults  ok",
        "token  a/b        missing  renew it",
    ]
