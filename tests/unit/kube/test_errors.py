from __future__ import annotations

import json

import pytest

from aci_operator.kube.errors import (
    Denied,
    Gone,
    KubeError,
    Refused,
    Stale,
    Unreachable,
    error_of,
)


def answer(message: str, reason: str = "") -> bytes:
    return json.dumps({"kind": "Status", "message": message, "reason": reason}).encode()


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, Refused),
        (401, Denied),
        (403, Denied),
        (404, Gone),
        (409, Stale),
        (410, Stale),
        (415, Refused),
        (422, Refused),
        (429, Unreachable),
        (500, Unreachable),
        (503, Unreachable),
    ],
)
def test_a_status_has_its_consequence(status: int, error: type[KubeError]) -> None:
    assert type(error_of(status, b"{}", "GET /x")) is error


def test_an_apply_that_does_not_fit_the_schema_is_refused() -> None:
    message = "failed to create typed patch object (x/y): .status.z: field not declared in schema"
    assert type(error_of(500, answer(message), "PATCH /x")) is Refused


def test_an_error_says_what_was_asked_and_what_was_answered() -> None:
    error = error_of(409, answer("it exists", "AlreadyExists"), "POST /x")
    assert (str(error), error.status, error.reason) == ("POST /x: it exists", 409, "AlreadyExists")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b"\xff"])
def test_an_answer_that_is_no_status_object_is_told_by_its_number(body: bytes) -> None:
    assert str(error_of(502, body, "GET /x")) == "GET /x: HTTP 502"


def test_a_long_answer_is_cut() -> None:
    assert len(str(error_of(422, answer("x" * 5000), "PUT /x"))) == 1024
