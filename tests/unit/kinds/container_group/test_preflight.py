"""What cannot be is refused all together; what is risky is said, and applied."""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.kinds.container_group import identities_named
from aci_operator.kinds.container_group.cautions import cautions
from aci_operator.kinds.container_group.findings import Finding
from aci_operator.kinds.container_group.preflight import contradictions, told
from unit.kinds.container_group.builders import IDENTITY_1, IDENTITY_2, a_container, a_spec

SUBNETS = {"subnetIds": [{"id": "/subscriptions/s/x"}]}
USER = {"identity": {"type": "UserAssigned", "userAssigned": [{"name": "one"}]}}
SYSTEM = {"identity": {"type": "SystemAssigned"}}
EXTENSION = {"extensions": [{"name": "m", "extensionType": "realtime-metrics", "version": "1"}]}
POLICY = "cGFja2FnZQ=="
PUBLIC = {"ipAddress": {"type": "Public", "ports": [{"port": 80}]}}
MOUNT: dict[str, Any] = {"volumeMounts": [{"name": "files", "mountPath": "/a"}]}
FILES = {"volumes": [{"name": "files", "emptyDir": {}}]}
VARIABLE: dict[str, Any] = {"environmentVariables": [{"name": "A", "secureValueReference": "ref"}]}


def credential(**ref: str) -> dict[str, Any]:
    return {"imageRegistryCredentials": [{"server": "r.azurecr.io", "identityRef": ref}]}


def policy(text: str, **more: str) -> dict[str, Any]:
    return {"confidentialComputeProperties": {"ccePolicy": text}, **more}


def limited(**limits: float) -> dict[str, Any]:
    requests = {"cpu": 1, "memoryInGB": 1.5}
    return a_container(resources={"requests": requests, "limits": limits})


def gpu() -> dict[str, Any]:
    requests = {"cpu": 1, "memoryInGB": 1.5, "gpu": {"count": 1, "sku": "V100"}}
    return a_container(resources={"requests": requests})


SOUND = [
    a_spec(),
    a_spec(**PUBLIC),
    a_spec(**SUBNETS, ipAddress={"type": "Private", "ports": [{"port": 80}]}, **USER),
    a_spec(**SUBNETS, **EXTENSION),
    a_spec(limited(cpu=2), a_container("b")),
    a_spec(priority="Spot"),
    a_spec(osType="Windows", **USER),
    a_spec(osType="Windows", **SUBNETS),
    a_spec(osType="Windows", identity={"type": "None"}, **SUBNETS),
    a_spec(**USER, **credential(name="one")),
    a_spec(**USER, **credential(id=IDENTITY_1)),
    a_spec(a_container(**MOUNT), **FILES),
    a_spec(**policy(POLICY, sku="Confidential")),
    a_spec(sku="Confidential"),
    a_spec(containerGroupProfile={"id": "x"}, containers=[{"name": "a"}]),
]

