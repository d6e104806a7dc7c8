"""What the recordings of container groups take for granted: who exists, how images behave."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from azure_emulator.containers import ContainerGroups
from azure_emulator.identities.identity import Identity
from azure_emulator.settings import Settings
from emulator.replay import Preparation, Stage

_SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000"
_LIFECYCLE_IMAGE = "mcr.microsoft.com/azuredocs/aci-helloworld:latest"


def _groups(stage: Stage) -> ContainerGroups:
    provider = stage.azure.cloud.container_groups
    assert isinstance(provider, ContainerGroups)
    return provider


def _exits(stage: Stage, exit_code: int = 0, after: float = 1) -> None:
    """Let alpine end after a second, as its shell does without a terminal."""
    _groups(stage).behave("alpine:latest", exit_code=exit_code, after=after)


def _exits_with_identity(stage: Stage) -> None:
    """Make the identity that the recording never makes."""
    _exits(stage)
    identities = f"{_SUBSCRIPTION}/resourcegroups/sakreter-cli/providers"
    name = "sakreter-cli-tests"
    arm_id = f"{identities}/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"
    principal = stage.azure.cloud.directory.create_managed_identity(name)
    stage.azure.cloud.identities.add(Identity(arm_id, name, "westus", principal))


_LIFECYCLE_GROUPS: tuple[tuple[str, str, dict[str, str] | None], ...] = (
    ("bez-test-cg", "bez-test-ci", {"key": "value"}),
    ("bez-test-cg-remove1", "1", None),
)


def _lifecycle(stage: Stage) -> None:
    """Make the groups that had run for a while when their recordings begin."""
    for name, container, tags in _LIFECYCLE_GROUPS:
        _run_for_a_while(stage, name, container, tags)


def _runs_again(stage: Stage) -> None:
    """Let the first group run: from here on the recording is of a day on which it did."""
    _run_for_a_while(stage, *_LIFECYCLE_GROUPS[0])


def _run_for_a_while(stage: Stage, name: str, container: str, tags: dict[str, str] | None) -> None:
    requests = {"cpu": 1, "memoryInGB": 1.5}
    properties = {"image": _LIFECYCLE_IMAGE, "resources": {"requests": requests}}
    body: dict[str, Any] = {
        "location": "eastus",
        "properties": {
            "osType": "Linux",
            "containers": [{"name": container, "properties": properties}],
        },
    }
    if tags is not None:
        body["tags"] = tags
    group = f"{_SUBSCRIPTION}/resourceGroups/test-rg/providers/Microsoft.ContainerInstance"
    _groups(stage).make(f"{group}/containerGroups/{name}", body)
    stage.azure.clock.advance(600)


def _settings(creation: float, **more: Any) -> Callable[[], Settings]:
    return partial(Settings, container_creation_seconds=creation, **more)


_SLOW_EVENTS = 25
_NO_EVENTS = 1000

CONTAINER_PREPARATIONS: dict[str, Preparation] = {
    "cli-container_create": Preparation(_settings(9)),
    "cli-container_create_msi": Preparation(
        _settings(16), _exits_with_identity, {10: {"container_creation_seconds": 6}}
    ),
    "cli-container_create_with_msi": Preparation(
        _settings(12), _exits, {11: {"container_creation_seconds": 19}}
    ),
    "cli-container_create_with_msi_scope": Preparation(_settings(13), _exits),
    "cli-container_exec-2023-05-01": Preparation(
        _settings(15, container_event_lag=_NO_EVENTS), partial(_exits, exit_code=2, after=4)
    ),
    "cli-container_export": Preparation(_settings(20)),
    "cli-container_git_repo_volume_mount": Preparation(_settings(15)),
    "cli-container_msi-2021-09-01": Preparation(
        _settings(20, container_back_off_seconds=0, container_event_lag=_SLOW_EVENTS),
        partial(_exits, after=6),
        {4: {"container_event_lag": 8}},
    ),
    "ps-container-lifecycle-2024-05-01-preview": Preparation(
        _settings(
            15,
            container_restart_seconds=4,
            container_groups_quota=1000,
            container_cores_quota=4000,
        ),
        _lifecycle,
        {11: {"identical_put_restarts": True}},
        {11: _runs_again},
    ),
}
