"""Logs, read once and followed, against the emulator."""

from __future__ import annotations

import asyncio

import pytest

from aci_operator.azure import ids
from aci_operator.azure.errors import Absent, AzureError
from aci_operator.azure.ids import ArmId
from aci_operator.azure.session import Session
from aci_operator.commands import following
from aci_operator.commands.containers import Container
from azure_emulator.containers.reads import LOG_LINE
from azure_emulator.emulator import Emulator
from integration.azure.bodies import group_body

ALL = (None, False)


@pytest.fixture
async def made(session: Session, group: ArmId, monkeypatch: pytest.MonkeyPatch) -> Container:
    """A group that Azure is still making; followers look again at once."""
    monkeypatch.setattr(following, "SECONDS", 0.01)
    id = ids.container_group_id(group, "mycontainer")
    await session.container_groups.put(id, group_body())
    return Container(str(id), "main")


async def test_a_log_is_what_the_container_wrote(
    session: Session, made: Container, azure: Emulator
) -> None:
    azure.clock.advance(60)
    text = await session.container_groups.logs(made.group_id, "main", 3, timestamps=True)
    assert text == LOG_LINE


async def test_a_container_that_has_not_started_has_no_log(
    session: Session, made: Container
) -> None:
    with pytest.raises(AzureError) as raised:
        await session.container_groups.logs(made.group_id, "main")
    assert raised.value.code == "ContainerGroupTransitioning"


async def test_a_follower_shows_a_line_once_and_ends_when_the_group_is_stopped(
    session: Session, made: Container, azure: Emulator
) -> None:
    azure.clock.advance(60)
    shown: list[str] = []
    looked = asyncio.Event()

    def show(text: str) -> None:
        shown.append(text)
        if len(shown) == 3:
            looked.set()

    groups = session.container_groups
    task = asyncio.create_task(following.follow(groups, made, ALL, show))
    await asyncio.wait_for(looked.wait(), 10)
    await groups.stop(made.group_id)
    await task
    assert "".join(shown) == LOG_LINE


async def test_a_follower_ends_when_the_group_goes(
    session: Session, made: Container, azure: Emulator
) -> None:
    azure.clock.advance(60)
    shown: list[str] = []
    looked = asyncio.Event()
    groups = session.container_groups

    def show(text: str) -> None:
        shown.append(text)
        looked.set()

    task = asyncio.create_task(following.follow(groups, made, ALL, show))
    await asyncio.wait_for(looked.wait(), 10)
    await groups.delete(made.group_id)
    await task
    assert "".join(shown) == LOG_LINE


async def test_a_group_that_is_not_there_is_told_at_once(session: Session, made: Container) -> None:
    gone = Container(f"{made.group_id}-x", "main")
    with pytest.raises(Absent) as raised:
        await following.follow(session.container_groups, gone, ALL, following.show)
    assert raised.value.code == "ResourceNotFound"


async def test_a_follower_waits_for_a_container_that_has_not_started(
    session: Session, made: Container, azure: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "FAILURES", 1)
    shown: list[str] = []
    asked, looked = asyncio.Event(), asyncio.Event()
    azure.calls.watchers.append(lambda call: asked.set() if "/logs" in call.path else None)

    def show(text: str) -> None:
        shown.append(text)
        looked.set()

    task = asyncio.create_task(following.follow(session.container_groups, made, ALL, show))
    await asyncio.wait_for(asked.wait(), 10)
    azure.clock.advance(60)
    await asyncio.wait_for(looked.wait(), 10)
    await session.container_groups.stop(made.group_id)
    await task
    assert "".join(shown) == LOG_LINE
