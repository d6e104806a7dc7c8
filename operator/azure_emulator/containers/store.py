"""What the operations on container groups share: the groups, their operations, the budgets."""

from __future__ import annotations

import uuid

from azure_emulator.cloud import Cloud
from azure_emulator.containers.behaviour import Behaviours
from azure_emulator.containers.budget import Budgets
from azure_emulator.containers.group import Group
from azure_emulator.containers.life import Moments
from azure_emulator.containers.operations import Operations
from azure_emulator.containers.tally import Tally
from azure_emulator.errors import AzureError
from azure_emulator.keeping import Kept
from azure_emulator.wire import Request


class Store(Kept):
    """All container groups of one emulated Azure, by resource ID without letter case."""

    KEPT = ("_groups", "_leaving", "tally", "behaviours")

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.behaviours = Behaviours()
        self.budgets = Budgets(cloud.settings, cloud.clock)
        self.operations = Operations()
        self.tally = Tally()
        self._groups: dict[str, Group] = {}
        self._leaving: list[Group] = []

    @property
    def moments(self) -> Moments:
        """Now, and up to when events are known."""
        now = self.cloud.clock.now()
        return Moments(now, now - self.cloud.settings.container_event_lag)

    def find(self, group_id: str) -> Group | None:
        """Find a group by its resource ID."""
        self._expire()
        return self._groups.get(group_id.lower())

    def named(self, request: Request) -> Group:
        """Find the group of a request's path.

        Raises AzureError 404 ResourceNotFound (recorded text), or 500 for a group whose
        identity was deleted (knob 14).
        """
        group = self.find(id_of(request))
        if group is None:
            raise absent(request)
        self.check_whole(group)
        return group

    def check_whole(self, group: Group) -> None:
        """Refuse a group whose user-assigned identity was deleted under it.

        Raises AzureError 500 InternalServerError (azure.md section 2, knob 14).
        """
        if not self.cloud.settings.deleted_identity_breaks_group:
            return
        for arm_id, principal in group.assigned.user.items():
            identity = self.cloud.identities.find(arm_id)
            if identity is None or identity.principal.oid != principal.oid:
                raise AzureError(
                    500,
                    "InternalServerError",
                    "Encountered an internal server error. The tracking activity id is "
                    f"'{uuid.uuid4()}', correlation id is '{uuid.uuid4()}'.",
                )

    def under(self, scope: str) -> list[Group]:
        """List the groups of a subscription or resource group, given its ID."""
        prefix = scope.lower().rstrip("/") + "/"
        self._expire()
        return [group for key, group in self._groups.items() if key.startswith(prefix)]

    def add(self, group: Group) -> None:
        """Keep a group under its ID."""
        self._groups[group.id.lower()] = group
        self.tally.add(group)

    def remove_at(self, group: Group, moment: float) -> None:
        """Remove a group at a later moment; until then it is there, and cannot be changed."""
        group.gone_at = moment
        self._leaving.append(group)

    def _expire(self) -> None:
        now = self.cloud.clock.now()
        for group in [one for one in self._leaving if one.gone_at is None or one.gone_at <= now]:
            self._leaving.remove(group)
            if self._groups.get(group.id.lower()) is group:
                self.remove(group)

    def remove(self, group: Group) -> None:
        """Remove a group, and its system-assigned identity from the directory."""
        if self._groups.pop(group.id.lower(), None) is None:
            return
        self.tally.take(group)
        if group.assigned.system is not None:
            self.cloud.directory.remove(group.assigned.system.oid)


def id_of(request: Request) -> str:
    """Give a group's ID with the letter case of the request's names (azure.md section 4)."""
    names = request.parameters
    return (
        f"/subscriptions/{names['subscription']}/resourceGroups/{names['group']}"
        f"/providers/Microsoft.ContainerInstance/containerGroups/{names['name']}"
    )


def absent(request: Request) -> AzureError:
    """Make the 404 of a group that is not there (azure.md section 7.2)."""
    names = request.parameters
    return AzureError(
        404,
        "ResourceNotFound",
        f"The Resource 'Microsoft.ContainerInstance/containerGroups/{names['name']}' under "
        f"resource group '{names['group']}' was not found. For more details please go to "
        "https://aka.ms/ARMResourceNotFoundFix",
        gateway=True,
    )


def transitioning(name: str) -> AzureError:
    """Make the 409 of a group on which an operation runs (azure.md section 7.1)."""
    return AzureError(
        409,
        "ContainerGroupTransitioning",
        f"The container group '{name}' is still transitioning, please retry later.",
    )
