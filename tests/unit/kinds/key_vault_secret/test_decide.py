"""Whether a secret has to be written, from its metadata alone."""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.kinds.key_vault_secret import vault
from aci_operator.kinds.key_vault_secret.decide import HASH_TAG, Wanted, differences, foreign
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
