"""The command's inputs and exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from aci_operator.convert import schemas
from unit.convert.conversions import GROUP, TEMPLATES, converted, group, run, template

FILES = sorted(path for path in TEMPLATES.iterdir() if path.suffix in (".json", ".yaml"))
NAMED = "containergroupname=web containername=web"
VALUES = {
    "confidential-fragment.json": "name=web location=eastus registry=r.azurecr.io image=nginx "
    "managedIDName=id1",
    "qs-healthprobe.json": NAMED,
    "qs-secure-env.json": f"{NAMED} environmentVariableName=A environmentVariableValue=canary-4410",
    "qs-storage-file-share.json": "storageAccountName=store fileShareName=share",
    "qs-udp.json": "containerName=web",
    "qs-volume-emptydir.json": "containergroupname=web containername1=one containername2=two "
    "volumename=data",
    "qs-volume-gitrepo.json": f"{NAMED} volumename=data",
    "qs-volume-secret.json": "containergroupname=web dnsnamelabel=label1",
    "qs-windows-dynamicsnav.json": "dnsPrefix=label1 letsEncryptMail=a@example.com username=u "
    "password=canary-p1 _artifactsLocation=https://example.com/",
}


def settings(path: Path) -> list[str]:
    return [part for text in VALUES.get(path.name, "").split() for part in ("--set", text)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_recorded_input_gives_a_group_and_names_the_rest(path: Path) -> None:
    report = converted(path, *settings(path))
    kinds = [item["kind"] for item in report["manifests"]["items"]]
    assert kinds.count("ContainerGroup") == 1
    assert report["code"] == (1 if report["refused"] else 0)


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.bicep")), ids=lambda path: path.name)
def test_bicep_is_to_be_compiled_first(path: Path) -> None:
    result = run(path, "--resource-group", GROUP)
    assert (result.exit_code, result.stdout, result.stderr) == (
        2,
        "",
        f"Error: {path.name} is Bicep, which is not read here; compile it first: "
        f"az bicep build --file {path.name}, then convert the JSON file\n",
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "no JSON at line 1, column 2"),
        ("a: [", "no YAML at line 1, column 5"),
        ("- a", "holds no object"),
        ("a: b", "an ARM template, ACI's YAML or a container group's body is expected"),
    ],
)
def test_unreadable_input_ends_with_2(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "input.yaml"
    path.write_text(text)
    result = run(path, "--resource-group", GROUP)
    assert (result.exit_code, message in result.stderr) == (2, True)


def test_missing_file_ends_with_2(tmp_path: Path) -> None:
    result = run(tmp_path / "no.json", "--resource-group", GROUP)
    assert (result.exit_code, result.stderr) == (2, "Error: no.json: No such file or directory\n")


def test_template_needs_a_resource_group(tmp_path: Path) -> None:
    result = run(template(tmp_path, group()))
    assert (result.exit_code, "give --resource-group" in result.stderr) == (2, True)


def test_unknown_parameter_ends_with_2(tmp_path: Path) -> None:
    result = run(template(tmp_path, group()), "--resource-group", GROUP, "--set", "x=1")
    assert (result.exit_code, result.stderr) == (2, "Error: template.json has no parameter x\n")


def test_parameter_file_gives_values(tmp_path: Path) -> None:
    path = template(tmp_path, group("[parameters('n')]"), parameters={"n": {"type": "string"}})
    given = tmp_path / "given.json"
    given.write_text(json.dumps({"parameters": {"N": {"value": "from-file"}}}))
    report = converted(path, "--parameters", given)
    (item,) = report["manifests"]["items"]
    assert item["metadata"] == {"name": "from-file"}


def test_comment_of_a_template_cannot_become_a_manifest(tmp_path: Path) -> None:
    path = template(tmp_path, group(properties={"a\nkind: Secret": 1}))
    result = run(path, "--resource-group", GROUP)
    assert [line for line in result.stdout.splitlines() if line == "kind: Secret"] == []


def closed(schema: Any) -> Any:
    """Give a schema of a CRD as the API server's strict check reads it."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: closed(value) for key, value in schema.items()}
    if "properties" in schema and "x-kubernetes-preserve-unknown-fields" not in schema:
        result["additionalProperties"] = False
    return result


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_is_written_has_the_shape_of_its_kind(path: Path) -> None:
    report = converted(path, *settings(path))
    problems = [
        (item["kind"], error.json_path, error.message)
        for item in report["manifests"]["items"]
        if item["kind"] != "Secret"
        for error in jsonschema.Draft4Validator(closed(schemas.spec(item["kind"]))).iter_errors(
            item["spec"]
        )
    ]
    assert problems == []
