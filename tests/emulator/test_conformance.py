"""The hook in the tests' clients finds what is not Azure's."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.conformance import hold
from emulator.containers.builders import PROVIDER, a_group

DEMO = f"{PROVIDER}/containerGroups/demo"
SHOWN = {**a_group(), "id": DEMO, "name": "demo", "type": "Microsoft.ContainerInstance/x"}


@pytest.mark.parametrize(
    ("version", "sent", "status", "body", "problem"),
    [
        ("2023-05-01", a_group(), 200, {**SHOWN, "colour": "red"}, "'colour' was unexpected"),
        ("2025-09-01", a_group(), 200, {**a_group(), "colour": "red"}, "$.colour: is not declared"),
        ("2025-09-01", a_group(colour="red"), 200, a_group(), "request $.properties"),
        ("2025-09-01", a_group(), 404, {"message": "gone"}, "no error of Azure's"),
        ("2025-09-01", a_group(), 404, {"error": {"code": "X"}}, "without a code or a message"),
        (
            "2025-09-01",
            a_group(),
            404,
            {"error": {"code": "X", "message": "x", "more": 1}},
            "error member more",
        ),
    ],
)
def test_what_is_not_azures_fails(
    version: str, sent: Any, status: int, body: Any, problem: str
) -> None:
    with pytest.raises(AssertionError, match=problem.replace("$", r"\$")):
        hold("PUT", DEMO, version, sent, status, body)


def test_what_is_listed_passes() -> None:
    listed: dict[str, Any] = {"value": [], "nextLink": None}
    assert passes("GET", "/secrets", "7.5", None, 200, listed)


def test_a_shape_is_looked_at_once() -> None:
    odd = {**SHOWN, "once": "only"}
    names = [DEMO, DEMO.replace("demo", "other")]
    passed = [passes("PUT", name, "2023-05-01", a_group(), 200, odd) for name in names]
    assert passed == [False, True]


def passes(*call: Any) -> bool:
    """Whether a call is found to be Azure's."""
    try:
        hold(*call)
    except AssertionError:
        return False
    return True
