"""More namespaces for one operator and one Azure."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from integration.world import World


@asynccontextmanager
async def sibling(world: World, namespace: str) -> AsyncIterator[World]:
    """Open another namespace in the same world; in the end its objects are deleted."""
    other = replace(world, namespace=namespace)
    await other.plane.kubectl_async("create", "namespace", namespace)
    try:
        yield other
    finally:
        await other.kubectl("delete", "aci", "--all", "--timeout=60s")
        await other.kubectl("delete", "namespace", namespace, "--wait=false", "--ignore-not-found")