CONTRADICTIONS = [
    (a_spec(**PUBLIC, **SUBNETS), "PublicAddressInVirtualNetwork", "spec.ipAddress.type"),
    (a_spec(**EXTENSION), "ExtensionNeedsSubnet", "spec.extensions[m]"),
    (
        a_spec(limited(cpu=2.5), a_container("b")),
        "LimitExceedsGroupRequest",
        "spec.containers[app].resources.limits.cpu",
    ),
    (
        a_spec(limited(memoryInGB=4)),
        "LimitExceedsGroupRequest",
        "spec.containers[app].resources.limits.memoryInGB",
    ),
    (a_spec(priority="Spot", **PUBLIC), "SpotWithAddress", "spec.ipAddress"),
    (a_spec(priority="Spot", sku="Dedicated"), "SpotWithSku", "spec.sku"),
    (
        a_spec(gpu(), priority="Spot"),
        "SpotWithGpu",
        "spec.containers[app].resources.requests.gpu",
    ),
    (
        a_spec(osType="Windows", **SUBNETS, **SYSTEM),
        "NoIdentityTokenInWindowsVirtualNetwork",
        "spec.identity",
    ),
    (
        a_spec(**USER, **credential(name="other")),
        "RegistryIdentityNotAssigned",
        "spec.imageRegistryCredentials[r.azurecr.io].identityRef",
    ),
    (
        a_spec(**SYSTEM, **credential(id=IDENTITY_1)),
        "RegistryIdentityNotAssigned",
        "spec.imageRegistryCredentials[r.azurecr.io].identityRef",
    ),
    (
        a_spec(encryptionProperties={"keyName": "k", "identityRef": {"name": "x"}}),
        "EncryptionIdentityNotAssigned",
        "spec.encryptionProperties.identityRef",
    ),
    (
        a_spec(secretReferences=[{"name": "s", "identityRef": {"name": "x"}}]),
        "SecretIdentityNotAssigned",
        "spec.secretReferences[s].identityRef",
    ),
    (
        a_spec(identityAcls={"acls": [{"identityRef": {"name": "x"}, "access": "All"}]}),
        "AclIdentityNotAssigned",
        "spec.identityAcls.acls[0].identityRef",
    ),
    (
        a_spec(
            identity={
                "type": "UserAssigned",
                "userAssigned": [{"id": IDENTITY_1}, {"id": IDENTITY_1.upper()}],
            }
        ),
        "DuplicateIdentity",
        "spec.identity.userAssigned[1]",
    ),
    (a_spec(a_container(**MOUNT)), "UnknownVolume", "spec.containers[app].volumeMounts[files]"),
    (
        a_spec(initContainers=[{"name": "i", **MOUNT}]),
        "UnknownVolume",
        "spec.initContainers[i].volumeMounts[files]",
    ),
    (
        a_spec(a_container(**VARIABLE)),
        "UnknownSecretReference",
        "spec.containers[app].environmentVariables[A].secureValueReference",
    ),
    *(
        (
            a_spec(volumes=[{"name": "files", "secret": {file: {"secretKeyRef": {}}}}]),
            "PathNotAllowed",
            f"spec.volumes[files].secret[{file}]",
        )
        for file in ("a/b", "/a", "a\\b", ".", "..")
    ),
    *(
        (
            a_spec(volumes=[{"name": "files", "gitRepo": {"directory": directory}}]),
            "PathNotAllowed",
            "spec.volumes[files].gitRepo.directory",
        )
        for directory in ("..", "../x", "a/../../b")
    ),
    (
        a_spec(volumes=[{"name": "files", "secretReference": {"f": "ref"}}]),
        "UnknownSecretReference",
        "spec.volumes[files].secretReference[f]",
    ),
    (
        a_spec(initContainers=[{"name": "app"}]),
        "DuplicateContainerName",
        "spec.initContainers[app]",
    ),
    (
        a_spec(
            ipAddress={"type": "Public", "ports": [{"port": 80}, {"port": 80, "protocol": "tcp"}]}
        ),
        "DuplicatePort",
        "spec.ipAddress.ports",
    ),
    (
        a_spec(**policy("", sku="Confidential")),
        "EmptyCcePolicy",
        "spec.confidentialComputeProperties.ccePolicy",
    ),
    (
        a_spec(**policy("no base64!", sku="Confidential")),
        "InvalidCcePolicy",
        "spec.confidentialComputeProperties.ccePolicy",
    ),
    (
        a_spec(**policy(POLICY)),
        "PolicyWithoutConfidentialSku",
        "spec.confidentialComputeProperties.ccePolicy",
    ),
]


@pytest.mark.parametrize("spec", SOUND)
def test_what_can_be_is_not_refused(spec: dict[str, Any]) -> None:
    assert contradictions(spec) == []


@pytest.mark.parametrize(("spec", "reason", "field"), CONTRADICTIONS)
def test_a_contradiction_is_named_by_its_field(
    spec: dict[str, Any], reason: str, field: str
) -> None:
    found = contradictions(spec)
    assert [(each.reason, each.field, each.text[-1]) for each in found] == [(reason, field, ".")]


def test_a_limit_is_told_with_both_numbers() -> None:
    (found,) = contradictions(a_spec(limited(cpu=2.5), a_container("b")))
    assert "2.5 CPU cores is above the 2 that" in found.text


