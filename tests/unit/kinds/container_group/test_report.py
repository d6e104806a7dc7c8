"""From Azure's answer to status: the facts, and whether the group is well."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from aci_operator.api import conditions
from aci_operator.kinds.container_group import report
from aci_operator.reconcile.context import Pass
from pass_builders import ApiServer, a_pass, a_ready, an_object
from unit.crds import schemas
from unit.kinds.container_group.builders import a_view, an_answer

KIND = "ContainerGroup"


def reported(body: dict[str, Any], p: Pass | None = None) -> Pass:
    """Report an answer; give the pass with what was said, whether it is Ready or not."""
    p = p or a_pass(an_object(KIND))
    report.facts(p, body)
    return p


def fields(p: Pass) -> dict[str, Any]:
    return p.status.fields


EXITED: dict[str, Any] = {
    "state": "Terminated",
    "exitCode": 3,
    "startTime": "t1",
    "finishTime": "t2",
}


def test_a_running_group_is_reported_whole() -> None:
    answer = an_answer(
        a_view("a", startTime="t1"),
        a_view("b", restarts=2, detailStatus="Error", **EXITED),
        ipAddress={"type": "Public", "ports": [], "ip": "1.2.3.4", "fqdn": "x.io"},
    )
    assert fields(reported(answer)) == {
        "provisioningState": "Succeeded",
        "state": "Running",
        "ipAddress": {"ip": "1.2.3.4", "fqdn": "x.io"},
        "containers": [
            {"name": "a", "state": "Running", "restartCount": 0, "startTime": "t1"},
            {
                "name": "b",
                "state": "Terminated",
                "detailStatus": "Error",
                "exitCode": 3,
                "restartCount": 2,
                "startTime": "t1",
                "finishTime": "t2",
            },
        ],
    }


def test_a_container_that_runs_again_shows_how_its_last_run_ended() -> None:
    again = a_view(restarts=1, startTime="t3")
    again["properties"]["instanceView"]["previousState"] = EXITED
    (listed,) = fields(reported(an_answer(again)))["containers"]
    assert listed == {
        "name": "app",
        "state": "Running",
        "exitCode": 3,
        "restartCount": 1,
        "startTime": "t3",
        "finishTime": "t2",
    }


def test_exit_code_zero_is_reported() -> None:
    (container,) = fields(reported(an_answer(a_view(state="Terminated", exitCode=0))))["containers"]
    assert container["exitCode"] == 0


def test_a_list_without_views_leaves_the_containers_as_they_were() -> None:
    answer = an_answer()
    del answer["properties"]["instanceView"]
    known = {"state": "Running", "containers": [{"name": "app", "state": "Running"}]}
    p = reported(answer, a_pass(an_object(KIND, status=known)))
    assert fields(p) == {"provisioningState": "Succeeded", **known}


def test_an_address_that_is_gone_leaves_the_status() -> None:
    p = a_pass(an_object(KIND, status={"ipAddress": {"ip": "1.2.3.4"}}))
    assert "ipAddress" not in fields(reported(an_answer(), p))


@pytest.mark.parametrize("view", [None, {}, {"restartCount": 0}, {"currentState": None}])
def test_a_container_that_azure_knows_nothing_of_yet_is_listed(view: Any) -> None:
    container = {"name": "app", "properties": {"instanceView": view}}
    (listed,) = fields(reported(an_answer(container)))["containers"]
    assert listed["name"] == "app"
    assert "state" not in listed


def test_whatever_azure_says_fits_the_crd() -> None:
    long = "x" * 5000
    answer = an_answer(*(a_view(f"c{n}", detailStatus=long, exitCode=137) for n in range(60)))
    schema = copy.deepcopy(schemas.status(KIND))
    del schema["properties"]["conditions"]
    errors = Draft202012Validator(schema).iter_errors(fields(reported(answer)))
    assert [error.message for error in errors] == []


SYSTEM = {"type": "SystemAssigned", "principalId": "p", "tenantId": "t"}
ENTRY = {"principalId": "p2", "clientId": "c2"}
IDENTITIES: list[tuple[Any, Any, Any]] = [
    (SYSTEM, SYSTEM, "Principal IDs: p."),
    (
        {"type": "UserAssigned", "tenantId": "t", "userAssignedIdentities": {"/i": ENTRY}},
        {"type": "UserAssigned", "tenantId": "t", "userAssigned": [{"id": "/i", **ENTRY}]},
        "Principal IDs: p2.",
    ),
    (
        {**SYSTEM, "userAssignedIdentities": {"/b": ENTRY, "/a": ENTRY}},
        {**SYSTEM, "userAssigned": [{"id": "/a", **ENTRY}, {"id": "/b", **ENTRY}]},
        "Principal IDs: p, p2, p2.",
    ),
    ({"type": "UserAssigned", "principalId": "null"}, {"type": "UserAssigned"}, None),
    (
        {"type": "UserAssigned", "principalId": None, "userAssignedIdentities": {"/i": {}}},
        {"type": "UserAssigned", "userAssigned": [{"id": "/i"}]},
        None,
    ),
    (None, None, None),
]


@pytest.mark.parametrize(("answered", "told", "message"), IDENTITIES)
def test_the_identities_are_reported_once_they_have_principals(
    answered: Any, told: Any, message: str | None
) -> None:
    p = reported({**an_answer(), "identity": answered})
    said = conditions.find(p.status.build(1, p.world.clock.now()), "IdentityReady")
    assert (fields(p).get("identity"), said.get("message")) == (told, message)


def test_a_group_that_has_no_identity_any_more_says_nothing_of_principals() -> None:
    before = {"identity": SYSTEM, "conditions": [a_ready(type="IdentityReady")]}
    p = reported(an_answer(), a_pass(an_object(KIND, status=before)))
    assert p.status.build(1, p.world.clock.now())["conditions"] == []


@pytest.mark.parametrize(
    ("before", "now", "events"),
    [
        (0, 0, []),
        (
            1,
            3,
            [("Warning", "ContainerRestarted", "Container app was restarted (3 times in all).")],
        ),
        (3, 0, []),  # a new deployment counts from nothing
    ],
)
async def test_a_restart_is_an_event(
    before: int, now: int, events: list[tuple[str, str, str]]
) -> None:
    known = {"containers": [{"name": "app", "restartCount": before}]}
    p = a_pass(an_object(KIND, status=known))
    p.world.recorder.start()
    reported(an_answer(a_view(restarts=now)), p)
    await p.world.recorder.close()
    assert isinstance(p.world.kube, ApiServer)
    assert p.world.kube.events == events
