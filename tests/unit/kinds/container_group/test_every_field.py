"""Azure's schema, the CRD and the body hold the same fields."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from aci_operator.azure.failures import Refusal, refused
from aci_operator.kinds.container_group import sources
from aci_operator.kinds.container_group.body import build
from aci_operator.kinds.container_group.normal import COMPARED, differences, normal
from aci_operator.reconcile import drift
from schemas import bicep, validate_request
from unit.crds import schemas
from unit.kinds.container_group.builders import answered, inputs_for, unreadable
from unit.kinds.container_group.crd_specs import (
    CRD_SPECS,
    PROVIDERS,
    everything,
    group_schema,
    leaf,
    leaves,
)

JSON = dict[str, Any]
PUT = f"{PROVIDERS}/Microsoft.ContainerInstance/containerGroups/demo"
CALM = settings(
    max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
NOT_OURS = {
    "ipAddress.ip",  # Azure gives it: azure.md section 4
    "location",  # a field of every kind, resolved
    "tags{}",  # written by their own rules
}
"""What a request may hold and our spec does not, with the reason."""
LISTED = {"identity.userAssignedIdentities{}": "identity.userAssigned[]"}
"""Maps keyed by an ARM ID, which are lists of references here."""

_URI = "secretReferences[].secretReferenceUri"
STANDS_FOR = {
    "confidentialComputeProperties.ccePolicyFrom": "confidentialComputeProperties.ccePolicy",
    "encryptionProperties.keyVaultRef": "encryptionProperties.vaultBaseUrl",
    "secretReferences[].keyVaultRef": _URI,
    "secretReferences[].secretName": _URI,
    "secretReferences[].secretVersion": _URI,
}
"""Fields of ours beside the one of Azure that they can stand for."""


def azure_leaves() -> Iterator[tuple[str, bool]]:
    """Give every leaf that Azure takes, `properties` flattened, and whether it is sensitive."""
    found = bicep._resource("Microsoft.ContainerInstance/containerGroups", "2025-09-01")
    assert found is not None
    types, reference = found
    yield from below(types, reference, "")


def below(types: list[JSON], reference: Any, path: str) -> Iterator[tuple[str, bool]]:
    kind = types[bicep._index(reference)]
    if kind["$type"] == "ArrayType":
        yield from below(types, kind["itemType"], f"{path}[]")
        return
    members = {
        name: member
        for name, member in (kind.get("properties") or {}).items()
        if not member["flags"] & bicep.READ_ONLY and name not in ("apiVersion",)
    }
    if path == "":
        members.pop("name", None)
    for name, member in members.items():
        inner = path if name == "properties" else f"{path}.{name}" if path else name
        yield from below(types, member["type"], inner)
    if "additionalProperties" in kind:
        yield from below(types, kind["additionalProperties"], f"{path}{{}}")
    elif not members:
        yield path, bool(kind.get("sensitive"))


def ours(path: str, known: set[str]) -> str | None:
    """Give the CRD's field for one of Azure's; None if there is none."""
    path = LISTED.get(path, path)
    names = (path, f"{path}From", f"{path}Ref")
    return next((name for name in names if name in known), None)


def test_every_field_that_azure_takes_stands_in_the_crd() -> None:
    known = set(leaves(group_schema()))
    missing = {path for path, _ in azure_leaves() if ours(path, known) is None}
    assert missing == NOT_OURS


def test_every_field_of_the_crd_is_one_that_azure_takes() -> None:
    known = set(leaves(group_schema()))
    taken = {ours(path, known) for path, _ in azure_leaves()}
    assert {STANDS_FOR.get(path, path) for path in known} == taken - {None}


def test_every_sensitive_value_comes_from_a_secret() -> None:
    known = set(leaves(group_schema()))
    sensitive = [ours(path, known) or "" for path, is_sensitive in azure_leaves() if is_sensitive]
    assert [path for path in sensitive if not path.endswith("From")] == [
        "diagnostics.logAnalytics.workspaceResourceId"  # an ARM ID
    ]


def places(value: Any, schema: JSON, path: str = "") -> Iterator[tuple[str, list[Any]]]:
    """Give the leaves of a spec: path in the schema, and the steps that lead there."""
    if leaf(schema):
        yield path, []
    elif isinstance(value, list):
        for place, item in enumerate(value):
            for where, steps in places(item, schema["items"], f"{path}[]"):
                yield where, [place, *steps]
    elif isinstance(value, dict):
        for name, item in value.items():
            fixed = schema.get("properties") or {}
            inner = fixed[name] if fixed else schema["additionalProperties"]
            at = (f"{path}.{name}" if path else name) if fixed else f"{path}{{}}"
            for where, steps in places(item, inner, at):
                yield where, [name, *steps]


FULL = everything()
PLACES = [(*found, spec) for spec in FULL for found in places(spec, group_schema())]


def test_the_full_spec_sets_every_field_of_the_crd() -> None:
    assert {path for path, _, _ in PLACES} == set(leaves(group_schema()))


@pytest.mark.parametrize("path", sorted(leaves(group_schema())))
def test_a_field_of_the_crd_reaches_the_body(path: str) -> None:
    for full, steps in ((full, steps) for where, steps, full in PLACES if where == path):
        spec = changed(full, steps)
        assert build(spec, inputs_for(spec)) != build(full, inputs_for(full))


def changed(spec: JSON, steps: list[Any]) -> JSON:
    """Give a spec with another value in one place, or without it."""
    spec = copy.deepcopy(spec)
    holder: Any = spec
    for step in steps[:-1]:
        holder = holder[step]
    last = steps[-1]
    match holder[last]:
        case bool(value):
            holder[last] = not value
        case str(value):
            holder[last] = "UserAssigned" if steps == ["identity", "type"] else f"{value}x"
        case int(value):
            holder[last] = value + 1
        case _:
            del holder[last]
    return spec


@pytest.mark.parametrize("full", FULL)
def test_a_body_with_every_field_is_one_that_azure_s_schema_takes(full: JSON) -> None:
    assert validate_request("PUT", PUT, "2025-09-01", build(full, inputs_for(full))) == []


@pytest.mark.parametrize("full", FULL)
def test_a_body_with_every_field_is_one_that_the_emulator_reads(full: JSON) -> None:
    assert unreadable(build(full, inputs_for(full))) == ""


@CALM
@given(CRD_SPECS)
def test_what_any_spec_leaves_out_the_body_leaves_out(spec: JSON) -> None:
    assert body_leaves(build(spec, inputs_for(spec))) == sorted(spec_leaves(spec, "spec"))


def spec_leaves(value: Any, path: str) -> Iterator[str]:
    """Give the path of every leaf of a spec, under the names that it has in a body."""
    if isinstance(value, dict) and value and "secretKeyRef" not in value:
        for name, inner in value.items():
            yield from member_leaves(name, inner, path)
    elif isinstance(value, list) and value:
        for place, item in enumerate(value):
            yield from spec_leaves(item, f"{path}[{place}]")
    else:
        yield path


def member_leaves(name: str, value: Any, path: str) -> Iterator[str]:
    if path == "spec.identity" and name == "userAssigned":
        yield from (f"{path}.userAssignedIdentities.{entry['id']}" for entry in value)
    elif name == "keyVaultRef":
        key = path == "spec.encryptionProperties"
        yield f"{path}.{'vaultBaseUrl' if key else 'secretReferenceUri'}"
    elif name in ("secretName", "secretVersion") and path.startswith("spec.secretReferences["):
        pass  # in one address with the vault
    elif name.endswith("Ref"):
        yield f"{path}.{name.removesuffix('Ref')}"
    elif name == "protectedSettingsFrom":
        yield f"{path}.protectedSettings.key"
    elif name.endswith("From") and not path.endswith((".secret", ".keyValuePairs")):
        free = path.endswith((".metadata", ".secretReference")) or ".settings" in path
        yield f"{path}.{name if free else name.removesuffix('From')}"
    else:
        yield from spec_leaves(value, f"{path}.{name}")


def body_leaves(body: JSON) -> list[str]:
    """Give the path of every leaf of a body, without `location` and the level `properties`."""
    flat = {**body["properties"], **{k: body[k] for k in ("zones", "identity") if k in body}}
    for section in ("containers", "initContainers", "extensions"):
        if section in flat:
            flat[section] = [{"name": e["name"], **e["properties"]} for e in flat[section]]
    return sorted(plain_leaves(flat, "spec"))


def plain_leaves(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from plain_leaves(inner, f"{path}.{name}")
    elif isinstance(value, list) and value:
        for place, inner in enumerate(value):
            yield from plain_leaves(inner, f"{path}[{place}]")
    else:
        yield path


@CALM
@given(CRD_SPECS)
def test_any_spec_of_the_crd_gives_a_body_that_azure_s_schema_takes(spec: JSON) -> None:
    assert validate_request("PUT", PUT, "2025-09-01", build(spec, inputs_for(spec))) == []


@CALM
@given(CRD_SPECS)
def test_what_azure_answers_to_any_spec_does_not_differ(spec: JSON) -> None:
    body = build(spec, inputs_for(spec))
    answer = answered(body)
    assert differences(body, answer) == ()
    answer["properties"].pop("confidentialComputeProperties", None)  # Azure shows a policy
    assert "canary" not in json.dumps(answer) + repr(normal(body))


@CALM
@given(CRD_SPECS)
def test_every_secret_of_any_spec_stands_in_the_body_once(spec: JSON) -> None:
    inputs = inputs_for(spec)
    text = json.dumps(build(spec, inputs))
    paths = [path for path, _ in sources.secrets(spec)]
    found = [text.count(json.dumps(f"canary {path}")) for path in paths]
    assert (found, "canary" in repr(inputs)) == ([1] * len(paths), False)


@pytest.mark.parametrize("full", FULL)
def test_no_secret_of_a_group_stays_in_what_azure_says_of_it(full: JSON) -> None:
    body = build(full, inputs_for(full))
    paths = [path for path, _ in sources.secrets(full)]
    for path in paths:
        answer = Refusal(400, {}, {"error": {"code": "X", "message": f"no 'canary {path}'"}})
        assert refused(answer, "PUT /x", body).message == "no '(secret)'"


NOT_SHOWN = {
    "containers[].environmentVariables[].secureValueFrom",
    "diagnostics.logAnalytics.workspaceKeyFrom",
    "diagnostics.logAnalytics.workspaceResourceId",  # Azure marks it as sensitive
    "extensions[].protectedSettingsFrom",
    "imageRegistryCredentials[].passwordFrom",
    "initContainers[].environmentVariables[].secureValueFrom",
    "subnetIds[].name",  # section 4: a subnet comes back with its ID alone
    "volumes[].azureFile.storageAccountKeyFrom",
    "volumes[].secret{}",
}
"""What Azure never shows again (azure.md sections 3 and 4)."""


@pytest.mark.parametrize("path", sorted(leaves(group_schema())))
def test_another_value_in_azure_is_a_difference_just_when_azure_shows_it(path: str) -> None:
    ((steps, full), *_) = ((steps, full) for where, steps, full in PLACES if where == path)
    if path == "identity.userAssigned[]":
        steps = [*steps, "id"]
    # A profile may supply what the spec leaves out.
    alone = {name: value for name, value in full.items() if name != "containerGroupProfile"}
    wanted = full if path.startswith("containerGroupProfile") else alone
    running = changed(wanted, steps)
    answer = answered(build(running, inputs_for(running)))
    found = differences(build(wanted, inputs_for(wanted)), answer)
    assert bool(found) is (path not in NOT_SHOWN)
    assert drift.unknown(found, COMPARED) == []


def words(types: list[JSON], reference: Any, path: str) -> Iterator[tuple[str, set[str]]]:
    """Give the words that Azure's schema lists for a field."""
    kind = types[bicep._index(reference)]
    if kind["$type"] == "ArrayType":
        yield from words(types, kind["itemType"], f"{path}[]")
    if kind["$type"] == "UnionType":
        listed = (types[bicep._index(element)].get("value") for element in kind["elements"])
        yield path, {word for word in listed if word}
    for name, member in (kind.get("properties") or {}).items():
        if member["flags"] & bicep.READ_ONLY:
            continue
        inner = path if name == "properties" else f"{path}.{name}" if path else name
        yield from words(types, member["type"], inner)


def test_the_crd_takes_the_words_that_azure_lists() -> None:
    found = bicep._resource("Microsoft.ContainerInstance/containerGroups", "2025-09-01")
    assert found is not None
    ours_ = {
        path.removeprefix("."): set(node["enum"])
        for path, node in schemas.walk(group_schema())
        if "enum" in node
    }
    assert ours_ == dict(words(*found, ""))
