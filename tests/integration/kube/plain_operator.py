"""The operator's frame with the plainest rules: hold, report, say so, let go. A test runs it.

It looks at one namespace only, since the API server is shared. Arguments: kubeconfig, namespace,
after how many seconds to log in again (then the streams end every second), and in what interval to
list against missed events (then streams that are silent for two seconds are opened anew).
"""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

from aci_operator import handlers
from aci_operator.api.objects import Key
from aci_operator.engine.machine import RESYNC_SECONDS
from aci_operator.engine.workers import Outcome, Reconcile
from aci_operator.kube import finalizers
from aci_operator.kube.client import Kube
from aci_operator.kube.status import apply_status
from aci_operator.telemetry import logs
from aci_operator.wiring import Operator, Rules, Settings, build


def reconciler(operator: Operator, namespace: str) -> Reconcile:
    kube, machine = operator.kube, operator.machine

    async def reconcile(key: Key) -> Outcome:
        obj = machine.store.get(key)
        if obj is None or key.namespace != namespace:
            return Outcome()
        print(f"pass {key.name}", flush=True)
        if obj.deleting:
            left = await finalizers.remove(kube, obj)
            machine.lose(key, obj.uid) if left is None else machine.learn(left)
            return Outcome()
        obj = await finalizers.add(kube, obj)
        machine.learn(obj)
        machine.learn(await apply_status(kube, obj, {"observedGeneration": obj.generation}))
        operator.recorder.record(obj, "Normal", "Seen", f"generation {obj.generation}")
        if key.name == "slow":
            await asyncio.sleep(1)
        print(f"done {key.name}", flush=True)
        return Outcome()

    return reconcile


def log_in_often(seconds: float) -> None:
    """kopf asks for a new login when it opens a stream after the old one has expired."""
    settings = handlers.settings_of()
    settings.watching.server_timeout = 1
    handlers.settings_of = lambda: settings
    handlers.LOGIN_LIFETIME = timedelta(seconds=seconds)


def be_impatient() -> None:
    """Give up silent streams after seconds."""
    settings = handlers.settings_of()
    settings.watching.inactivity_timeout = 2
    handlers.settings_of = lambda: settings


async def main(kubeconfig: str, namespace: str, login: str = "", resync: str = "") -> None:
    logs.configure("DEBUG")
    if login:
        log_in_often(float(login))
    if resync:
        be_impatient()
    kube = await Kube.open(Path(kubeconfig))
    settings = Settings(
        Path(kubeconfig), health_port=0, resync_interval=float(resync or RESYNC_SECONDS)
    )
    rules = Rules(
        references_of=lambda obj: frozenset(),
        published=lambda obj: obj.status.get("observedGeneration"),
        reconciler=lambda operator: reconciler(operator, namespace),
    )
    operator = build(settings, kube, rules)
    try:
        await handlers.run(operator)
    finally:
        await kube.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
