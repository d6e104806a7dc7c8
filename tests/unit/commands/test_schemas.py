from __future__ import annotations

from typing import Any

from aci_operator.commands.schemas import known, lacking, paths, served
from unit.crds.schemas import CRDS, spec

UPDATE = "run: PYTHONPATH=operator:tests python -m unit.crds.spec_fields"


def test_the_known_fields_are_those_of_the_crds() -> None:
    assert known() == {kind: sorted(paths(spec(kind))) for kind in CRDS}, UPDATE


def test_fields_that_an_older_crd_lacks_are_named_without_what_lies_below() -> None:
    every = known()["KeyVault"]
    older = {path for path in every if not path.startswith("spec.operator")}
    assert len(every) - len(older) > 1
    assert lacking("KeyVault", older | {"spec.ofALaterRelease"}) == ["spec.operator"]


def test_a_document_gives_the_fields_of_each_kind() -> None:
    schema: dict[str, Any] = {
        "properties": {"spec": {"properties": {"a": {"items": {"properties": {"b": {}}}}}}}
    }
    kind = {"x-kubernetes-group-version-kind": [{"kind": "K"}]}
    document = {"components": {"schemas": {"x.K": schema | kind, "x.KList": {}}}}
    assert served(document) == {"K": {"spec.a", "spec.a[].b"}}
