"""The whole operator and the whole emulated Azure in one process, on one clock that jumps.

    async with open_scene(knobs={"principal_delay": 30}) as scene:
        scene.apply(a_group("it", restartPolicy="Never"))
        await scene.settle()
        assert scene.conditions("ContainerGroup", "it")["Ready"] == ("True", "Running")
        assert scene.writes() == [("PUT", scene.path("it"))]

Everything is the product's own: queue, workers, machine, rooms, the session with its SDK over
HTTPS on loopback, the emulator. Only three ends are swapped: the API server lives in memory
(`scene.cluster`; it holds specs and status to the CRDs' structure, not to their CEL rules), the
clock moves when nothing is left to do now, and chance has a seed. So a test says in minutes and
hours what it means, takes milliseconds, and goes the same way each time.

What users do: `apply`, `edit`, `delete`, `annotate`, `secret`, `stop_writes`.
What time does: `settle` (until nothing is due soon), `run_for(seconds)`; `run_for(0)` is the passes
that are due now. After `end_after(n)` the operator ends at its n-th step, and these raise `Ended`.
What Azure and others do: `scene.azure` is the emulator (`azure.settings`, and in one line
`azure.faults.next(method="PUT", path="containerGroups/it", status=429)`), `scene.stranger` is a
session of somebody else who may do everything, `scene.drift` changes what is there in place.
What came of it: `object`, `status`, `conditions`, `said`, `events`, `told`, `calls`, `writes`,
`reads`, `sent`, `take_writes`; calls are the operator's alone, since the last `mark`.
Where a kind and a name are left out, the container group `it` is meant.
"""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from aci_operator import rules, wiring
from aci_operator.api.objects import GROUP
from aci_operator.azure.account import AccountSettings
from aci_operator.azure.session import Session
from aci_operator.kube import config_map, paths
from azure_emulator.clock import Clock as AzureClock
from azure_emulator.emulator import Emulator
from azure_emulator.settings import Settings
from in_process.blade import Ended
from in_process.clock import SharedClock
from in_process.cluster import OPERATOR, Cluster, JsonObject, key_of
from in_process.manifests import a_group, container, manifest, source
from in_process.stage import GROUP as CONTAINER_GROUP
from in_process.stage import Stage

SOON = 20.0
"""Seconds; what is due later is the routine of something settled, stalled or told to wait."""
LIMIT = 3600.0
"""Seconds after which what is still busy is called endless."""
MONTH = 30 * 86400.0


@dataclass
class Scene(Stage):
    """One operator, one namespace `here` with one account, and one Azure with the group `rg1`."""

    clock: SharedClock
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Settings of the operator beside the usual ones."""
    begun: float = 0.0
    """When the scene began, in the clock's monotonic seconds."""
    operator: wiring.Operator = field(init=False)

    # What a user does.

    def apply(self, *manifests: JsonObject) -> None:
        """Apply manifests of ours, as a whole; Invalid for what their CRD's structure refuses."""
        for each in manifests:
            self.cluster.apply(each)

    def edit(self, kind: str = CONTAINER_GROUP, name: str = "it", /, **spec: Any) -> None:
        """Edit fields of an object's spec; None takes one out."""
        held = self.body(kind, name)
        merged = {**held["spec"], **spec}
        asked = {field: value for field, value in merged.items() if value is not None}
        self.apply({"kind": kind, "metadata": held["metadata"], "spec": asked})

    def delete(self, kind: str = CONTAINER_GROUP, name: str = "it") -> None:
        """Ask for an object's deletion."""
        self.cluster.delete(kind, name)

    def annotate(
        self, kind: str = CONTAINER_GROUP, name: str = "it", /, **annotations: str
    ) -> None:
        """Annotate an object; names get our prefix, `_` is read as `-`."""
        named = {f"{GROUP}/{key.replace('_', '-')}": text for key, text in annotations.items()}
        path = paths.of_object(key_of(kind, name))
        self.cluster.bodies[path]["metadata"].setdefault("annotations", {}).update(named)
        self.cluster.edit(path)

    async def stop_writes(self, word: str = "Stopped") -> None:
        """Have an administrator stop all writes to Azure, or allow them again."""
        config = {"kind": "ConfigMap", "metadata": {}, "data": {"azureWrites": word}}
        self.cluster.bodies[f"/api/v1/namespaces/{OPERATOR}/configmaps/{config_map.NAME}"] = config
        await self.operator.kill_switch.look()

    def secret(self, name: str, **values: str | bytes) -> None:
        """Write a Secret of the namespace, whole."""
        self.cluster.secret(name, values)

    # What time does.

    async def settle(self, soon: float = SOON) -> None:
        """Let passes run, each at its time, until nothing is due within `soon` seconds."""
        end = self.clock.monotonic() + LIMIT
        await self._idle()
        while (due := self._next(soon)) is not None:
            assert due < end, f"still busy after {LIMIT:.0f} s: {self.unready()}"
            await self._jump(due)

    async def run_for(self, seconds: float) -> None:
        """Let so much time pass, with every pass that is due in it."""
        end = self.clock.monotonic() + seconds
        await self._idle()
        while (due := self._next(end - self.clock.monotonic())) is not None:
            await self._jump(due)
        await self._jump(end)

    def end_after(self, steps: int) -> None:
        """Have the operator end at its n-th step from now on; a restart takes that back."""
        self.cluster.blade.at = self.cluster.blade.steps + steps

    async def restart_operator(self) -> None:
        """End the operator, and start one that knows only what is stored."""
        await self.stop_operator()
        self.cluster.blade.at = 0
        await self.start_operator()

    async def start_operator(self) -> None:
        """Start an operator that lists, is told by the watch what it listed, and begins."""
        given = wiring.Settings(**{"workers": 1, "leader_elect": False, **self.settings})
        random = Random(7)
        told = replace(rules.of_kinds(), reconciler=self._passes)
        self.operator = wiring.build(given, self.cluster, told, self.clock, random)
        await self.operator.start()
        machine = self.operator.machine
        self.cluster.seen, self.cluster.gone = machine.observe, machine.vanish
        for kind in self.operator.kinds:
            for body in (await self.cluster.get(paths.of_kind(kind)))["items"]:
                machine.observe(body)
        await self._idle()

    async def stop_operator(self) -> None:
        """Let the operator end its passes, and end."""
        self.cluster.seen = self.cluster.gone = lambda body: None
        await self.operator.stop()

    def _passes(self, operator: wiring.Operator) -> rules.Passes:
        """Make the operator's own passes, which ask the blade too before a write to Azure."""

        def stopped() -> str:
            self.cluster.blade()
            return operator.kill_switch.why()

        passes = rules.Passes(operator)
        passes._fence = replace(passes._fence, stopped=stopped)
        return passes

    def _next(self, within: float) -> float | None:
        due = self.operator.machine.queue.next_due()
        return due if due is not None and due <= self.clock.monotonic() + within else None

    async def _jump(self, to: float) -> None:
        self.azure.clock.advance(max(to - self.clock.monotonic(), 0.0))
        self.operator.machine.queue.poke()
        await self._idle()

    async def _idle(self) -> None:
        """Wait until no pass runs and none is due; then every event has been posted."""
        recorder, blade = self.operator.recorder, self.cluster.blade
        while self._busy():  # noqa: ASYNC110  # the emulator shares this loop
            await asyncio.sleep(0)
        await recorder.close()
        if blade.fell:
            raise Ended
        recorder.start()

    def _busy(self) -> bool:
        queue = self.operator.machine.queue
        return queue.active() > 0 or (queue.depth() > 0 and not self.cluster.blade.fell)


