"""The providers that live in rooms of their own."""

from __future__ import annotations

import importlib
from typing import Any

from azure_emulator.cloud import Cloud


def container_groups(cloud: Cloud) -> Any:
    """Register Microsoft.ContainerInstance, if it is there, and give its provider or None."""
    return _register(cloud, "azure_emulator.containers", "ContainerGroups")


def vaults(cloud: Cloud) -> Any:
    """Register Microsoft.KeyVault, if it is there, and give its provider or None."""
    return _register(cloud, "azure_emulator.vaults", "Vaults")


def _register(cloud: Cloud, module: str, name: str) -> Any:
    try:
        room = importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        return None
    make = getattr(room, name, None)
    if make is None:
        return None
    provider = make(cloud)
    cloud.providers.append(provider)
    return provider
