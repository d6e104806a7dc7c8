"""What holds of every field of every CRD."""

from __future__ import annotations

import pytest

from aci_operator.api.kinds import KINDS
from unit.crds.schemas import CRDS, FOLDER, fields, schema, version, walk

every_kind = pytest.mark.parametrize("kind", sorted(CRDS))
NO_OTHER = "x-kubernetes-preserve-unknown-fields"
FREE = {"ContainerGroup": [".spec.extensions[].settings"]}
"""What Azure's own schema leaves open: any JSON object."""
RULES = "x-kubernetes-validations"


def test_the_table_of_kinds_and_the_crds_name_the_same_things() -> None:
    names = {kind: crd["spec"]["names"] for kind, crd in CRDS.items()}
    assert {k: (n["plural"], tuple(n["shortNames"])) for k, n in names.items()} == {
        k: (row.plural, (row.short_name,)) for k, row in KINDS.items()
    }


@every_kind
def test_a_crd_is_named_after_its_plural(kind: str) -> None:
    names = CRDS[kind]["spec"]["names"]
    found = sorted(path.stem for path in FOLDER.glob("*.yaml"))
    assert names["plural"] in found
    assert CRDS[kind]["metadata"]["name"] == f"{names['plural']}.aci-operator.io"


@every_kind
def test_a_kind_has_the_scope_of_its_row_and_the_category_if_it_is_namespaced(kind: str) -> None:
    spec = CRDS[kind]["spec"]
    namespaced = KINDS[kind].namespaced
    assert (spec["group"], spec["scope"], spec["names"].get("categories")) == (
        "aci-operator.io",
        "Namespaced" if namespaced else "Cluster",
        ["aci"] if namespaced else None,
    )


@every_kind
def test_the_only_version_is_v1alpha1_with_a_status_subresource(kind: str) -> None:
    only = version(kind)
    assert (only["name"], only["served"], only["storage"], only["subresources"]) == (
        "v1alpha1",
        True,
        True,
        {"status": {}},
    )


@every_kind
def test_every_field_has_a_description(kind: str) -> None:
    assert [path for path, node in fields(kind) if not node.get("description")] == []


@every_kind
def test_every_description_is_a_sentence(kind: str) -> None:
    ends = [path for path, node in fields(kind) if not node["description"].endswith(".")]
    assert ends == []


@every_kind
def test_every_string_has_a_bound(kind: str) -> None:
    strings = [(path, node) for path, node in fields(kind) if node["type"] == "string"]
    bounds = ("maxLength", "enum")
    unbounded = [p for p, node in strings if not any(bound in node for bound in bounds)]
    assert unbounded == [".status.conditions[].lastTransitionTime"]  # its format is its bound


@every_kind
def test_every_list_has_a_bound_and_a_list_type(kind: str) -> None:
    lists = [(path, node) for path, node in fields(kind) if node["type"] == "array"]
    wanted = ("maxItems", "x-kubernetes-list-type")
    assert [path for path, node in lists if not all(word in node for word in wanted)] == []


@every_kind
def test_every_map_has_a_bound(kind: str) -> None:
    maps = [(path, node) for path, node in fields(kind) if "additionalProperties" in node]
    assert [path for path, node in maps if "maxProperties" not in node] == []


@every_kind
def test_every_object_lists_its_fields_and_takes_no_others(kind: str) -> None:
    objects = [(path, node) for path, node in fields(kind) if node["type"] == "object"]
    shapes = ("properties", "additionalProperties")
    assert [path for path, node in objects if not any(word in node for word in shapes)] == FREE.get(
        kind, []
    )
    assert [path for path, node in walk(schema(kind)) if NO_OTHER in node] == FREE.get(kind, [])


@every_kind
def test_every_required_field_is_declared(kind: str) -> None:
    missing = [
        f"{path}.{name}"
        for path, node in fields(kind)
        for name in node.get("required", ())
        if name not in node["properties"]
    ]
    assert missing == []


@every_kind
def test_every_reference_is_atomic(kind: str) -> None:
    references = [(p, node) for p, node in fields(kind) if p.endswith("Ref")]
    assert [p for p, node in references if node.get("x-kubernetes-map-type") != "atomic"] == []


@every_kind
def test_every_rule_has_a_message_that_says_a_way_out(kind: str) -> None:
    rules = [rule for _, node in walk(schema(kind)) for rule in node.get(RULES, ())]
    texts = [rule.get("message") or rule["messageExpression"] for rule in rules]
    assert [text for text in texts if not any(mark in text for mark in ";:,")] == []


@every_kind
def test_every_transition_rule_forbids(kind: str) -> None:
    rules = [rule for _, node in walk(schema(kind)) for rule in node.get(RULES, ())]
    transitions = [rule for rule in rules if "oldSelf" in rule["rule"]]
    assert {rule.get("reason") for rule in transitions} == {"FieldValueForbidden"}
