"""All kinds of this version, and what the frame has to be told about them."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Iterator

from aci_operator.api import conditions
from aci_operator.api.kinds import ACCOUNTS
from aci_operator.api.objects import Key, Object
from aci_operator.azure.account import AccountSettings
from aci_operator.azure.budgets import Budgets
from aci_operator.azure.fence import Fence
from aci_operator.azure.session import Session
from aci_operator.engine.queue import Share, is_routine
from aci_operator.engine.workers import Outcome
from aci_operator.kinds import (
    azure_account,
    container_group,
    key_vault,
    key_vault_access,
    key_vault_secret,
    resource_group,
    role_assignment,
    user_assigned_identity,
)
from aci_operator.kube import hash_key, namespaces
from aci_operator.kube.cluster import cluster_id
from aci_operator.reconcile import account, claims, spending
from aci_operator.reconcile.guard import Guard
from aci_operator.reconcile.reconciler import Reconciler
from aci_operator.reconcile.room import Room
from aci_operator.reconcile.sessions import Sessions
from aci_operator.reconcile.world import Pace, Placeholder, World
from aci_operator.telemetry.tables import EXPIRY, Row
from aci_operator.wiring import Operator, Rules, Settings

PROBING = 5
"""One probe at a time for so many workers."""
ROOMS: dict[str, Room] = {
    room.kind.kind: room
    for room in (
        azure_account.ROOM,
        azure_account.CLUSTER_ROOM,
        resource_group.ROOM,
        user_assigned_identity.ROOM,
        key_vault.ROOM,
        key_vault_secret.ROOM,
        key_vault_access.ROOM,
        role_assignment.ROOM,
        container_group.ROOM,
    )
}


def of_kinds() -> Rules:
    """Give the rules of this version's kinds."""
    return Rules(references_of=references_of, published=published, reconciler=Passes)


def references_of(object_: Object) -> frozenset[Key]:
    """Give what wakes an object: what it names, and the account that it acts with."""
    room = ROOMS[object_.key.kind]
    if object_.key.kind in ACCOUNTS:
        return room.references(object_)
    return room.references(object_) | account.reference(object_) | claims.reference(object_)


def published(object_: Object) -> Hashable:
    """Give what others use of an object, and while it is not ready why: their words quote it."""
    ready = conditions.find(object_.status, conditions.READY)
    cause = None if ready.get("status") == "True" else ready.get("reason")
    return ROOMS[object_.key.kind].published(object_), cause


class Passes:
    """The passes of one operator; what they need of the cluster is read before the first one."""

    def __init__(self, operator: Operator) -> None:
        self._operator = operator
        self._fence = _fence(operator)
        self._budgets = Budgets(
            operator.clock.monotonic, is_routine, operator.metrics.throttled_seconds.inc
        )
        operator.metrics.watch_quota(self._budgets.remaining)
        self._sessions: Sessions | None = None
        operator.metrics.watch_table(EXPIRY, self._expiries)
        self._reconciler: Reconciler | None = None
        self._lock = asyncio.Lock()

    async def __call__(self, key: Key) -> Outcome:
        """Run one pass. Raises kube's errors while the cluster cannot be read."""
        async with self._lock:
            if self._reconciler is None:
                self._reconciler = Reconciler(await self._world(), ROOMS)
        return await self._reconciler(key)

    async def _world(self) -> World:
        operator = self._operator
        settings, kube = operator.settings, operator.kube
        sessions = Sessions(kube, self._open_session, settings.operator_namespace)
        self._sessions = sessions
        operator.closers.append(sessions.close)
        return World(
            kube=kube,
            store=operator.machine.store,
            sessions=sessions,
            sweeps=operator.sweeps,
            recorder=operator.recorder,
            clock=operator.clock,
            learn=operator.machine.learn,
            lose=operator.machine.lose,
            wake=lambda key: operator.machine.wake(key, Share.WAKE),
            cluster_id=settings.cluster_id or await cluster_id(kube),
            hash_key=await hash_key.load(kube, settings.operator_namespace),
            operator_namespace=settings.operator_namespace,
            pace=_pace(settings),
            placeholder=Placeholder(settings.placeholder_image),
            writes_stopped=operator.kill_switch.why,
            count_refused_update=operator.metrics.refused_updates.inc,
            guard=_guard(operator),
            random=operator.random,
            most_probing=max(1, settings.workers // PROBING),
        )

    async def _open_session(self, settings: AccountSettings) -> Session:
        return await Session.open(
            settings,
            budgets=self._budgets,
            observe=self._observe,
            proxy=self._operator.settings.azure_proxy,
            fence=self._fence,
        )

    def _expiries(self) -> Iterator[Row]:
        if self._sessions is not None:
            yield from ((tuple(key), ends) for key, ends in self._sessions.expiries())

    def _observe(self, operation: str, code: str, seconds: float) -> None:
        spending.count()
        self._operator.metrics.azure_request(operation, code, seconds)


def _fence(operator: Operator) -> Fence:
    leadership, why = operator.leadership, operator.kill_switch.why
    if leadership is None:
        return Fence(stopped=why)
    return Fence(leadership.left, leadership.terms.write, why)


def _pace(settings: Settings) -> Pace:
    return Pace(
        settings.poll_interval,
        settings.health_interval,
        settle_rbac=settings.settle_rbac,
        settle_policy=settings.settle_policy,
    )


def _guard(operator: Operator) -> Guard | None:
    if not operator.settings.deletion_guard:
        return None
    return Guard(lambda namespace: namespaces.ending(operator.kube, namespace))
