"""One case of the knobs from the first apply to the last delete, step by step."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import aiohttp

from azure_emulator.containers import ContainerGroups
from integration import knob_scene as scene
from integration.knob_cases import KnobCase
from integration.manifests import CONTAINER, secret, text
from integration.test_examples import read_secret_from
from integration.test_idle import calls_until
from integration.world import World, condition_of, parts, shortened

PATIENCE = 110
"""Real seconds for a step; kubectl itself gives up after two minutes."""
OWN = ["set", "list", "delete", "recover"]
READ = (200, scene.VALUE)
BROKEN = (0, "ServerDisconnectedError")
LIST = "GET userAssignedIdentities"
"""Read once in a poll interval. (The list of container groups is spared while views are due.)"""


class Story:
    """The steps; each leaves what it saw to the test."""

    def __init__(self, world: World, case: KnobCase) -> None:
        self.world = world
        self.case = case

    async def apply(self) -> None:
        """Apply everything; wait until all is Ready, or refused where that is right."""
        await self.world.apply(self.world.account.manifest())
        await self.world.apply(text(*scene.objects(self.world, self.case)))
        refused = self.case.values["windows_identity_refused"]
        if refused:
            await self.world.until("containergroup/windows", "Stalled=RejectedByAzure", PATIENCE)
        names = [f"{o['kind'].lower()}/{o['metadata']['name']}" for o in await self.world.objects()]
        waited = [name for name in names if not (refused and name == "containergroup/windows")]
        await self.world.until_ready(*waited, seconds=PATIENCE)

    async def drop_windows(self) -> None:
        """Delete the group that Azure may have refused."""
        await self.world.kubectl("delete", "containergroup/windows", f"--timeout={PATIENCE}s")

    async def edit(self) -> None:
        """Make the edits, those of one group one after the other."""
        await self._patch("user", tags={"kind": "user", "edited": "yes"})
        await self._patch("system", containers=scene.containers(**scene.variables("after")))
        await self._patch_both("ports_immutable", ipAddress=scene.address(80, 8080))
        await self._settle()
        await self.world.apply(text(secret("password", value="canary-second-2f9d")))
        await self._until(lambda: self.started("user") == 2)
        wanted = {"type": "SystemAssigned, UserAssigned", "userAssigned": [{"name": "two"}]}
        await self._patch("system", identity=wanted)
        second = {**CONTAINER, "name": "second"}
        more = scene.containers(second, ports=[{"port": 80}])
        await self._patch_both("container_count_immutable", containers=more)
        await self._settle()
        await self._patch("user", identity=None)
        await self._settle()

    async def read_added(self) -> tuple[int, str]:
        """Read in `system` with the identity that was added to it.

        Where nothing ever answers in a changed group (knob 6), one try shows that.
        """
        client_id = (await self.world.get("userassignedidentity/two"))["status"]["clientId"]
        read = self._try if self.case.values["update_breaks_identity_endpoint"] else self.read
        return await read("system", str(client_id))

    async def read(self, group: str, client_id: str | None = None) -> tuple[int, str]:
        """Read the secret in a group, as soon as the delays of the knobs let it."""
        seen = (0, "")
        try:
            async with asyncio.timeout(PATIENCE / 2):
                while seen != READ:
                    seen = await self._try(group, client_id)
        except TimeoutError:
            pass
        return seen

    async def idle(self) -> list[str]:
        """Let some intervals pass, then start the operator anew; give what was written."""
        await calls_until(self.world, LIST, times=2)
        self.world.azure.calls.forget()
        await calls_until(self.world, LIST, times=3)
        await self.world.operator.stop()
        self.world.operator.start()
        await calls_until(self.world, LIST, times=3)
        return self.world.writes()

    async def delete(self) -> None:
        """Delete everything in one call."""
        await self.world.kubectl("delete", "aci", "--all", f"--timeout={PATIENCE}s")

    def started(self, group: str) -> int:
        """Give how often a group's containers were started."""
        groups = self.world.azure.cloud.container_groups
        assert isinstance(groups, ContainerGroups)
        return groups.starts(self.world.container_group_id(group))

    def take_writes(self) -> tuple[dict[str, int], int]:
        """Give what was written since the last time, and how many writes were refused."""
        calls = self.world.azure.calls
        done = [call for call in calls.writes() if call.status < 300]
        written = Counter(_named(shortened(c)) for c in done for _ in range(parts(c)))
        refused = sum(call.status >= 300 for call in calls.writes())
        calls.forget()
        print(f"{refused} writes refused")
        return dict(written), refused

    def secure_values(self) -> list[str]:
        """Give the secure values that were sent for `user`, without repetition."""
        bodies = [
            call.body
            for call in self.world.azure.calls.writes()
            if shortened(call) == "PUT containerGroups/user"
        ]
        found = [
            variable["secureValue"]
            for body in bodies
            for container in body["properties"]["containers"]
            for variable in container["properties"]["environmentVariables"]
        ]
        return list(dict.fromkeys(found))

    async def warnings(self) -> set[tuple[str, str]]:
        """Give the Warning events: whose, and the reason."""
        found = json.loads(await self.world.kubectl("get", "events.events.k8s.io", "-o", "json"))
        return {
            (event["regarding"]["name"], event["reason"])
            for event in found["items"]
            if event["type"] == "Warning"
        }

    async def _patch(self, group: str, **spec: Any) -> None:
        patch = json.dumps({"spec": spec})
        await self.world.kubectl("patch", f"containergroup/{group}", "--type=merge", "-p", patch)

    async def _patch_both(self, knob: str, **spec: Any) -> None:
        """Edit `both`; where Azure refuses that, it says so and the edit is taken back."""
        before = (await self.world.get("containergroup/both"))["spec"]
        await self._patch("both", **spec)
        if self.case.values[knob]:
            target = "containergroup/both"
            await self.world.until(target, "Stalled=RequiresReplacement", PATIENCE)
            await self._patch("both", **{name: before[name] for name in spec})

    async def _settle(self) -> None:
        await self.world.until_ready(
            *(f"containergroup/{name}" for name in scene.READERS), seconds=PATIENCE
        )

    async def _until(self, reached: Callable[[], bool]) -> None:
        """Wait for something that Azure's clock brings about: nothing tells of it."""
        async with asyncio.timeout(PATIENCE):
            while not reached():  # noqa: ASYNC110
                await asyncio.sleep(0.1)

    async def _try(self, group: str, client_id: str | None) -> tuple[int, str]:
        try:
            return await read_secret_from(self.world, group, client_id)
        except aiohttp.ClientError as error:
            await asyncio.sleep(0.2)
            return 0, type(error).__name__


async def stalled(world: World) -> list[str]:
    """Name what is stalled."""
    return [
        item["metadata"]["name"] for item in await world.objects() if condition_of(item, "Stalled")
    ]


def _named(write: str) -> str:
    """Leave out the GUID of a role assignment."""
    what, _, _ = write.partition("/providers/Microsoft.Authorization/roleAssignments/")
    return what if what == write else f"{what} roleAssignments"
