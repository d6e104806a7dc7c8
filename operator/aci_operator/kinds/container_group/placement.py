"""Network, size and price: what does not go together. Pure.

Sources: azure.md sections 7.1 (Azure's own codes) and 13; the article for Windows.
"""

from __future__ import annotations

from collections.abc import Iterator

from aci_operator.api import reasons
from aci_operator.kinds.container_group.findings import Finding, Spec, named

_AMOUNTS = {"cpu": "CPU cores", "memoryInGB": "GB of memory"}
IN_NETWORKS_ONLY = frozenset({"realtime-metrics"})
"""Extensions that Azure's own templates use with a subnet alone."""


def contradictions(spec: Spec) -> Iterator[Finding]:
    """Find what contradicts itself about where and how a group runs."""
    yield from _network(spec)
    yield from _limits(spec)
    yield from _spot(spec)


def _network(spec: Spec) -> Iterator[Finding]:
    inside = bool(spec.get("subnetIds"))
    if inside and (spec.get("ipAddress") or {}).get("type") == "Public":
        text = (
            "a group in a virtual network (spec.subnetIds) has no public address. Write Private, "
            "or take spec.subnetIds out."
        )
        yield Finding(reasons.PUBLIC_ADDRESS_IN_VIRTUAL_NETWORK, "spec.ipAddress.type", text)
    for field, extension in named(spec, "extensions"):
        if not inside and extension["extensionType"].lower() in IN_NETWORKS_ONLY:
            text = "this extension works in a virtual network alone. Add spec.subnetIds."
            yield Finding(reasons.EXTENSION_NEEDS_SUBNET, field, text)
    if inside and spec.get("osType") == "Windows" and _has_identity(spec):
        text = (
            "with osType Windows and spec.subnetIds no token can be had: the identity endpoint is "
            "not reached from a virtual network. Take one of spec.osType, spec.identity and "
            "spec.subnetIds out."
        )
        yield Finding(reasons.NO_TOKEN_IN_WINDOWS_NETWORK, "spec.identity", text)


def _has_identity(spec: Spec) -> bool:
    return bool((spec.get("identity") or {}).get("type", "None") != "None")


def _limits(spec: Spec) -> Iterator[Finding]:
    """A container may use more than it asks for, up to what all of the group ask for."""
    containers = named(spec, "containers")
    for amount, words in _AMOUNTS.items():
        total = sum(_amount(each, "requests", amount) for _, each in containers)
        for field, each in containers:
            limit = _amount(each, "limits", amount)
            if limit > total > 0:
                text = (
                    f"the limit of {limit:g} {words} is above the {total:g} that all containers of "
                    "the group request. Lower it, or raise the requests."
                )
                path = f"{field}.resources.limits.{amount}"
                yield Finding(reasons.LIMIT_EXCEEDS_GROUP_REQUEST, path, text)


def _amount(container: Spec, kind: str, amount: str) -> float:
    return float(((container.get("resources") or {}).get(kind) or {}).get(amount) or 0)


def _spot(spec: Spec) -> Iterator[Finding]:
    if spec.get("priority") != "Spot":
        return
    if spec.get("ipAddress"):
        text = "a Spot group takes no inbound connections. Take spec.ipAddress or the priority out."
        yield Finding(reasons.SPOT_WITH_ADDRESS, "spec.ipAddress", text)
    if spec.get("sku", "Standard") != "Standard":
        text = f"Spot is there for the Standard sku alone, not for {spec['sku']}. Change one."
        yield Finding(reasons.SPOT_WITH_SKU, "spec.sku", text)
    for field, each in named(spec, "containers"):
        if ((each.get("resources") or {}).get("requests") or {}).get("gpu"):
            text = "a Spot group has no GPU. Take the GPU or the priority out."
            yield Finding(reasons.SPOT_WITH_GPU, f"{field}.resources.requests.gpu", text)
