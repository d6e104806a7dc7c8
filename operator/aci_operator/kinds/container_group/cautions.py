"""What is accepted and will perhaps not do what is meant: said once for each generation. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from aci_operator.api import reasons
from aci_operator.kinds.container_group.findings import Finding, Spec, all_containers, named

RESERVED = (
    *((port, port) for port in (22, 9999, 19000, 19080, 19100, 19390)),
    (1025, 1027),
    (3389, 3399),
    (20000, 30000),
    (49152, 65534),
)
"""Ports that the platform keeps for itself, first and last of each range (azure.md section 9)."""


def cautions(spec: Spec) -> Iterator[Finding]:
    """Find what deserves a warning and no refusal."""
    yield from _windows(spec)
    yield from _registries(spec)
    yield from _confidential(spec)
    yield from _ports(spec)


def _windows(spec: Spec) -> Iterator[Finding]:
    identity = (spec.get("identity") or {}).get("type", "None")
    if spec.get("osType") == "Windows" and identity != "None" and not spec.get("subnetIds"):
        text = (
            "on Windows there is no 169.254.169.254: ask IDENTITY_ENDPOINT with the header "
            "`secret` (its value is in IDENTITY_HEADER) and with principalId (docs/windows.md)."
        )
        yield Finding(reasons.WINDOWS_IDENTITY_ENDPOINT, "spec.identity", text)


def _registries(spec: Spec) -> Iterator[Finding]:
    """An image of Azure's registry, an identity that could pull it, and no entry that says so."""
    if not (spec.get("identity") or {}).get("userAssigned"):
        return
    known = {each["server"].lower() for each in spec.get("imageRegistryCredentials") or ()}
    for field, each in all_containers(spec):
        host = str(each.get("image") or "").partition("/")[0].lower()
        if host.endswith(".azurecr.io") and host not in known:
            text = (
                f"no entry of spec.imageRegistryCredentials is for {host}: the identity is not "
                "used to pull the image unless one names it."
            )
            yield Finding(reasons.REGISTRY_CREDENTIAL_MISSING, f"{field}.image", text)


def _confidential(spec: Spec) -> Iterator[Finding]:
    given = spec.get("confidentialComputeProperties") or {}
    policy = given.get("ccePolicy") or given.get("ccePolicyFrom")
    for field, each in all_containers(spec):
        if policy and "@sha256:" not in str(each.get("image") or ""):
            text = (
                "the policy allows the layers of one image, and a tag may come to mean another "
                "one. Name the image by its digest."
            )
            yield Finding(reasons.POLICY_NEEDS_DIGEST, f"{field}.image", text)
        privileged = (each.get("securityContext") or {}).get("privileged")
        if privileged and spec.get("sku") != "Confidential":
            text = "privileged containers are known of sku Confidential alone; Azure may refuse it."
            path = f"{field}.securityContext.privileged"
            yield Finding(reasons.PRIVILEGED_NEEDS_CONFIDENTIAL, path, text)


def _ports(spec: Spec) -> Iterator[Finding]:
    yield from _reserved(spec)
    open_ = [port for _, each in named(spec, "containers") for port in each.get("ports") or ()]
    for port in (spec.get("ipAddress") or {}).get("ports") or ():
        if open_ and not any(_protocol_port(one) == _protocol_port(port) for one in open_):
            text = (
                f"no container lists port {port['port']}, which the address opens, in its own "
                "ports. Add it there, or close it here."
            )
            yield Finding(reasons.PORT_NOT_EXPOSED, "spec.ipAddress.ports", text)


def _protocol_port(port: Spec) -> tuple[int, str]:
    return port["port"], port.get("protocol", "TCP").upper()


def _reserved(spec: Spec) -> Iterator[Finding]:
    for field, each in named(spec, "containers"):
        for port in each.get("ports") or ():
            if any(first <= port["port"] <= last for first, last in RESERVED):
                text = f"Azure lists port {port['port']} among those that it keeps for itself."
                yield Finding(reasons.RESERVED_PORT, f"{field}.ports", text)