def _account(azure: Emulator, client_id: str) -> JsonObject:
    principal = {"clientId": client_id, "clientSecretFrom": source("account")}
    return manifest(
        "AzureAccount",
        "account",
        subscriptionId=azure.settings.subscription_ids[0],
        tenantId=azure.settings.tenant_id,
        credential={"servicePrincipal": principal},
        endpoints={
            "resourceManager": azure.endpoints.resource_manager,
            "activeDirectory": azure.endpoints.active_directory,
            "resourceManagerAudience": "https://management.azure.com",
            "caBundle": base64.b64encode(azure.endpoints.ca_file.read_bytes()).decode(),
        },
    )


@asynccontextmanager
async def open_scene(
    knobs: Mapping[str, Any] | None = None,
    faults: Iterable[Mapping[str, Any]] = (),
    **settings: Any,
) -> AsyncIterator[Scene]:
    """Give a scene whose account is ready and whose calls are counted from now on.

    `knobs` are settings of the emulator, `faults` the fields of faults that are waiting once the
    account is ready, `settings` are those of the operator (`wiring.Settings`).
    """
    chosen = Settings(**{"token_seconds": MONTH, **(knobs or {})})
    clock = AzureClock(frozen_at=time.time())
    async with Emulator(chosen, clock=clock) as azure, _stranger(azure) as stranger:
        scene = await _begin(azure, stranger, settings)
        for fault in faults:
            azure.faults.next(**fault)
        try:
            yield scene
        finally:
            await scene.stop_operator()


async def _begin(azure: Emulator, stranger: Session, settings: Mapping[str, Any]) -> Scene:
    principal = azure.create_service_principal("operator", secret="operator-secret")
    azure.assign_role(principal.oid, "Owner", f"/subscriptions/{stranger.subscription_id}")
    clock = SharedClock(azure.clock)
    cluster = Cluster(clock.now)
    stranger_id = await stranger.principal_id()
    scene = Scene(azure, cluster, stranger, stranger_id, principal.oid, clock, settings)
    await scene.resource_group("rg1")
    cluster.secret("account", {"value": "operator-secret"})
    cluster.apply(_account(azure, principal.appid))
    await scene.start_operator()
    await scene.settle()
    assert scene.conditions("AzureAccount", "account")["Ready"][0] == "True", scene.unready()
    cluster.events.clear()
    scene.mark()
    scene.begun = clock.monotonic()
    return scene


@asynccontextmanager
async def _stranger(azure: Emulator) -> AsyncIterator[Session]:
    principal = azure.create_service_principal("stranger", secret="stranger-secret")
    subscription = azure.settings.subscription_ids[0]
    azure.assign_role(principal.oid, "Owner", f"/subscriptions/{subscription}")
    session = await Session.open(
        AccountSettings(
            subscription_id=subscription,
            tenant_id=azure.settings.tenant_id,
            client_id=principal.appid,
            client_secret="stranger-secret",
            resource_manager=azure.endpoints.resource_manager,
            active_directory=azure.endpoints.active_directory,
            resource_manager_audience="https://management.azure.com",
            ca_bundle=azure.endpoints.ca_file.read_text(),
            custom=True,
        )
    )
    try:
        yield session
    finally:
        await session.close()


__all__ = ["Ended", "Scene", "a_group", "container", "manifest", "open_scene", "source"]
