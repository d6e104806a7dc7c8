"""The replay would notice: what counts as a difference between two answers."""

from __future__ import annotations

from typing import Any

import pytest

from emulator.comparison import Names, compare_body, compare_headers

GUID, OTHER = "81009f34-150a-40a1-a60c-20086116e41f", "cb5e8216-ad9c-465b-9c8b-ac28ab797075"


def paths(recorded: Any, emulated: Any, **options: Any) -> list[str]:
    return [path for path, *_ in compare_body(recorded, emulated, Names(), **options)]


@pytest.mark.parametrize(
    ("recorded", "emulated"),
    [
        ({"a": 1}, {"a": 1}),
        ({"id": GUID}, {"id": OTHER}),
        ({"at": "2020-02-06T07:43:27.9077980Z"}, {"at": "2026-01-01T00:00:00Z"}),
        ({"ip": "13.64.174.206"}, {"ip": "20.1.2.3"}),
        ({"id": f"/x/{GUID}"}, {"id": f"/x/{OTHER}"}),
        ({"error": {"message": f"No {GUID}."}}, {"error": {"message": f"No {OTHER}. See more."}}),
        ({"url": "TRIMMED"}, {"url": ["anything"]}),
    ],
)
def test_these_are_alike(recorded: Any, emulated: Any) -> None:
    assert paths(recorded, emulated) == []


@pytest.mark.parametrize(
    ("recorded", "emulated", "path"),
    [
        ({"a": 1}, {"a": 2}, "$.a"),
        ({"a": 1}, {"a": True}, "$.a"),
        ({"a": 1}, {"a": 1.0}, "$.a"),
        ({"a": None}, {"a": "x"}, "$.a"),
        ({"a": 1}, {}, "$.a"),
        ({}, {"a": 1}, "$.a"),
        ({"a": [1]}, {"a": [1, 2]}, "$.a"),
        ({"a": [{"b": "x"}]}, {"a": [{"b": "y"}]}, "$.a[0].b"),
        ({"id": GUID}, {"id": "x"}, "$.id"),
        ({"error": {"code": "A"}}, {"error": {"code": "AB"}}, "$.error.code"),
        (None, {"a": 1}, "$"),
    ],
)
def test_these_differ(recorded: Any, emulated: Any, path: str) -> None:
    assert paths(recorded, emulated) == [path]


def test_a_trimmed_list_needs_elements_of_the_same_shape() -> None:
    recorded = {"value": [{"a": "x", "b": 1}]}
    assert paths(recorded, {"value": [{"b": 2, "a": "y"}, {"c": 1}]}, trimmed=True) == []
    assert paths(recorded, {"value": [{"a": "x", "b": "1"}]}, trimmed=True) == ["$.value[0]"]


def test_an_id_once_seen_stands_for_ours() -> None:
    names = Names()
    assert list(compare_body({"id": GUID}, {"id": OTHER}, names)) == []
    assert names.translate({"principal": f"x/{GUID}"}) == {"principal": f"x/{OTHER}"}


@pytest.mark.parametrize(
    ("recorded", "emulated", "found"),
    [
        ({"content-type": "application/json"}, {"Content-Type": "text/plain"}, ["content-type"]),
        ({"x-ms-failure-cause": "gateway"}, {}, ["x-ms-failure-cause"]),
        ({}, {"x-ms-failure-cause": "gateway"}, ["x-ms-failure-cause"]),
        ({}, {"Azure-AsyncOperation": "https://x/y"}, ["azure-asyncoperation"]),
        ({"location": "/a"}, {"Location": "/b"}, ["location"]),
        ({"location": "/a"}, {"Location": "https://h/a"}, ["location"]),
        ({"location": "https://g/a"}, {"Location": "https://h/b"}, []),
        (
            {"x-ms-ratelimit-remaining-subscription-writes": "5"},
            {},
            ["x-ms-ratelimit-remaining-subscription-writes"],
        ),
        ({"date": "today", "content-length": "5"}, {}, []),
    ],
)
def test_headers_that_mean_something_are_compared(
    recorded: Any, emulated: Any, found: list[str]
) -> None:
    differences = compare_headers(recorded, emulated, Names())
    assert [path for path, *_ in differences] == [f"header {name}" for name in found]
