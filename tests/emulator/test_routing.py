from __future__ import annotations

import pytest

from azure_emulator.routing import Router
from azure_emulator.wire import Response, Route

SUBSCRIPTION = "/subscriptions/s"
GROUP = f"{SUBSCRIPTION}/resourceGroups/g"
THING = f"{GROUP}/providers/Microsoft.X/things/t"


def route(method: str, template: str) -> Route:
    return Route(method, template, lambda request: Response(200), None, (template,))


@pytest.fixture
def router() -> Router:
    one = "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.X/things"
    return Router(
        [
            route("GET", "/subscriptions/{subscription}/resourceGroups"),
            route("GET", "/subscriptions/{subscription}/resourceGroups/{group}"),
            route("GET", "/subscriptions/{subscription}/resourceGroups/{group}/resources"),
            route("GET", "/subscriptions/{subscription}/providers/Microsoft.X/things"),
            route("GET", one),
            route("GET", f"{one}/{{name}}"),
            route("PUT", f"{one}/{{name}}"),
            route("POST", f"{one}/{{name}}/start"),
            route("GET", f"{one}/{{name}}/parts/{{part}}/logs"),
            route("GET", "{scope...}/providers/Microsoft.A/roles"),
            route("PUT", "{scope...}/providers/Microsoft.A/roles/{name}"),
        ]
    )


@pytest.mark.parametrize(
    ("path", "scope", "parameters"),
    [
        (f"{SUBSCRIPTION}/resourceGroups", SUBSCRIPTION, {"subscription": "s"}),
        (GROUP, GROUP, {"subscription": "s", "group": "g"}),
        (f"{GROUP}/resources", GROUP, {"subscription": "s", "group": "g"}),
        (
            f"{SUBSCRIPTION}/providers/Microsoft.X/things",
            SUBSCRIPTION,
            {"subscription": "s"},
        ),
        (f"{GROUP}/providers/Microsoft.X/things", GROUP, {"subscription": "s", "group": "g"}),
        (THING, THING, {"subscription": "s", "group": "g", "name": "t"}),
        (f"{THING}/start", THING, {"subscription": "s", "group": "g", "name": "t"}),
        (
            f"{THING}/parts/p/logs",
            f"{THING}/parts/p",
            {"subscription": "s", "group": "g", "name": "t", "part": "p"},
        ),
        ("/providers/Microsoft.A/roles", "/", {"scope": "/"}),
        (f"{GROUP}/providers/Microsoft.A/roles", GROUP, {"scope": GROUP}),
        (f"{THING}/providers/Microsoft.A/roles", THING, {"scope": THING}),
        (
            f"{THING}/providers/Microsoft.A/roles/r",
            f"{THING}/providers/Microsoft.A/roles/r",
            {"scope": THING, "name": "r"},
        ),
    ],
)
def test_a_path_gives_its_variables_and_the_scope_of_its_right(
    router: Router, path: str, scope: str, parameters: dict[str, str]
) -> None:
    match = router.find(path)
    assert match is not None
    assert (match.scope, match.parameters) == (scope, parameters)


def test_letter_case_of_literal_segments_and_extra_slashes_do_not_matter(router: Router) -> None:
    match = router.find("//SUBSCRIPTIONS/s/RESOURCEgroups/G/providers/microsoft.x/THINGS/T/")
    assert match is not None
    assert match.parameters == {"subscription": "s", "group": "G", "name": "T"}
    assert sorted(match.methods) == ["GET", "PUT"]


@pytest.mark.parametrize(
    "path",
    ["/", "/subscriptions/s/other", f"{THING}/stop", f"{THING}/providers/Microsoft.B/roles", ""],
)
def test_an_unknown_path_is_not_found(router: Router, path: str) -> None:
    assert router.find(path) is None


def test_two_routes_for_the_same_operation_are_refused() -> None:
    with pytest.raises(ValueError, match="two routes for GET"):
        Router([route("GET", "/a/{x}"), route("GET", "/a/{x}")])


def test_one_path_has_one_name_for_a_variable() -> None:
    with pytest.raises(ValueError, match="names its variables unlike"):
        Router([route("GET", "/a/{x}"), route("PUT", "/a/{y}")])
