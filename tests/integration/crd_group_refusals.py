"""New container groups that the API server refuses, each with a twin that it accepts."""

from __future__ import annotations

from integration.crd_objects import (
    CONTAINER,
    IDENTITY_ID,
    SECRET,
    Case,
    container,
    identity,
    variable,
)

REGISTRY = {"username": "u", "passwordFrom": SECRET}

GROUP_REFUSALS = [
    Case(
        "no-containers",
        "ContainerGroup",
        {},
        {"containers": []},
        "spec.containers: Invalid value: 0: spec.containers in body should have at least 1 items",
    ),
    Case(
        "containers-left-out",
        "ContainerGroup",
        {},
        {"containers": None},
        "spec.containers: Required value",
    ),
    Case(
        "user-assigned-without-a-list",
        "ContainerGroup",
        identity("UserAssigned", {"name": "a"}),
        identity("UserAssigned"),
        'spec.identity.userAssigned: Invalid value: "object": identity.userAssigned needs'
        ' at least one identity, because identity.type is "UserAssigned"; list the '
        "identities, or choose SystemAssigned or None",
    ),
    Case(
        "both-with-an-empty-list",
        "ContainerGroup",
        identity("SystemAssigned, UserAssigned", {"name": "a"}),
        {"identity": {"type": "SystemAssigned, UserAssigned", "userAssigned": []}},
        'spec.identity.userAssigned: Invalid value: "object": identity.userAssigned needs'
        ' at least one identity, because identity.type is "SystemAssigned, UserAssigned";'
        " list the identities, or choose SystemAssigned or None",
    ),
    Case(
        "a-list-with-system-assigned-alone",
        "ContainerGroup",
        identity("SystemAssigned"),
        identity("SystemAssigned", {"name": "a"}),
        'spec.identity.userAssigned: Invalid value: "object": identity.userAssigned must '
        'be left out, because identity.type is "SystemAssigned"; remove the list, or '
        "choose a type that contains UserAssigned",
    ),
    Case(
        "a-list-with-none",
        "ContainerGroup",
        identity("None"),
        identity("None", {"id": IDENTITY_ID}),
        'spec.identity.userAssigned: Invalid value: "object": identity.userAssigned must '
        'be left out, because identity.type is "None"; remove the list, or choose a type '
        "that contains UserAssigned",
    ),
    Case(
        "both-types-without-the-space",
        "ContainerGroup",
        identity("SystemAssigned, UserAssigned", {"name": "a"}),
        identity("SystemAssigned,UserAssigned", {"name": "a"}),
        'spec.identity.type: Unsupported value: "SystemAssigned,UserAssigned": supported '
        'values: "SystemAssigned", "UserAssigned", "SystemAssigned, UserAssigned", "None"',
    ),
    Case(
        "a-value-inline-and-from-a-secret",
        "ContainerGroup",
        variable(value=""),
        variable(value="", secureValueFrom=SECRET),
        'spec.containers[0].environmentVariables[0]: Invalid value: "object": environment'
        " variable TOKEN needs exactly one of value (it may be empty), "
        "secureValueFrom and secureValueReference; keep one of them",
    ),
    Case(
        "a-variable-without-a-value",
        "ContainerGroup",
        variable(secureValueFrom=SECRET),
        variable(),
        'spec.containers[0].environmentVariables[0]: Invalid value: "object": environment'
        " variable TOKEN needs exactly one of value (it may be empty), "
        "secureValueFrom and secureValueReference; keep one of them",
    ),
    Case(
        "an-unknown-field", "ContainerGroup", {}, {"sku2": "Standard"}, 'unknown field "spec.sku2"'
    ),
    Case(
        "a-wrong-letter-case",
        "ContainerGroup",
        {},
        {"ostype": "Linux"},
        'unknown field "spec.ostype"',
    ),
    Case(
        "an-unknown-field-in-a-list",
        "ContainerGroup",
        variable(value="x"),
        variable(value="x", secureValue="y"),
        'unknown field "spec.containers[0].environmentVariables[0].secureValue"',
    ),
    Case(
        "an-object-name-that-azure-refuses",
        "ContainerGroup",
        {"azureName": "a-b"},
        {},
        'spec.azureName: Invalid value: "object": metadata.name, which stands in for '
        "spec.azureName, is not a valid name of a container group: 1 to 63 lower-case "
        "letters, digits and hyphens, no hyphen at either end; set spec.azureName",
        object_name="a.b",
    ),
    Case(
        "an-azure-name-in-capitals",
        "ContainerGroup",
        {},
        {"azureName": "My-Group"},
        'spec.azureName: Invalid value: "object": spec.azureName is not a valid name of a'
        " container group: 1 to 63 lower-case letters, digits and hyphens, no hyphen at "
        "either end; change it",
    ),
    Case(
        "a-container-name-with-a-capital",
        "ContainerGroup",
        container(name="my-container"),
        container(name="My-container"),
        'spec.containers[0].name: Invalid value: "string": a container\'s name has 1 to 63 '
        "lower-case letters, digits and hyphens, no hyphen at either end; change it",
    ),
    Case(
        "a-variable-name-with-a-hyphen",
        "ContainerGroup",
        container(environmentVariables=[{"name": "A_1", "value": "x"}]),
        container(environmentVariables=[{"name": "A-1", "value": "x"}]),
        'spec.containers[0].environmentVariables[0].name: Invalid value: "string": a '
        "variable's name has 1 to 63 letters, digits and underscores, no digit in front; "
        "change it",
    ),
    Case(
        "a-container-twice",
        "ContainerGroup",
        {"containers": [CONTAINER, {**CONTAINER, "name": "d"}]},
        {"containers": [CONTAINER, CONTAINER]},
        'spec.containers[1]: Duplicate value: {"name":"c"}',
    ),
    Case(
        "a-dns-label-too-short",
        "ContainerGroup",
        {"ipAddress": {"type": "Public", "ports": [{"port": 80}], "dnsNameLabel": "label"}},
        {"ipAddress": {"type": "Public", "ports": [{"port": 80}], "dnsNameLabel": "labe"}},
        'spec.ipAddress.dnsNameLabel: Invalid value: "string": dnsNameLabel has 5 to 63 '
        "lower-case letters, digits and hyphens, a letter in front and no hyphen at the "
        "end; change it",
    ),
    Case(
        "no-processor",
        "ContainerGroup",
        container(resources={"requests": {"cpu": 0.1, "memoryInGB": 1}}),
        container(resources={"requests": {"cpu": 0, "memoryInGB": 1}}),
        "spec.containers[0].resources.requests.cpu: Invalid value: 0: "
        "spec.containers[0].resources.requests.cpu in body should be greater than 0",
    ),
    Case(
        "a-registry-with-a-protocol",
        "ContainerGroup",
        {"imageRegistryCredentials": [{**REGISTRY, "server": "a.example"}]},
        {"imageRegistryCredentials": [{**REGISTRY, "server": "https://a.example"}]},
        'spec.imageRegistryCredentials[0].server: Invalid value: "string": server is a '
        "host without a protocol; write example.azurecr.io instead of "
        "https://example.azurecr.io",
    ),
    Case(
        "a-health-interval-without-a-unit",
        "ContainerGroup",
        {"operator": {"healthInterval": "45s"}},
        {"operator": {"healthInterval": "45"}},
        'spec.operator.healthInterval: Invalid value: "string": operator.healthInterval '
        "is not a duration from 1s to 24h; write it like 30s or 1m",
    ),
]
