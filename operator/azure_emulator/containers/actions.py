"""Start, stop and restart, with the statuses and headers that were recorded."""

from __future__ import annotations

from collections.abc import Mapping

from azure_emulator.containers.group import Group
from azure_emulator.containers.store import Store, transitioning
from azure_emulator.containers.writes import begin_operation, new_run
from azure_emulator.wire import Request, Response


class Actions:
    """The operations that change whether a container group runs."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._cloud = store.cloud

    def start(self, request: Request) -> Response:
        """204 and nothing else when it runs already (recorded), else 202 and an operation
        (official example): a new deployment, which pulls again and may get another IP."""
        group = self._store.named(request)
        now = self._cloud.clock.now()
        if self._moves(group, now):
            raise transitioning(group.name)
        if not group.life.run.stopped and not group.life.over(now):
            return Response(204)
        run = new_run(
            self._store, "start", group.sent, self._cloud.settings.container_creation_seconds
        )
        group.life.begin(run)
        if self._cloud.settings.start_changes_ip:
            group.addresses += 1
        return Response(202, None, self._operation(group, request))

    def stop(self, request: Request) -> Response:
        """204, and done at once; the same on a stopped group (recorded)."""
        group = self._store.named(request)
        now = self._cloud.clock.now()
        if self._moves(group, now):
            raise transitioning(group.name)
        if not group.life.run.stopped:
            group.life.stop(now)
        return Response(204)

    def restart(self, request: Request) -> Response:
        """204 with an operation that goes on; a second one meanwhile joins it (recorded).

        What a restart of a stopped group does is not known: here it starts it.
        """
        group = self._store.named(request)
        now = self._cloud.clock.now()
        run = group.life.run
        if self._moves(group, now):
            if run.kind != "restart" or group.gone_at is not None:
                raise transitioning(group.name)
            run.kills += 1
        else:
            seconds = self._cloud.settings.container_restart_seconds
            run = new_run(self._store, "restart", group.sent, seconds)
            run.kills = 0 if group.life.run.stopped else 1
            group.life.begin(run)
        return Response(204, None, self._operation(group, request))

    def _moves(self, group: Group, now: float) -> bool:
        return group.gone_at is not None or group.life.busy(now)

    def _operation(self, group: Group, request: Request) -> Mapping[str, str]:
        return begin_operation(self._store, group, request, group.life.finished)
