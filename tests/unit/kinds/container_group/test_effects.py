"""The table of changes knows every field, and the page is made from it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given

from aci_operator.kinds.container_group.body import build
from aci_operator.kinds.container_group.changes_page import written
from aci_operator.kinds.container_group.effects import TABLE, Effect, effect_of
from aci_operator.kinds.container_group.normal import normal
from unit.crds import schemas
from unit.kinds.container_group.builders import inputs_for
from unit.kinds.container_group.crd_specs import CRD_SPECS, everything, leaves

PAGE = Path(__file__).parents[4] / "docs" / "container-group.md"


def test_every_field_of_the_crd_has_one_entry_and_nothing_else_has_one() -> None:
    assert Counter(entry.field for entry in TABLE) == Counter(
        leaves(schemas.spec("ContainerGroup"))
    )


def test_every_entry_says_how_it_is_known() -> None:
    assert [entry.field for entry in TABLE if not entry.evidence] == []


def test_the_page_is_current() -> None:
    assert PAGE.read_text() == written(PAGE.read_text())


def test_a_page_without_a_place_for_the_table_is_refused() -> None:
    with pytest.raises(ValueError, match="the page lacks"):
        written("# Another page\n")


@pytest.mark.parametrize(
    ("path", "effect"),
    [
        ("spec.zones", Effect.REPLACEMENT),
        ("spec.containers", Effect.IN_PLACE),
        ("spec.containers[a.b].resources.requests.gpu", Effect.REPLACEMENT),
        ("spec.containers[a].resources.limits.cpu", Effect.IN_PLACE),
        ("spec.containers[a].configMap.key", Effect.IN_PLACE),
        ("spec.volumes[v].azureFile", Effect.IN_PLACE),
        ("spec.extensions[e].settings.free.words", Effect.IN_PLACE),
        ("spec.tags.cost.center", Effect.TAGS),
        ("spec.operator.powerState", Effect.POWER),
    ],
)
def test_a_path_takes_the_effect_of_its_field(path: str, effect: Effect) -> None:
    assert effect_of(path) is effect


def test_a_path_that_no_entry_knows_is_no_silent_change() -> None:
    with pytest.raises(KeyError, match="nothing"):
        effect_of("spec.nothing.known")


def test_every_path_that_can_differ_has_an_effect() -> None:
    full = everything()[0]
    paths = normal(build(full, inputs_for(full)))
    assert {effect_of(path) for path in paths} == {Effect.IN_PLACE, Effect.REPLACEMENT}


@given(CRD_SPECS)
def test_every_path_of_any_spec_has_an_effect(spec: dict[str, object]) -> None:
    for path in normal(build(spec, inputs_for(spec))):
        assert effect_of(path) in (Effect.IN_PLACE, Effect.REPLACEMENT)
