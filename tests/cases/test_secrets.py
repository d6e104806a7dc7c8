"""A vault's secrets: several of one Secret, what changes in place, dates, rotation."""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.kube import paths
from azure_emulator.vaults.secrets import Given
from cases.vault_secrets import ATTRIBUTES, a_secret, a_vault, azure_vault, held, values
from in_process.cluster import key_of
from in_process.manifests import source
from in_process.scene import open_scene


async def test_two_objects_take_different_keys_of_one_secret_and_a_change_writes_one() -> None:
    async with open_scene() as scene:
        await a_vault(scene, a_secret("one"), a_secret("two", valueFrom=source("s", "two")))
        scene.secret("s", one="1", two="new")
        await scene.run_for(1300)
        assert (values(scene, "one"), values(scene, "two")) == (["1"], ["2", "new"])


async def test_a_change_of_the_secret_s_other_keys_writes_nothing() -> None:
    async with open_scene() as scene:
        await a_vault(scene, a_secret())
        scene.mark()
        scene.secret("s", one="1", two="new", three="3")
        await scene.run_for(1300)
        assert scene.writes() == []


METADATA: dict[str, Any] = {
    "contentType": "text",
    "tags": {"a": "1", "b": "2"},
    "attributes": ATTRIBUTES,
}
ON = {"exp": 2_000_000_000, "nbf": 1_900_000_000}
CHANGES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"contentType": "json"}, {"contentType": "json"}),
    ({"attributes": {**ATTRIBUTES, "enabled": True}}, {"attributes": {"enabled": True}}),
    ({"attributes": {**ATTRIBUTES, "exp": 2_000_000_001}}, {"attributes": {"exp": 2_000_000_001}}),
    ({"attributes": {**ATTRIBUTES, "nbf": 1_900_000_001}}, {"attributes": {"nbf": 1_900_000_001}}),
    ({"attributes": ON}, {"attributes": {"enabled": True}}),
]


@pytest.mark.parametrize(("change", "sent"), CHANGES)
async def test_a_change_of_metadata_is_one_patch_of_the_current_version(
    change: dict[str, Any], sent: dict[str, Any]
) -> None:
    async with open_scene() as scene:
        await a_vault(scene, a_secret(**METADATA))
        scene.mark()
        scene.apply(a_secret(**{**METADATA, **change}))
        await scene.run_for(1300)
        (only,) = held(scene).versions
        assert scene.writes() == [("PATCH", f"/secrets/it/{only.id}")]
        (body,) = scene.bodies("PATCH")
        body.pop("tags")
        assert body == sent


async def test_tags_change_in_place_and_those_of_others_stay() -> None:
    async with open_scene() as scene:
        await a_vault(scene, a_secret(**METADATA))
        was = dict(held(scene).current.tags or {})
        held(scene).current.tags = {**was, "theirs": "3"}
        scene.apply(a_secret(**{**METADATA, "tags": {"a": "new", "c": "4"}}))
        await scene.run_for(1300)
        (only,) = held(scene).versions
        ours = {name: value for name, value in was.items() if name.startswith("aci-operator")}
        assert only.tags == {**ours, "theirs": "3", "a": "new", "c": "4"}


async def test_a_changed_value_and_changed_metadata_are_one_version() -> None:
    async with open_scene() as scene:
        await a_vault(scene, a_secret())
        held(scene).current.tags = {**(held(scene).current.tags or {}), "theirs": "3"}
        scene.mark()
        scene.secret("s", one="new", two="2")
        scene.apply(a_secret(**METADATA))
        await scene.run_for(1300)
        _, last = held(scene).versions
        tags = {n: v for n, v in (last.tags or {}).items() if not n.startswith("aci-operator")}
        assert scene.writes() == [("PUT", "/secrets/it")]
        assert (last.value, last.content_type, last.expires) == ("new", "text", 2_000_000_000)
        assert tags == {"a": "1", "b": "2", "theirs": "3"}


@pytest.mark.parametrize("left", ["contentType", "exp", "nbf"])
async def test_what_a_patch_cannot_take_away_goes_with_one_version_of_the_same_value(
    left: str,
) -> None:
    async with open_scene() as scene:
        await a_vault(scene, a_secret(**METADATA))
        attributes = {name: value for name, value in ATTRIBUTES.items() if name != left}
        rest = {name: value for name, value in METADATA.items() if name != left}
        scene.apply(a_secret(**{**rest, "attributes": attributes}))
        await scene.run_for(1300)
        first, last = held(scene).versions
        gone = {"contentType": "content_type", "exp": "expires", "nbf": "not_before"}
        has = {mine: getattr(last, each) for mine, each in gone.items()}
        had = {mine: getattr(first, each) for mine, each in gone.items()}
        assert (first.value, last.value, has) == ("1", "1", {**had, left: None})


