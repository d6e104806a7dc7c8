"""The article's lines in the shell inside the container, typed at a pseudo-terminal."""

from __future__ import annotations

import json
import re
from typing import Any

import jwt
import pytest

from article import shown
from article.conftest import Told
from article.differences import SECRET, TOKEN, Differences
from article.pseudo_terminal import missing
from article.states import differences

pytestmark = pytest.mark.skipif(bool(missing()), reason=f"needs {', '.join(missing())}")


def owner_of(token: str, told: Told) -> str:
    return told.names[jwt.decode(token, options={"verify_signature": False})["oid"]]


def pairs(listed: Differences) -> dict[str, tuple[Any, Any]]:
    return {path: (article, ours) for path, (article, ours, _) in listed.items()}


async def test_curl_gets_the_token_of_the_client_id_as_the_article_shows_it(told: Told) -> None:
    token = json.loads(told.outputs["token of client"])
    masked = {
        **token,
        "access_token": f"a token for {owner_of(token['access_token'], told)}",
        "client_id": told.names[token["client_id"]],
        "expires_on": "a time",
        "not_before": "a time",
    }
    assert differences(shown.TOKEN, masked) == pairs(TOKEN)


async def test_a_token_lives_for_eight_hours_less_the_second_that_it_is_old(told: Told) -> None:
    token = json.loads(told.outputs["token of client"])
    lifetime = int(token["expires_on"]) - int(token["not_before"])
    assert (lifetime, token["expires_in"]) == (28800, "28799")


async def test_curl_and_jq_print_nothing_of_the_token_that_goes_into_a_variable(told: Told) -> None:
    progress = told.outputs["token"]
    assert ("% Total" in progress, "{" in progress, "eyJ" in progress) == (True, False, False)


async def test_curl_reads_the_secret_with_that_token_as_the_article_shows_it(told: Told) -> None:
    secret = json.loads(told.outputs["secret"])
    times = dict.fromkeys(("created", "updated"), "a time")
    masked = {
        **secret,
        "id": re.sub(r"[0-9a-f]{32}$", "a version", secret["id"]),
        "attributes": {**secret["attributes"], **times},
    }
    assert differences(shown.SECRET, masked) == pairs(SECRET)


async def test_az_signs_in_with_the_groups_identity(told: Told) -> None:
    login = json.loads(told.outputs["login"])
    assert [(each["id"], each["user"]) for each in login] == [
        (
            told.run.account.subscription_id,
            {
                "assignedIdentityInfo": "MSI",
                "name": "systemAssignedIdentity",
                "type": "servicePrincipal",
            },
        )
    ]


async def test_az_reads_the_secret_as_the_article_shows_it(told: Told) -> None:
    assert told.outputs["secret show"].strip() == shown.SECRET_BY_CLI
