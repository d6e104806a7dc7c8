"""The recorder: what it writes can be replayed, and holds nothing that must not leave."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from article.conftest import Told
from article.recorder.recording import Leak, Recorder, check
from article.recorder.scrub import Scrub
from azure_emulator.settings import Settings
from emulator.replay import Preparation, Stage, load, replay

TENANT = "6d1b4c1e-6a53-4c0f-9d0b-0a7c2f5e8b10"
SCRUB = Scrub({"my-own-vault": "mykeyvault"}, b"key")


def canaries(told: Told) -> list[str]:
    account = told.run.account
    return [
        account.subscription_id,
        account.tenant_id,
        account.client_id,
        account.client_secret,
        told.caller.oid,
        "Hello Container Instances",
    ]


async def test_what_was_recorded_is_answered_alike_when_it_is_replayed(told: Told) -> None:
    def grant(stage: Stage) -> None:
        stage.names.learn(told.scrub.text(told.caller.oid), stage.caller.oid)
        stage.names.learn(told.scrub.text(told.run.account.client_id), stage.caller.appid)

    at_once = Settings(container_creation_seconds=0, container_update_seconds=0)
    found = await replay(load(told.run.recording), Preparation(lambda: at_once, grant), frozenset())
    assert [str(each) for each in found] == []


async def test_the_recording_holds_every_call_of_the_cli_to_resource_manager_and_vaults(
    told: Told,
) -> None:
    exchanges = [
        (each["request"]["method"], each["response"]["status"]) for each in load(told.run.recording)
    ]
    recorded = [each for each in exchanges if each[1] != 401]
    called = [(call.method, call.status) for call in told.calls if call.surface in ("arm", "vault")]
    before = 2  # signing in lists the subscriptions, and the group must not be there
    assert recorded == called[before:]


async def test_no_secret_and_no_id_of_the_run_stands_in_the_recording(told: Told) -> None:
    text = told.run.recording.read_text()
    leaked = [each for each in [*canaries(told), *told.variables.values()] if each in text]
    tokens = re.findall(r"eyJ[\w-]{10,}", text)
    assert (leaked, tokens, "127.0.0.1" in text) == ([], [], False)


async def test_nothing_of_the_run_lies_beside_the_recording_either(told: Told) -> None:
    lines = (told.folder / "recorder" / "exchanges.jsonl").read_text()
    assert [each for each in canaries(told) if each in lines] == []


def exchange(url: str, sent: object = None, answer: object = None, **headers: str) -> object:
    request = {"method": "PUT", "url": url, "body": json.dumps(sent).encode()}
    response = {"status": 200, "headers": headers, "body": json.dumps(answer).encode()}
    return SCRUB.exchange(request, response)


@pytest.mark.parametrize(
    "url",
    [
        f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token",
        "https://graph.microsoft.com/v1.0/me",
        "https://evil-management.azure.com.example/x",
    ],
)
def test_only_resource_manager_and_vaults_are_recorded(url: str) -> None:
    assert exchange(url) is None


def test_secrets_are_left_out_wherever_they_stand() -> None:
    body = {"value": "s3cret", "tags": {"a": "b"}}
    vault = exchange("https://my-own-vault.vault.azure.net/secrets/x", body, body)
    opened = {"webSocketUri": "wss://sb1.example/1", "password": "s3cret"}
    exec_ = exchange("https://management.azure.com/exec", {"command": "/bin/bash"}, opened)
    env = {"env": [{"name": "A", "secureValue": "s3cret"}], "imageRegistryPassword": None}
    put = exchange("https://management.azure.com/x", env, env)
    text = json.dumps([vault, exec_, put])
    assert ("s3cret" in text, "sb1" in text, text.count("TRIMMED")) == (False, False, 6)


def test_ids_mail_and_addresses_become_others_the_same_each_time() -> None:
    text = SCRUB.text(
        f"{TENANT} {TENANT.replace('-', '')} me@example.org 198.51.100.7 2a01:110:0:1:2:3:4:5 "
        "https://MY-OWN-VAULT.vault.azure.net b24988ac-6180-42a0-ab88-20f7382dd24c"
    )
    one, same, *rest = text.split()
    assert (one != TENANT, one.replace("-", ""), SCRUB.text(TENANT)) == (True, same, one)
    assert rest == [
        "somebody@example.com",
        "203.0.113.1",
        "2001:db8:0:0:0:0:0:1",
        "https://mykeyvault.vault.azure.net",
        "b24988ac-6180-42a0-ab88-20f7382dd24c",
    ]


def test_only_headers_that_mean_something_are_kept_and_scrubbed() -> None:
    url = "https://management.azure.com/x"
    asked = f"{url}/operations/{TENANT}?api-version=2018-06-01&t=6&c=MII&s=abc&h=def"
    found = exchange(
        url,
        **{
            "Azure-AsyncOperation": asked,
            "x-ms-keyvault-network-info": "addr=198.51.100.7",
            "x-ms-request-id": TENANT,
            "x-ms-ratelimit-remaining-subscription-writes": "799",
        },
    )
    assert isinstance(found, dict)
    signature = "&t=TRIMMED&c=TRIMMED&s=TRIMMED&h=TRIMMED"
    assert found["response"]["headers"] == {
        "azure-asyncoperation": f"{url}/operations/{SCRUB.text(TENANT)}?api-version=2018-06-01"
        + signature,
        "x-ms-ratelimit-remaining-subscription-writes": "799",
    }


def test_a_recording_with_a_leak_is_not_written(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "recorder", {})
    (tmp_path / "recorder/exchanges.jsonl").write_text('{"request": {"uri": "https://a/MINE"}}\n')
    path = tmp_path / "recording.json"
    with pytest.raises(Leak, match="text 1"):
        recorder.write(path, "note", ["no such text", "mine"])
    assert not path.exists()


@pytest.mark.parametrize("text", ["a eyJhbGciOi.eyJhdWQ", "the SECRET"])
def test_tokens_and_forbidden_texts_are_leaks(text: str) -> None:
    with pytest.raises(Leak):
        check(text, ["secret"])