def test_all_contradictions_are_told_together() -> None:
    spec = a_spec(a_container(**MOUNT), priority="Spot", **PUBLIC, **SUBNETS)
    found = contradictions(spec)
    message = told(found)
    assert [each.reason for each in found] == [
        "UnknownVolume",
        "PublicAddressInVirtualNetwork",
        "SpotWithAddress",
    ]
    assert message.startswith("3 contradictions. (1) spec.containers[app].volumeMounts[files]: ")
    assert "(3) spec.ipAddress: a Spot group takes no inbound connections." in message


def test_what_does_not_fit_is_told_by_field_and_reason() -> None:
    mounts = [{"name": f"files-{n}", "mountPath": f"/{n}"} for n in range(8)]
    message = told(contradictions(a_spec(a_container(volumeMounts=mounts))))
    lines = [f"spec.containers[app].volumeMounts[files-{n}]: UnknownVolume." for n in range(8)]
    told_all = " ".join(f"({number}) {line}" for number, line in enumerate(lines, 1))
    assert message == f"8 contradictions. {told_all}"


def test_sixty_contradictions_fit_into_a_condition() -> None:
    mounts = [{"name": f"files-{n}", "mountPath": f"/{n}"} for n in range(60)]
    message = told(contradictions(a_spec(a_container(volumeMounts=mounts))))
    shown = message.count("UnknownVolume.")
    assert (message[:18], message.endswith(f" And {60 - shown} more."), len(message) <= 1024) == (
        "60 contradictions.",
        True,
        True,
    )


def test_an_identity_by_another_form_is_judged_by_its_id() -> None:
    field = "spec.imageRegistryCredentials[r].identityRef"
    found = [
        list(identities_named.resolved({field: id_}, [IDENTITY_1]))
        for id_ in (IDENTITY_1.upper(), IDENTITY_2)
    ]
    assert [[each.reason for each in one] for one in found] == [[], ["RegistryIdentityNotAssigned"]]


@pytest.mark.parametrize(
    ("spec", "reason", "field"),
    [
        (a_spec(osType="Windows", **SYSTEM), "WindowsIdentityEndpoint", "spec.identity"),
        (
            a_spec(a_container(image="r.azurecr.io/a"), **USER),
            "RegistryCredentialMissing",
            "spec.containers[app].image",
        ),
        (
            a_spec(a_container(image="a:1"), **policy(POLICY, sku="Confidential")),
            "PolicyNeedsDigest",
            "spec.containers[app].image",
        ),
        (
            a_spec(a_container(securityContext={"privileged": True})),
            "PrivilegedNeedsConfidential",
            "spec.containers[app].securityContext.privileged",
        ),
        (
            a_spec(a_container(ports=[{"port": 80, "protocol": "UDP"}]), **PUBLIC),
            "PortNotExposed",
            "spec.ipAddress.ports",
        ),
        (
            a_spec(a_container(ports=[{"port": 3390}])),
            "ReservedPort",
            "spec.containers[app].ports",
        ),
    ],
)
def test_a_risk_is_named_and_not_refused(spec: dict[str, Any], reason: str, field: str) -> None:
    found = [Finding(each.reason, each.field, "") for each in cautions(spec)]
    assert (found, contradictions(spec)) == ([Finding(reason, field, "")], [])


@pytest.mark.parametrize(
    "spec",
    [
        a_spec(a_container(ports=[{"port": 80}])),
        a_spec(a_container(ports=[{"port": 80}]), a_container("b"), **PUBLIC),
        a_spec(**PUBLIC),
        a_spec(a_container(image="r.azurecr.io/a"), **USER, **credential(name="one")),
        a_spec(a_container(image="r.azurecr.io/a")),
        a_spec(a_container(image="a@sha256:0"), **policy(POLICY, sku="Confidential")),
        a_spec(osType="Windows"),
    ],
)
def test_without_a_risk_nothing_is_said(spec: dict[str, Any]) -> None:
    assert list(cautions(spec)) == []
