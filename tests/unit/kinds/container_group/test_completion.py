"""A job that has ended well is not run again, whatever drifts, rotates or disappears."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from aci_operator.reconcile.ownership import OWNER_TAG
from group_stage import Stage, a_group, a_stage

REQUESTS = {"requests": {"cpu": 1, "memoryInGB": 1.5}}
SECURE = {"name": "S", "secureValueFrom": {"secretKeyRef": {"name": "job", "key": "k"}}}
JOB = {"name": "job", "image": "job:1", "resources": REQUESTS, "environmentVariables": [SECURE]}
CORRECT = {"driftPolicy": "Correct", "update": "Replace", "adoptionPolicy": "Adopt"}
SECRET = "/api/v1/namespaces/here/secrets/job"


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with a_stage() as it:
        it.groups.behave("job:1", exit_code=0, after=5)
        give_secret(it, "first")
        subscription, tags = it.settings.subscription_id, {"a": "1"}
        spec: dict[str, Any] = {"restartPolicy": "Never", "operator": CORRECT, "tags": tags}
        it.add(a_group(subscription, containers=[JOB], **spec))
        await it.settle()
        await it.view()
        assert (it.said(), it.take_writes()) == (("True", "Succeeded"), ["PUT it"])
        yield it


def give_secret(stage: Stage, value: str) -> None:
    encoded = base64.b64encode(value.encode()).decode()
    metadata = {"name": "job", "namespace": "here", "uid": "u", "resourceVersion": "1"}
    stage.server.bodies[SECRET] = {
        "kind": "Secret",
        "metadata": metadata,
        "data": {"k": encoded},
    }


def drift_tags(stage: Stage) -> None:
    stage.azure_group().tags = {OWNER_TAG: stage.azure_group().tags[OWNER_TAG]}


def lose_owner(stage: Stage) -> None:
    stage.azure_group().tags = {}


HAPPENS: dict[str, Callable[[Stage], object]] = {
    "fields drift": lambda stage: stage.drift(restartPolicy="OnFailure"),
    "tags drift": drift_tags,
    "the owner's tag goes": lose_owner,
    "the secret rotates": lambda stage: give_secret(stage, "second"),
    "the secret disappears": lambda stage: stage.server.bodies.pop(SECRET),
    "the group disappears": lambda stage: stage.groups._store.remove(stage.azure_group()),
    "a restart is asked for": lambda stage: stage.annotate(
        restart_requested_at="2100-01-01T00:00:00Z"
    ),
}


@pytest.mark.parametrize("happens", HAPPENS.values(), ids=HAPPENS)
async def test_nothing_makes_a_job_run_again(
    stage: Stage, happens: Callable[[Stage], object]
) -> None:
    happens(stage)
    for _ in range(3):
        await stage.view()
    await stage.restart()
    for _ in range(15):
        await stage.view()
    assert (stage.said(), stage.said("Completed"), stage.take_writes()) == (
        ("True", "Succeeded"),
        ("True", "Succeeded"),
        [],
    )


async def test_a_secret_that_went_and_came_back_changed_runs_no_job(stage: Stage) -> None:
    del stage.server.bodies[SECRET]
    await stage.view()
    give_secret(stage, "second")
    await stage.view()
    assert stage.take_writes() == []


async def test_a_job_whose_account_failed_meanwhile_is_not_run_again(stage: Stage) -> None:
    stage.azure.faults.next(method="GET", status=403, code="AuthorizationFailed")
    await stage.view()
    assert stage.said() == ("False", "Forbidden")
    give_secret(stage, "second")
    await stage.view()
    assert (stage.said(), stage.take_writes()) == (("True", "Succeeded"), [])


async def test_an_edit_of_an_ended_job_is_deployed_as_new_also_where_it_is_immutable(
    stage: Stage,
) -> None:
    stage.edit(restartPolicy="OnFailure")
    await stage.settle()
    await stage.view()
    assert (stage.said(), stage.take_writes()) == (("True", "Succeeded"), ["PUT it"])
    assert stage.azure_group().sent["restartPolicy"] == "OnFailure"


async def test_a_job_that_failed_may_be_corrected_by_an_edit(stage: Stage) -> None:
    stage.groups.behave("job:2", exit_code=1, after=5)
    stage.edit(containers=[{**JOB, "image": "job:2"}])
    await stage.settle(limit=5)
    await stage.view()
    assert stage.said() == ("False", "ContainersNotRunning")
    stage.edit(containers=[JOB])
    await stage.settle()
    await stage.view()
    assert (stage.said(), stage.take_writes()) == (("True", "Succeeded"), ["PUT it", "PUT it"])
