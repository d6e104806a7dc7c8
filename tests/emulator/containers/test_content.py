"""Bodies that the service cannot read."""

from __future__ import annotations

from typing import Any, cast

import pytest

from azure_emulator.containers.content import check
from azure_emulator.errors import AzureError
from emulator.containers.builders import VERSION, a_container, a_group

READ = "The request content was invalid and could not be deserialized: "


def refused(body: dict[str, Any], version: str = VERSION) -> str:
    """Say why a body is refused; empty if it is not."""
    try:
        check(body, version)
    except AzureError as error:
        if (error.status, error.code) == (400, "InvalidRequestContent"):
            return error.message.removeprefix(READ).partition(", line")[0]
        return f"not in the usual way: {error.status} {error.code}"
    return ""


def test_an_identity_inside_properties_is_refused_in_the_services_words() -> None:
    assert refused(a_group(identity={"type": "SystemAssigned"})) == (
        "'Could not find member 'identity' on object of type "
        "'ContainerGroupPropertiesDefinition'. Path 'properties.identity'"
    )


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({**a_group(), "colour": "red"}, "colour"),
        (a_group(a_container(colour="red")), "properties.containers[0].properties.colour"),
        (a_group(ipAddress={"ports": [], "type": "Public", "x": 1}), "properties.ipAddress.x"),
        (a_group(volumes=[{"name": "files", "nfs": {}}]), "properties.volumes[0].nfs"),
    ],
)
def test_an_unknown_member_is_named_with_its_path(body: dict[str, Any], path: str) -> None:
    text = refused(body)
    assert text.startswith(f"'Could not find member '{path.rpartition('.')[2]}' on object")
    assert text.endswith(f"Path '{path}'")


@pytest.mark.parametrize(
    ("body", "name", "path"),
    [
        ({"location": "westus"}, "properties", ""),
        ({"properties": {"osType": "Linux"}}, "containers", "properties"),
        (
            a_group(imageRegistryCredentials=[{"username": "x"}]),
            "server",
            "properties.imageRegistryCredentials[0]",
        ),
        (a_group(ipAddress={"type": "Public"}), "ports", "properties.ipAddress"),
    ],
)
def test_a_missing_member_is_named_with_its_holder(
    body: dict[str, Any], name: str, path: str
) -> None:
    assert refused(body) == f"'Required property '{name}' not found in JSON. Path '{path}'"


@pytest.mark.parametrize(
    "body",
    [
        a_group(containers="none"),
        a_group(a_container(command="ls")),
        a_group(a_container(image=cast(str, 5))),
        a_group(restartPolicy="Sometimes"),
        a_group(ipAddress={"type": "Public", "ports": [{"port": "eighty"}]}),
        a_group(ipAddress={"type": "Public", "ports": [{"port": 80.5}]}),
        {**a_group(), "tags": {"a": 1}},
        {**a_group(), "properties": []},
    ],
)
def test_a_value_of_the_wrong_type_is_refused(body: dict[str, Any]) -> None:
    assert refused(body).startswith("'Error converting value to")


def test_a_refusal_never_holds_a_value() -> None:
    secret = {"name": "X", "secureValue": ["canary"]}
    assert "canary" not in refused(a_group(a_container(environmentVariables=[secret])))


@pytest.mark.parametrize(
    ("member", "since"),
    [
        ({"identityAcls": {"defaultAccess": "All"}}, "2025-09-01"),
        ({"secretReferences": []}, "2025-09-01"),
        ({"standbyPoolProfile": {"id": "x"}}, "2024-05-01-preview"),
    ],
)
def test_a_newer_member_is_unknown_to_older_versions(member: dict[str, Any], since: str) -> None:
    assert refused(a_group(**member), since) == ""
    assert "Could not find member" in refused(a_group(**member), "2023-05-01")


def test_numbers_may_be_spelt_as_text() -> None:
    resources = {"requests": {"cpu": "1.0", "memoryInGB": "1.5"}}
    container = a_container(ports=[{"port": "80"}])
    container["properties"]["resources"] = resources
    assert refused(a_group(container)) == ""


def test_a_body_as_a_get_shows_it_can_be_read() -> None:
    shown = a_group(provisioningState="Succeeded", instanceView={"state": "Running", "events": []})
    assert refused({**shown, "id": "/x", "name": "demo", "type": "y"}) == ""


def test_a_bottomless_body_is_refused() -> None:
    deep: dict[str, Any] = {}
    for _ in range(500):
        deep = {"x": deep}
    assert refused(a_group(instanceView=deep)).startswith("'The reader's MaxDepth")
