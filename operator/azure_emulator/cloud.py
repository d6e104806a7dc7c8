"""What all rooms of one emulated Azure share."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from azure_emulator.authorization.rights import Authorization
from azure_emulator.calls import Calls
from azure_emulator.clock import Clock
from azure_emulator.endpoints import Endpoints
from azure_emulator.entra.directory import Directory
from azure_emulator.faults import Faults
from azure_emulator.identities.identity import Identities
from azure_emulator.identities.instance_metadata import InstanceIdentities
from azure_emulator.listeners import Listeners
from azure_emulator.resources.group import ResourceGroups
from azure_emulator.settings import Settings
from azure_emulator.wire import Provider


@runtime_checkable
class Stateful(Protocol):
    """A provider that shows what it holds."""

    def state(self) -> Mapping[str, Mapping[str, Any]]:
        """Give `{section: {resource ID: body}}`, without a secret value anywhere in it."""
        ...


class Surroundings(Protocol):
    """What a container finds around it; the emulator knows, the provider of containers does not."""

    def variables(self, group_id: str) -> Mapping[str, str]:
        """Give the environment variables that Azure adds to a group's containers."""
        ...

    def entered(self, group_id: str) -> AbstractContextManager[Mapping[str, str]]:
        """Give the environment variables by which a process on this machine reaches the emulated
        Azure as a container of the group would; they hold until the end."""
        ...


@dataclass
class Cloud:
    """One emulated Azure: shared state, handed to each provider.

    A provider that needs listeners of its own (a vault's data plane) calls
    `cloud.listeners.open(answer, surface="vault")`: synchronous, gives the port on 127.0.0.1;
    `answer(incoming: exchange.Incoming) -> wire.Response` may raise AzureError and sets
    `incoming.oid` once it knows the caller. `await cloud.listeners.close(port)` ends it.
    """

    settings: Settings
    clock: Clock
    calls: Calls
    faults: Faults
    listeners: Listeners
    endpoints: Endpoints
    directory: Directory
    authorization: Authorization
    groups: ResourceGroups
    identities: Identities
    providers: list[Provider] = field(default_factory=list)
    container_groups: InstanceIdentities | None = None
    """Set by the emulator to the provider of Microsoft.ContainerInstance."""
    surroundings: Surroundings | None = None
    """Set by the emulator to its proxy."""

    def state(self) -> dict[str, dict[str, Any]]:
        """Give everything that the providers hold, by section and resource ID."""
        sections: dict[str, dict[str, Any]] = {}
        for provider in self.providers:
            if isinstance(provider, Stateful):
                for name, bodies in provider.state().items():
                    sections.setdefault(name, {}).update(bodies)
        return sections
