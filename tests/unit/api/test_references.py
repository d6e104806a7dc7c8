from __future__ import annotations

import pytest

from aci_operator.api.objects import Key
from aci_operator.api.references import Reference, SecretKeyReference, keys

BY_NAME = Reference.parse("spec.keyVaultRef", "KeyVault", {"name": "v"})
BY_ID = Reference.parse("spec.keyVaultRef", "KeyVault", {"id": "/subscriptions/s"})


def test_a_reference_keeps_its_field_and_its_kind() -> None:
    by_name = Reference("spec.keyVaultRef", "KeyVault", name="v")
    by_id = Reference("spec.keyVaultRef", "KeyVault", id="/subscriptions/s")
    assert [by_name, by_id] == [BY_NAME, BY_ID]


@pytest.mark.parametrize(
    ("reference", "key"), [(BY_NAME, Key("KeyVault", "here", "v")), (BY_ID, None)]
)
def test_only_a_name_means_an_object_of_ours_in_the_same_namespace(
    reference: Reference, key: Key | None
) -> None:
    assert reference.key("here") == key


def test_the_keys_of_references_are_those_of_the_names() -> None:
    assert keys("here", BY_NAME, None, BY_ID, BY_NAME) == {Key("KeyVault", "here", "v")}


def test_a_secret_reference_names_the_field_that_a_user_has_to_correct() -> None:
    parsed = SecretKeyReference.parse("spec.valueFrom", {"secretKeyRef": {"name": "n", "key": "k"}})
    assert parsed == SecretKeyReference("spec.valueFrom.secretKeyRef", "n", "k")
