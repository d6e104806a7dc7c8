"""What a watch goes through in its life, on a real API server behind a front with moods."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from integration.kube.moody_front import MoodyFront, moody_front
from integration.kube.process import Process

RESYNC = "2"


@pytest.fixture
async def front(namespace: Any, tmp_path: Path) -> AsyncIterator[MoodyFront]:
    async with moody_front(namespace.plane, tmp_path) as front:
        yield front


@pytest.fixture
async def process(namespace: Any, front: MoodyFront) -> AsyncIterator[Process]:
    """An operator that has seen one object."""
    process = await Process.start(namespace, "", RESYNC, kubeconfig=front.kubeconfig)
    namespace.resource_group("rg")
    await process.until("done rg")
    yield process
    if process.child.returncode is None:
        process.child.kill()
        await process.child.communicate()
    namespace.kubectl("patch", "acirg", "rg", "--type=merge", "-p", FREE)


FREE = '{"metadata":{"finalizers":[]}}'


async def edit(process: Process, namespace: Any, value: str = "new") -> None:
    """Edit the object; done when the operator has seen it."""
    namespace.apply("ResourceGroup", "rg", spec={"location": "eastus", "tags": {"n": value}})
    await process.until("done rg")


async def test_a_watch_that_is_outdated_goes_on(
    process: Process, front: MoodyFront, namespace: Any
) -> None:
    front.outdated = True
    front.break_streams()
    await until(lambda: front.count["410"] >= 7)
    front.outdated = False
    await edit(process, namespace)
    assert (await process.stop())[0] == 0


async def test_what_goes_while_nobody_watches_is_found_gone(
    process: Process, front: MoodyFront, namespace: Any
) -> None:
    front.watches_fail = front.outdated = True
    front.break_streams()
    namespace.kubectl("patch", "acirg", "rg", "--type=merge", "-p", FREE)
    namespace.kubectl("delete", "acirg", "rg", "--timeout=20s")
    front.watches_fail = False
    gone = await process.until_logged("gone unseen")
    front.outdated = False
    namespace.resource_group("rg")
    await process.until("done rg")
    assert ((await process.stop())[0], gone["name"]) == (0, "rg")


async def test_a_compaction_while_nobody_watches_hides_nothing(
    process: Process, front: MoodyFront, namespace: Any
) -> None:
    if not namespace.plane.processes:
        pytest.skip("the storage of a cluster that was there already is left alone")
    front.watches_fail = True
    front.break_streams()
    namespace.apply("ResourceGroup", "rg", spec={"location": "eastus", "tags": {"n": "unseen"}})
    namespace.plane.compact()
    front.watches_fail = False
    await process.until("done rg")
    assert (await process.stop())[0] == 0


async def test_one_401_ends_nothing(process: Process, front: MoodyFront, namespace: Any) -> None:
    front.refuse_once = 1
    front.break_streams()
    await until(lambda: front.count["401"] == 1)
    await edit(process, namespace)
    code, _, logged = await process.stop()
    assert code == 0, logged[-3000:]


async def test_a_renewed_token_is_read_when_the_old_one_is_refused(
    process: Process, front: MoodyFront, namespace: Any
) -> None:
    front.say_token("second-token")
    front.token = "second-token"
    front.break_streams()
    await until(lambda: front.count["401"] >= 1)
    await edit(process, namespace)
    code, _, logged = await process.stop()
    assert code == 0, logged[-3000:]
    assert "second-token" not in logged


async def test_lists_that_fail_for_a_while_end_nothing(
    process: Process, front: MoodyFront, namespace: Any
) -> None:
    front.lists_fail = front.outdated = True
    front.break_streams()
    await until(lambda: front.count["500"] >= 10)
    front.lists_fail = front.outdated = False
    await edit(process, namespace)
    assert (await process.stop())[0] == 0


async def test_a_change_that_a_silent_stream_keeps_is_seen(
    process: Process, front: MoodyFront, namespace: Any
) -> None:
    front.silent = True
    namespace.resource_group("rg", deletionPolicy="Delete")
    await until(lambda: front.count["swallowed"] > 0)
    front.silent = False
    await process.until("done rg")
    assert (await process.stop())[0] == 0


async def test_an_api_server_that_is_away_for_a_while_ends_nothing(
    process: Process, namespace: Any
) -> None:
    server = namespace.plane.processes.get("apiserver")
    if server is None:
        pytest.skip("a cluster that was there already is not stopped")
    os.kill(server, signal.SIGSTOP)
    try:
        await asyncio.sleep(12)  # the time for which it is away is what is tested
    finally:
        os.kill(server, signal.SIGCONT)
    await edit(process, namespace)
    assert (await process.stop())[0] == 0


async def until(true: Any) -> None:
    """Wait for what the front counts."""
    async with asyncio.timeout(30):
        while not true():  # noqa: ASYNC110 (the front is told by the operator's requests)
            await asyncio.sleep(0.05)
