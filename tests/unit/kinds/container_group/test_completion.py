"""A job that has ended well is not run again, whatever drifts, rotates or disappears."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from aci_operator.reconcile.ownership import OWNER_TAG
from in_process.scene import Scene, a_group, open_scene

REQUESTS = {"requests": {"cpu": 1, "memoryInGB": 1.5}}
SECURE = {"name": "S", "secureValueFrom": {"secretKeyRef": {"name": "job", "key": "k"}}}
JOB = {"name": "job", "image": "job:1", "resources": REQUESTS, "environmentVariables": [SECURE]}
CORRECT = {"driftPolicy": "Correct", "update": "Replace", "adoptionPolicy": "Adopt"}
SECRET = "/api/v1/namespaces/here/secrets/job"


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_scene() as it:
        it.groups.behave("job:1", exit_code=0, after=5)
        it.secret("job", k="first")
        spec: dict[str, Any] = {"restartPolicy": "Never", "operator": CORRECT, "tags": {"a": "1"}}
        it.apply(a_group(containers=[JOB], **spec))
        await it.settle()
        await it.run_for(70)
        assert (it.said(), it.take_writes()) == (("True", "Succeeded"), ["PUT it"])
        yield it


def drift_tags(scene: Scene) -> None:
    scene.living().tags = {OWNER_TAG: (scene.living().tags or {})[OWNER_TAG]}


def lose_owner(scene: Scene) -> None:
    scene.living().tags = {}


HAPPENS: dict[str, Callable[[Scene], object]] = {
    "fields drift": lambda scene: scene.drift(restartPolicy="OnFailure"),
    "tags drift": drift_tags,
    "the owner's tag goes": lose_owner,
    "the secret rotates": lambda scene: scene.secret("job", k="second"),
    "the secret disappears": lambda scene: scene.cluster.bodies.pop(SECRET),
    "the group disappears": lambda scene: scene.groups._store.remove(scene.living()),
    "a restart is asked for": lambda scene: scene.annotate(
        restart_requested_at="2100-01-01T00:00:00Z"
    ),
}


@pytest.mark.parametrize("happens", HAPPENS.values(), ids=HAPPENS)
async def test_nothing_makes_a_job_run_again(
    scene: Scene, happens: Callable[[Scene], object]
) -> None:
    happens(scene)
    for _ in range(3):
        await scene.run_for(70)
    await scene.restart_operator()
    for _ in range(15):
        await scene.run_for(70)
    assert (scene.said(), scene.said("Completed"), scene.take_writes()) == (
        ("True", "Succeeded"),
        ("True", "Succeeded"),
        [],
    )


async def test_a_secret_that_went_and_came_back_changed_runs_no_job(scene: Scene) -> None:
    del scene.cluster.bodies[SECRET]
    await scene.run_for(70)
    scene.secret("job", k="second")
    await scene.run_for(70)
    assert scene.take_writes() == []


async def test_a_job_whose_account_failed_meanwhile_is_not_run_again(scene: Scene) -> None:
    scene.azure.faults.next(method="GET", status=403, code="AuthorizationFailed")
    await scene.run_for(70)
    assert scene.said() == ("False", "Forbidden")
    scene.secret("job", k="second")
    await scene.run_for(70)
    assert (scene.said(), scene.take_writes()) == (("True", "Succeeded"), [])


async def test_an_edit_of_an_ended_job_is_deployed_as_new_also_where_it_is_immutable(
    scene: Scene,
) -> None:
    scene.edit(restartPolicy="OnFailure")
    await scene.settle()
    await scene.run_for(70)
    assert (scene.said(), scene.take_writes()) == (("True", "Succeeded"), ["PUT it"])
    assert scene.living().sent["restartPolicy"] == "OnFailure"


async def test_a_job_that_failed_may_be_corrected_by_an_edit(scene: Scene) -> None:
    scene.groups.behave("job:2", exit_code=1, after=5)
    scene.edit(containers=[{**JOB, "image": "job:2"}])
    await scene.settle()
    await scene.run_for(70)
    assert scene.said() == ("False", "Failed")
    scene.edit(containers=[JOB])
    await scene.settle()
    await scene.run_for(70)
    assert (scene.said(), scene.take_writes()) == (("True", "Succeeded"), ["PUT it", "PUT it"])
