"""Whether a secret has to be written, from its metadata alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from aci_operator.kinds.key_vault_secret import vault
from aci_operator.kinds.key_vault_secret.decide import (
    HASH_TAG,
    Wanted,
    changes,
    differences,
    ended,
    foreign,
    new_tags,
)
from aci_operator.reconcile.ownership import OWNER_TAG
from pass_builders import OWNER, a_pass, an_object

MINE = {OWNER_TAG: OWNER, HASH_TAG: "h1"}
WANTED = Wanted("text/plain", {**MINE, "env": "test"}, frozenset({"old"}))
STORED = {"contentType": "text/plain", "tags": dict(WANTED.tags)}


def stored(**changes: Any) -> dict[str, Any]:
    return {**STORED, **changes}


def tagged(**changes: str) -> dict[str, Any]:
    return stored(tags={**WANTED.tags, **changes})


@pytest.mark.parametrize(
    ("observed", "paths"),
    [
        (STORED, ()),
        (tagged(foreign="kept"), ()),
        (tagged(**{HASH_TAG: "h2"}), ("spec.valueFrom",)),
        (stored(contentType=None), ("spec.contentType",)),
        (stored(contentType="TEXT/plain"), ("spec.contentType",)),
        (tagged(env="other"), ("spec.tags.env",)),
        (tagged(old="of an earlier spec"), ("spec.tags.old",)),
        (tagged(**{OWNER_TAG: "else"}), ("spec.tags",)),
        ({}, ("spec.valueFrom", "spec.contentType", "spec.tags", "spec.tags.env")),
        (
            {"tags": None, "contentType": None},
            ("spec.valueFrom", "spec.contentType", "spec.tags", "spec.tags.env"),
        ),
    ],
)
def test_a_version_differs_in_value_content_type_and_tags(
    observed: dict[str, Any], paths: tuple[str, ...]
) -> None:
    assert differences(WANTED, observed) == paths


@pytest.mark.parametrize(("made", "paths"), [(5, ()), (6, ("spec.valueFrom",)), (None, ())])
def test_a_version_made_after_our_last_write_holds_another_s_value(
    made: int | None, paths: tuple[str, ...]
) -> None:
    wanted = replace(WANTED, written=5)
    assert differences(wanted, stored(attributes={"created": made})) == paths


GIVEN = {"enabled": False, "exp": 7, "nbf": 5}
PATHS = ("spec.contentType", *(f"spec.attributes.{name}" for name in GIVEN), "spec.tags.env")


@pytest.mark.parametrize(
    ("content_type", "attributes", "gone"),
    [
        ("text", GIVEN, ()),
        (None, GIVEN, ("spec.contentType",)),
        ("text", {**GIVEN, "enabled": None}, ()),
        ("text", {**GIVEN, "exp": None}, ("spec.attributes.exp",)),
        ("text", {**GIVEN, "nbf": None}, ("spec.attributes.nbf",)),
    ],
)
def test_a_date_or_content_type_that_left_the_spec_takes_a_new_version(
    content_type: str | None, attributes: dict[str, Any], gone: tuple[str, ...]
) -> None:
    assert ended(Wanted(content_type, MINE, attributes=attributes), PATHS) == gone


@pytest.mark.parametrize(
    ("paths", "body"),
    [
        (PATHS, {"contentType": "text", "attributes": {**GIVEN, "enabled": True}}),
        (("spec.attributes.exp",), {"attributes": {"exp": 7}}),
        (("spec.tags.env",), {}),
    ],
)
def test_a_change_holds_what_is_named_and_no_more(
    paths: tuple[str, ...], body: dict[str, Any]
) -> None:
    wanted = Wanted("text", MINE, attributes={**GIVEN, "enabled": None})
    assert changes(wanted, paths) == body


def test_a_new_version_takes_the_tags_of_others_along_as_far_as_they_fit() -> None:
    theirs = {f"t{number:02}": "x" for number in range(20)}
    seen = {"tags": {**theirs, "old": "of an earlier spec", HASH_TAG: "h0"}}
    kept = {name: "x" for name in sorted(theirs)[:12]}
    assert new_tags(WANTED, seen) == {**kept, **WANTED.tags}


@pytest.mark.parametrize("content_type", [None, "", "absent"])
def test_no_content_type_has_many_forms(content_type: str | None) -> None:
    observed = {"tags": MINE}
    if content_type != "absent":
        observed["contentType"] = content_type  # type: ignore[assignment]
    assert differences(Wanted(None, MINE), observed) == ()


@pytest.mark.parametrize(
    ("tags", "known", "holds"),
    [
        (MINE, None, False),
        (MINE, "https://v/secrets/s", False),
        ({OWNER_TAG: "else"}, None, True),
        ({OWNER_TAG: "else"}, "https://v/secrets/s", True),
        (None, None, True),
        ({}, None, True),
        ({}, "https://v/secrets/s", False),  # somebody put a version over ours: drift
    ],
)
def test_a_secret_is_foreign_by_its_owner_tag_or_if_we_never_wrote_it(
    tags: dict[str, str] | None, known: str | None, holds: bool
) -> None:
    assert foreign(OWNER, known, {"tags": tags}) is holds


def test_a_soft_deleted_name_is_told_with_the_ways_out() -> None:
    p = a_pass(an_object("KeyVaultSecret", status={"vaultUri": "https://v"}))
    stall = vault.soft_deleted(p)
    assert (stall.reason, stall.message, stall.after) == (
        "SecretSoftDeleted",
        "A deleted secret still holds spec.azureName it in https://v. Recover it (az keyvault "
        "secret recover --name it), purge it (az keyvault secret purge --name it), or choose "
        "another name.",
        300.0,
    )
