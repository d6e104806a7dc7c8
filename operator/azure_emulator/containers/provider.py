"""Microsoft.ContainerInstance as the emulator's front and tests see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any, Literal

from azure_emulator.cloud import Cloud
from azure_emulator.containers import subnets
from azure_emulator.containers.actions import Actions
from azure_emulator.containers.behaviour import Behaviour
from azure_emulator.containers.execution import Execution
from azure_emulator.containers.group import TYPE, Group
from azure_emulator.containers.operations import API_VERSION
from azure_emulator.containers.reads import Reads
from azure_emulator.containers.script import Inside
from azure_emulator.containers.store import Store
from azure_emulator.containers.streams import Streams
from azure_emulator.containers.writes import Writes
from azure_emulator.identities.instance_metadata import InstanceIdentity
from azure_emulator.keeping import Kept
from azure_emulator.wire import Handler, Route

API_VERSIONS = (
    "2018-10-01",
    "2021-09-01",
    "2022-10-01-preview",
    "2023-05-01",
    "2024-05-01-preview",
    "2025-09-01",
    "2026-07-01",
)
"""Those of the recordings, and those that azure.md section 14 names."""
_SUBSCRIPTION = "/subscriptions/{subscription}/providers/Microsoft.ContainerInstance"
_LOCATION = _SUBSCRIPTION + "/locations/{location}"
_GROUPS = (
    "/subscriptions/{subscription}/resourceGroups/{group}"
    "/providers/Microsoft.ContainerInstance/containerGroups"
)
_ONE = _GROUPS + "/{name}"
_CONTAINER = _ONE + "/containers/{container}"
_OUTBOUND = "outboundNetworkDependenciesEndpoints"

_OPERATIONS = (
    ("PUT", _ONE, "writes.put", "containerGroups/write"),
    ("PATCH", _ONE, "writes.patch", "containerGroups/write"),
    ("DELETE", _ONE, "writes.delete", "containerGroups/delete"),
    ("GET", _ONE, "reads.get", "containerGroups/read"),
    ("GET", _GROUPS, "reads.list", "containerGroups/read"),
    ("GET", f"{_SUBSCRIPTION}/containerGroups", "reads.list", "containerGroups/read"),
    ("POST", f"{_ONE}/start", "actions.start", "containerGroups/start/action"),
    ("POST", f"{_ONE}/stop", "actions.stop", "containerGroups/stop/action"),
    ("POST", f"{_ONE}/restart", "actions.restart", "containerGroups/restart/action"),
    ("GET", f"{_CONTAINER}/logs", "reads.logs", "containerGroups/containers/logs/read"),
    ("POST", f"{_CONTAINER}/exec", "execution.exec", "containerGroups/containers/exec/action"),
    (
        "POST",
        f"{_CONTAINER}/attach",
        "execution.attach",
        "containerGroups/containers/attach/action",
    ),
    ("GET", f"{_ONE}/{_OUTBOUND}", "reads.outbound", f"containerGroups/{_OUTBOUND}/read"),
    ("GET", f"{_LOCATION}/usages", "reads.usages", "locations/usages/read"),
    ("GET", f"{_LOCATION}/capabilities", "reads.capabilities", "locations/capabilities/read"),
    ("GET", f"{_LOCATION}/cachedImages", "reads.cached_images", "locations/cachedImages/read"),
)
"""Method, path, what answers, and the action that it takes below the namespace."""


class ContainerGroups:
    """The provider of container groups; also what tests tell and ask."""

    namespace = "Microsoft.ContainerInstance"

    def __init__(self, cloud: Cloud) -> None:
        self._store = Store(cloud)
        self._cloud = cloud
        self._reads = Reads(self._store)
        self._writes = Writes(self._store)
        self._actions = Actions(self._store)
        self._execution = Execution(self._store, self._reads)
        self._subnets = subnets.Subnets(self._store)

    def routes(self) -> Sequence[Route]:
        """List the operations (azure.md section 1)."""
        routes = [
            Route(
                method, template, _handler(self, name), f"{self.namespace}/{action}", API_VERSIONS
            )
            for method, template, name, action in _OPERATIONS
        ]
        # Whoever began an operation may follow it, also with a right on one resource group only.
        operations = f"{_LOCATION}/operations/{{operation}}"
        subnet = Route("GET", subnets.SUBNET, self._subnets.get, subnets.READ, subnets.API_VERSIONS)
        operation = Route("GET", operations, self._reads.operation, None, (API_VERSION,))
        return [*routes, subnet, operation]

    @property
    def streams(self) -> Streams:
        """The sockets of exec and attach."""
        return self._execution.streams

    async def close(self) -> None:
        """End what runs behind sockets."""
        await self._execution.close()

    def resources_in(self, group_id: str) -> Sequence[Mapping[str, Any]]:
        """List the container groups of a resource group as `{id, name, type, location[, tags]}`."""
        return [_resource(group) for group in self._store.under(group_id)]

    def remove_all(self, group_id: str) -> None:
        """Remove the container groups of a resource group, with their system identities."""
        for group in self._store.under(group_id):
            self._store.remove(group)

    def holders(self) -> Mapping[str, Kept]:
        """Give what holds the groups and the operations on them; spent budgets are not kept."""
        return {"groups": self._store, "operations": self._store.operations}

    def restored(self) -> None:
        """Nothing to make good."""

    def state(self) -> Mapping[str, Mapping[str, Any]]:
        """Give `{"containerGroups": {id: body}}` as a GET of the newest api-version shows it."""
        newest = API_VERSIONS[-1]
        groups = self._store.under("")
        return {"containerGroups": {group.id: self._reads.shown(group, newest) for group in groups}}

    def behave(
        self,
        image: str = "*",
        *,
        exit_code: int | None = None,
        after: float = 0,
        pull_fails_for: float = 0,
        start_fails: str = "",
        probe: Literal["", "Liveness", "Readiness"] = "",
        programs: tuple[str, ...] | None = None,
    ) -> None:
        """Tell how containers of an image behave from their next start on; times in seconds.

        By default they run for ever. `exit_code=1, after=5`: they exit so, and the restart
        policy decides what follows (a crash loop under Always). `pull_fails_for=inf`: the image
        cannot be pulled. `start_fails`: it is pulled and does not start, for that reason. `probe`:
        its probe fails, see `Behaviour`. `programs`: what exec finds in it. `image="*"`: all images
        that nothing else was told about.
        """
        behaviour = Behaviour(exit_code, after, pull_fails_for, start_fails, probe, programs)
        self._store.behaviours.tell(image, behaviour)

    def exec_shows(self, image: str, *shown: str, cut: bool = False) -> None:
        """Have shells in an image's containers show these texts, one for each session, the
        last one again and again, whatever is typed. `cut`: the connection breaks then."""
        self._execution.scripts.tell(image, shown, cut=cut)

    def exec_asks(self, image: str, inside: Inside) -> None:
        """Have a test do what is typed into shells of an image's containers: it is given the
        group's ID and the line, and gives what is shown."""
        self._execution.scripts.ask(image, inside)

    def make(
        self, group_id: str, body: Mapping[str, Any], api_version: str = API_VERSIONS[-1]
    ) -> None:
        """Put a group as the emulator's user: no right is asked for, no budget is spent, no call
        is counted. So drift is made behind a client's back.

        Raises AzureError as a PUT does.
        """
        self._writes.make(group_id, body, api_version)

    def starts(self, group_id: str) -> int:
        """Count how often a group's containers were started by an operation: 1 after its
        creation, one more per update, restart or start; a crash loop does not count.

        Raises KeyError for a group that does not exist.
        """
        return self._known(group_id).life.started(self._cloud.clock.now())

    def provisioning_of(self, group_id: str) -> str:
        """Give a group's provisioningState; raises KeyError for one that does not exist."""
        return self._known(group_id).life.provisioning(self._cloud.clock.now())

    def identity_of(self, group_id: str) -> InstanceIdentity | None:
        """Give the identities that containers of a group can ask tokens for."""
        group = self._store.find(group_id)
        if group is None:
            return None
        now = self._cloud.clock.now()
        found = [self._cloud.identities.find(arm_id) for arm_id in group.assigned.user]
        run = group.life.current(now)
        started_at = run.ready if run else 0
        if initialises := self._initialises(group, now):
            started_at = group.life.run.begun
        return InstanceIdentity(
            system=group.assigned.system,
            user=[identity for identity in found if identity is not None],
            running=group.life.state(now) == "Running" or initialises,
            started_at=started_at,
            updated=group.life.updated,
            windows=group.sent.get("osType") == "Windows",
            in_subnet=bool(group.sent.get("subnetIds")),
        )

    def _initialises(self, group: Group, now: float) -> bool:
        """Tell whether init containers run that may ask for tokens (knob 19): here they may
        from an operation's begin until the containers start."""
        run = group.life.run
        told = self._cloud.settings.init_container_identity
        has_some = bool(group.sent.get("initContainers"))
        return told and has_some and run.begun <= now < run.initialised and not run.stopped

    def _known(self, group_id: str) -> Group:
        group = self._store.find(group_id)
        if group is None:
            raise KeyError(group_id)
        return group


def _resource(group: Group) -> Mapping[str, Any]:
    shown: dict[str, Any] = {
        "id": group.id,
        "name": group.name,
        "type": TYPE,
        "location": group.location,
    }
    return shown if group.tags is None else {**shown, "tags": group.tags}


def _handler(provider: ContainerGroups, name: str) -> Handler:
    found: Handler = attrgetter(f"_{name}")(provider)
    return found