async def test_a_version_that_others_put_over_ours_with_our_tags_is_put_right() -> None:
    async with open_scene() as scene:
        await a_vault(scene, a_secret())
        await scene.run_for(60)
        given = Given(value="theirs", tags=held(scene).current.tags)
        azure_vault(scene).secrets.set("it", given, scene.clock.now().timestamp())
        await scene.run_for(1300)
        assert values(scene) == ["1", "theirs", "1"]


IGNORING: dict[str, Any] = {"operator": {"ignoreDrift": ["valueFrom"]}}


async def test_an_ignored_value_of_others_stays_when_metadata_change() -> None:
    async with open_scene() as scene:
        await a_vault(scene, a_secret(**METADATA, **IGNORING))
        azure_vault(scene).secrets.set("it", Given(value="theirs"), scene.clock.now().timestamp())
        scene.apply(a_secret(**{**METADATA, "contentType": "json"}, **IGNORING))
        await scene.run_for(1300)
        assert (values(scene), held(scene).current.content_type) == (["1", "theirs"], "json")


async def test_a_date_that_would_take_an_ignored_value_with_it_is_refused_by_name() -> None:
    async with open_scene() as scene:
        await a_vault(scene, a_secret(attributes=ATTRIBUTES, **IGNORING))
        given = Given(value="theirs", expires=5)
        azure_vault(scene).secrets.set("it", given, scene.clock.now().timestamp())
        scene.apply(a_secret(**IGNORING))
        await scene.run_for(1300)
        said = scene.conditions("KeyVaultSecret", "it")["Stalled"]
        assert (values(scene), said) == (["1", "theirs"], ("True", "InvalidSpec"))
        assert scene.message("KeyVaultSecret", "it").startswith(
            "spec.attributes.exp left the spec."
        )


async def test_attributes_reach_the_version_and_are_no_drift() -> None:
    async with open_scene() as scene:
        await a_vault(scene, a_secret(attributes=ATTRIBUTES, contentType="text"))
        await scene.run_for(1300)
        (only,) = held(scene).versions
        assert (only.enabled, only.expires, only.not_before, only.content_type) == (
            False,
            2_000_000_000,
            1_900_000_000,
            "text",
        )


async def test_an_attribute_that_the_spec_does_not_give_is_left_alone() -> None:
    async with open_scene() as scene:
        await a_vault(scene, a_secret())
        held(scene).current.expires = 2_100_000_000
        await scene.run_for(1300)
        assert [each.expires for each in held(scene).versions] == [2_100_000_000]


async def test_a_missing_key_stalls_its_own_object_alone() -> None:
    async with open_scene() as scene:
        await a_vault(scene, a_secret("one"), a_secret("two", valueFrom=source("s", "two")))
        scene.secret("s", one="new")
        await scene.run_for(1300)
        said = {name: scene.conditions("KeyVaultSecret", name)["Ready"] for name in ("one", "two")}
        assert said == {"one": ("True", "Available"), "two": ("False", "WaitingForSecret")}
        assert (values(scene, "one"), values(scene, "two")) == (["1", "new"], ["2"])


async def test_a_version_of_ours_that_status_does_not_tell_of_is_not_written_again() -> None:
    async with open_scene() as scene:
        await a_vault(scene, a_secret(attributes=ATTRIBUTES))
        before = scene.status("KeyVaultSecret", "it")
        await scene.stop_operator()
        scene.apply(a_secret())
        given = Given(value="1", tags=held(scene).current.tags)
        azure_vault(scene).secrets.set("it", given, scene.clock.now().timestamp() + 1)
        path = paths.of_object(key_of("KeyVaultSecret", "it"))
        died = {name: value for name, value in before.items() if name != "updated"}
        scene.cluster.edit(path, status=died)  # what stands before each new version
        await scene.start_operator()
        await scene.run_for(1300)
        assert (values(scene), scene.unready()) == (["1", "1"], {})
        assert scene.status("KeyVaultSecret", "it")["version"] == held(scene).current.id


async def test_a_version_whose_answer_was_lost_is_not_put_again() -> None:
    async with open_scene() as scene:
        await a_vault(scene, a_secret(attributes=ATTRIBUTES))
        scene.azure.faults.next(method="PUT", path="/secrets/it", lost=True)
        scene.apply(a_secret())
        await scene.run_for(1300)
        version = scene.status("KeyVaultSecret", "it")["version"]
        assert (values(scene), scene.unready()) == (["1", "1"], {})
        assert version == held(scene).current.id


async def test_a_changed_source_is_written_also_where_drift_is_only_reported() -> None:
    async with open_scene() as scene:
        await a_vault(scene, a_secret(operator={"driftPolicy": "Report"}))
        scene.secret("s", one="new", two="2")
        await scene.run_for(1300)
        assert values(scene) == ["1", "new"]
