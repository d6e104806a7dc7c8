"""A ClusterAzureAccount with its Secret in the operator's namespace, for the time of a test."""

from __future__ import annotations

import json
from typing import Any

import yaml

from azure_emulator.calls import Call
from integration.manifests import Manifest, text
from integration.world import World
from stage import OPERATOR_NAMESPACE


def lender(world: World, name: str = "lent", **limits: Any) -> tuple[Manifest, Manifest]:
    """Give Secret and ClusterAzureAccount of the world's service principal."""
    credential, own = yaml.safe_load_all(world.account.manifest())
    credential["metadata"] = {"name": f"{world.namespace}-{name}", "namespace": OPERATOR_NAMESPACE}
    account = {**own, "kind": "ClusterAzureAccount", "metadata": {"name": name}}
    source = account["spec"]["credential"]["servicePrincipal"]["clientSecretFrom"]
    source["secretKeyRef"]["name"] = credential["metadata"]["name"]
    account["spec"] |= limits
    return credential, account


async def lend(world: World, **limits: Any) -> None:
    """Apply both and wait until the account is Ready."""
    credential, account = lender(world, **limits)
    stdin = json.dumps(credential)
    await world.plane.kubectl_async("apply", "-f", "-", stdin=stdin)
    await world.apply(text(account))
    await world.until_ready("clusterazureaccount/lent")


async def forget(world: World) -> None:
    """Delete what `lend` made, which works once no object needs it."""
    await world.kubectl("delete", "clusterazureaccount", "--all", "--timeout=60s")
    name = f"{world.namespace}-lent"
    await world.plane.kubectl_async(
        "-n", OPERATOR_NAMESPACE, "delete", "secret", name, "--ignore-not-found"
    )


def asked(world: World) -> list[Call]:
    """List the calls to Azure but for tokens, which accounts ask for themselves."""
    return [call for call in world.azure.calls.list() if call.surface in ("arm", "vault")]
