"""300 groups under Azure's default request limits: nobody collects a 429.

Time is the emulated Azure's, moved from one requeue to the next as the work queue would; requests,
answers, headers and budgets are real.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from aci_operator.azure import ids
from aci_operator.azure.account import AccountSettings
from aci_operator.azure.budgets import Budgets
from aci_operator.azure.errors import Throttled
from aci_operator.azure.session import Session
from azure_emulator.clock import Clock
from azure_emulator.emulator import Emulator
from azure_emulator.settings import Settings
from integration.azure.bodies import group_body

GROUPS = 300
WORKERS = 20
RAISED = Settings(container_groups_quota=1000, container_cores_quota=4000)
"""The quota of groups and cores raised; request limits as they are by default."""


@pytest.fixture
async def azure() -> AsyncIterator[Emulator]:
    async with Emulator(RAISED, clock=Clock(frozen_at=time.time())) as emulator:
        yield emulator


@dataclass
class Queue:
    """Names that are due at a time, worked on by so many at once."""

    azure: Emulator
    session: Session
    due: dict[str, float] = field(default_factory=dict)
    refused: int = 0

    def group_id(self, name: str) -> ids.ArmId:
        group = ids.resource_group_id(self.session.subscription_id, "rg")
        return ids.container_group_id(group, name)

    async def run(self, work: Any) -> float:
        """Work until nothing is left; give the seconds that passed for Azure."""
        started = self.azure.clock.now()
        while self.due:
            self.azure.clock.advance(max(0.0, min(self.due.values()) - self.azure.clock.now()))
            ready = [name for name, at in self.due.items() if at <= self.azure.clock.now()]
            for first in range(0, len(ready), WORKERS):
                batch = ready[first : first + WORKERS]
                await asyncio.gather(*(self._one(name, work) for name in batch))
        return self.azure.clock.now() - started

    async def _one(self, name: str, work: Any) -> None:
        try:
            await work(self.group_id(name))
            del self.due[name]
        except Throttled as error:
            self.refused += 1
            self.due[name] = self.azure.clock.now() + (error.after or 0.0)


def too_many(azure: Emulator) -> int:
    return sum(call.status == 429 for call in azure.calls.list())


async def queue_of(azure: Emulator, session: Session, count: int, prefix: str = "group") -> Queue:
    await session.resource_groups.put(
        ids.resource_group_id(session.subscription_id, "rg"), {"location": "eastus"}
    )
    now = azure.clock.now()
    return Queue(azure, session, {f"{prefix}-{number}": now for number in range(count)})


async def test_300_groups_arrive_and_go_without_a_429(
    azure: Emulator, settings: AccountSettings, session: Session, capsys: Any
) -> None:
    budgets = Budgets(azure.clock.now)
    paced = await Session.open(settings, budgets=budgets)
    queue = await queue_of(azure, session, GROUPS)
    arrived = await queue.run(lambda group: paced.container_groups.put(group, group_body()))
    held = len(azure.state()["containerGroups"])
    now = azure.clock.now()
    queue.due = {f"group-{number}": now for number in range(GROUPS)}
    gone = await queue.run(lambda group: paced.container_groups.delete(group, "eastus"))
    await paced.close()
    with capsys.disabled():
        print(
            f"\n{held} groups arrived in {arrived:.0f} s and went in {gone:.0f} s of Azure's "
            f"time; {queue.refused} waits, {too_many(azure)} answers 429"
        )
    assert (held, too_many(azure), queue.refused) == (GROUPS, 0, 400)
    assert arrived < 605
    assert gone < 605


async def test_what_others_have_spent_is_not_spent_again(
    azure: Emulator, settings: AccountSettings, session: Session
) -> None:
    other = await queue_of(azure, session, 60, "theirs")
    await other.run(lambda group: session.container_groups.put(group, group_body()))
    paced = await Session.open(settings, budgets=Budgets(azure.clock.now))
    queue = await queue_of(azure, session, 100)
    put = paced.container_groups.put
    await put(queue.group_id("first"), group_body())
    passed = await queue.run(lambda group: put(group, group_body()))
    await paced.close()
    assert (too_many(azure), 295 < passed < 605) == (0, True)
