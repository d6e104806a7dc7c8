"""What becomes of container groups."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from unit.convert.conversions import (
    GROUP,
    TEMPLATES,
    converted,
    group,
    reasons,
    run,
    spec,
    template,
)

IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities"


def test_plain_group_is_carried_whole(tmp_path: Path) -> None:
    report = converted(template(tmp_path, group(location="[resourceGroup().location]")))
    requests = {"cpu": 1, "memoryInGB": 1.5}
    container = {"name": "web", "image": "nginx", "resources": {"requests": requests}}
    expected = {"resourceGroupRef": {"id": GROUP}, "osType": "Linux", "containers": [container]}
    assert (report["code"], spec(report)) == (0, expected)


def test_letter_case_of_keys_and_words_is_forgiven(tmp_path: Path) -> None:
    resource = group()
    container: dict[str, Any] = {
        "IMAGE": "nginx",
        "Resources": {"requests": {"CPU": "2", "memoryInGb": "1.5"}},
    }
    container["ports"] = [{"port": "80", "protocol": "Tcp"}]
    resource["properties"] = {
        "OSType": "linux",
        "containers": [{"name": "web", "Properties": container}],
    }
    (carried,) = spec(converted(template(tmp_path, resource)))["containers"]
    assert carried == {
        "name": "web",
        "image": "nginx",
        "resources": {"requests": {"cpu": 2, "memoryInGB": 1.5}},
        "ports": [{"port": 80, "protocol": "TCP"}],
    }


def test_identity_of_the_same_template_is_named_and_another_is_given_by_id(tmp_path: Path) -> None:
    other = f"{GROUP}/providers/{IDENTITY}/other"
    users: dict[str, Any] = {f"[resourceId('{IDENTITY}', 'My_ID')]": {}, other: {}}
    identity = {"type": "SystemAssigned,UserAssigned", "userAssignedIdentities": users}
    own = {"type": IDENTITY, "name": "My_ID"}
    report = converted(template(tmp_path, group(identity=identity), own))
    assert (spec(report)["identity"], spec(report, "UserAssignedIdentity")) == (
        {
            "type": "SystemAssigned, UserAssigned",
            "userAssigned": [{"name": "my-id"}, {"id": other}],
        },
        {"resourceGroupRef": {"id": GROUP}, "azureName": "My_ID"},
    )


def test_unknown_field_is_refused_by_its_path(tmp_path: Path) -> None:
    report = converted(template(tmp_path, group(properties={"shape": "round"})))
    expected = [("shape", "ContainerGroup has no such field in this version")]
    assert (report["code"], reasons(report)) == (1, expected)


def test_secure_parameter_in_a_plain_variable_becomes_a_key(tmp_path: Path) -> None:
    resource = group()
    variable = {"name": "PASSWORD", "value": "[concat('x', parameters('p'))]"}
    resource["properties"]["containers"][0]["properties"]["environmentVariables"] = [variable]
    parameters = {"p": {"type": "securestring", "defaultValue": "canary-91c2"}}
    path = template(tmp_path, resource, parameters=parameters)
    report = converted(path, "--set", "p=canary-5dd0")
    (carried,) = spec(report)["containers"][0]["environmentVariables"]
    source = {"secretKeyRef": {"name": "web-values", "key": "web.PASSWORD.value"}}
    assert carried == {"name": "PASSWORD", "secureValueFrom": source}
    assert "canary" not in str(report)


def test_skeleton_of_a_secret_has_keys_to_fill_and_no_data() -> None:
    report = converted(TEMPLATES / "issue-54196-system-identity.yaml")
    (secret,) = [item for item in report["manifests"]["items"] if item["kind"] == "Secret"]
    assert set(secret) == {"apiVersion", "kind", "metadata", "type"}
    (told,) = report["secrets"]
    assert "exampleregistry.azurecr.io.password" in [key["key"] for key in told["keys"]]


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_values_of_secrets_stand_nowhere(form: str) -> None:
    path = TEMPLATES / "issue-54196-system-identity.yaml"
    result = run(path, "--resource-group", GROUP, "-o", form)
    assert [word for word in ("PLACEHOLDER", "UExBQ0VIT0xERVI") if word in result.output] == []


def test_variable_named_like_a_secret_is_noted(tmp_path: Path) -> None:
    resource = group()
    variable = {"name": "STORAGE_KEY", "value": "x"}
    resource["properties"]["containers"][0]["properties"]["environmentVariables"] = [variable]
    report = converted(template(tmp_path, resource))
    notes = [line["path"] for line in report["notes"]]
    assert (report["code"], notes) == (
        0,
        ["containers[web].environmentVariables[STORAGE_KEY].value"],
    )


def test_copy_loop_is_refused_by_name(tmp_path: Path) -> None:
    looped = group(copy={"name": "many", "count": 3})
    report = converted(template(tmp_path, looped))
    why = "copy loops are not evaluated; write the copies out"
    assert (report["manifests"]["items"], reasons(report)) == ([], [("", why)])


def test_resource_without_a_kind_is_refused_by_type(tmp_path: Path) -> None:
    other = {"type": "Microsoft.Storage/storageAccounts", "name": "store"}
    report = converted(template(tmp_path, other))
    (line,) = report["refused"]
    assert line["resource"] == "Microsoft.Storage/storageAccounts store"


def test_exported_group_says_its_resource_group_and_asks_for_untold_values(tmp_path: Path) -> None:
    path = tmp_path / "exported.yaml"
    path.write_text(f"""
additional_properties: {{}}
apiVersion: '2023-05-01'
id: {GROUP}/providers/Microsoft.ContainerInstance/containerGroups/web
name: web
location: westus
properties:
  provisioningState: Succeeded
  osType: Linux
  containers:
  - name: web
    properties:
      image: nginx
      environmentVariables: [{{name: A, value: b}}, {{name: KEY}}]
      resources: {{requests: {{cpu: 1.0, memoryInGB: 1.5}}}}
""")
    result = run(path, "-o", "json")
    assert result.exit_code == 0, result.output
    assert f'"id": "{GROUP}"' in result.stdout
    assert '"key": "web.KEY.secureValue"' in result.stdout
