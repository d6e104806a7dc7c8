"""Whose records count for whom, by what stands in the status of our objects."""

from __future__ import annotations

from typing import Any

from aci_operator.api.objects import Object
from aci_operator.kinds.key_vault_access import permissions as perms
from aci_operator.kinds.key_vault_access import records
from aci_operator.kinds.key_vault_access.plan import Record
from pass_builders import a_pass, an_object

KIND = "KeyVaultAccess"


def an_access(name: str, *words: str, **parts: Any) -> Object:
    stored = {"vaultId": "/v", "principalId": "p", "secrets": list(words)}
    return an_object(KIND, name, status={"accessPolicies": [stored]}, **parts)


def a_record(*words: str) -> Record:
    return Record("/v", "p", perms.parse({"secrets": words}))


IT = an_access("it", "get")
LIVING = an_access("living", "list")
GOING = an_access("going", "set", deletion_timestamp="2026-01-01T00:00:00Z")


def test_an_object_s_own_records_are_those_in_its_status() -> None:
    assert records.own(a_pass(IT, LIVING, GOING)) == (a_record("get"),)


def test_what_a_going_object_added_keeps_nothing_from_being_taken_back() -> None:
    assert records.others(a_pass(IT, LIVING, GOING)) == [a_record("list")]


def test_what_a_going_object_added_is_still_ours_to_share() -> None:
    found = records.others(a_pass(IT, LIVING, GOING), going=True)
    assert found == [a_record("list"), a_record("set")]


def test_records_are_stored_as_they_are_read() -> None:
    p = a_pass(IT)
    records.store(p, [a_record("list", "get")])
    stored = {"vaultId": "/v", "principalId": "p", "secrets": ["get", "list"]}
    assert p.status.fields["accessPolicies"] == [stored]


def test_no_record_leaves_no_field() -> None:
    p = a_pass(IT)
    records.store(p, ())
    assert "accessPolicies" not in p.status.fields
