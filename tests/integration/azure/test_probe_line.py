"""The line of a probe in a real shell, with each tool that a container may have."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from aci_operator.azure import ids
from aci_operator.azure.ids import ArmId
from aci_operator.azure.session import Session
from aci_operator.kinds.key_vault_access.line import Asked, line
from aci_operator.kinds.key_vault_access.look import Seen, read
from article.azure_cli import ensure_installed
from azure_emulator.clock import Clock
from azure_emulator.containers.provider import ContainerGroups
from azure_emulator.emulator import Emulator
from azure_emulator.settings import Settings
from integration.azure.bodies import group_body

MISSING = [tool for tool in ("curl", "wget", "sh") if shutil.which(tool) is None]
pytestmark = [
    pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)}"),
    pytest.mark.skipif(not Path("/dev/ptmx").exists(), reason="needs a pseudo-terminal"),
]
VALUE = "hush ForbiddenByPolicy hush"
TOOLS = pytest.mark.parametrize("tool", ["curl", "wget"])
BUSYBOX = """#!/bin/sh
header=x: url=
while [ $# -gt 0 ]; do
  case $1 in
    --help) echo 'Usage: wget [-cqS] [--header STR] [-O FILE] [-T SEC] URL...' >&2; exit;;
    --header) header=$2; shift;;
    -O|-T|-t) shift;;
    --*) echo "wget: unrecognized option: $1" >&2; exit 1;;
    -*) ;;
    *) url=$1;;
  esac
  shift
done
case $url in https:*) [ -z 'NOTE' ] || echo 'NOTE' >&2;; esac
body=$(CURL -s -w ' %{http_code}' -H "$header" "$url")
echo "  HTTP/1.1 ${body##* } Words" >&2
case ${body##* } in
  200) echo "${body% *}";;
  *) echo "wget: server returned error: HTTP/1.1 ${body##* } Words" >&2; exit 1;;
esac
"""
STRANGER = "11111111-2222-4333-8444-555555555555"


@pytest.fixture
async def azure() -> AsyncIterator[Emulator]:
    """An Azure whose containers have this machine's shell."""
    clock = Clock(frozen_at=time.time())
    async with Emulator(Settings(exec_shell=True), clock=clock) as emulator:
        yield emulator


@pytest.fixture
async def asked(session: Session, group: ArmId, vault: ArmId, azure: Emulator) -> Asked:
    """What to ask in a group that runs, of a vault with one secret."""
    arm_id = ids.container_group_id(group, "mycontainer")
    await session.container_groups.put(arm_id, group_body())
    azure.clock.advance(60)
    uri = (await session.vaults.get(vault))["properties"]["vaultUri"]
    await session.secrets(uri).set("sample", VALUE)
    return Asked(session.vault_audience, f"{uri.rstrip('/')}/secrets/sample")


async def seen(session: Session, group: ArmId, azure: Emulator, asked: Asked, *tools: str) -> Seen:
    """Type the line in a container that has just these programs; nothing secret may be shown."""
    groups = azure.cloud.container_groups
    assert isinstance(groups, ContainerGroups)
    groups.behave("alpine", programs=("sh", *tools))
    where = str(ids.container_group_id(group, "mycontainer"))
    shown = await session.exec(where, "main", line(asked))
    assert ("hush" in shown, "eyJ" in shown) == (False, False)
    found = read(shown)
    assert found is not None, shown
    return found


async def allow(session: Session, group: ArmId, vault: ArmId) -> None:
    """Let the group's own identity read secrets."""
    body = await session.container_groups.get(ids.container_group_id(group, "mycontainer"))
    me = {"tenantId": session.tenant_id, "objectId": body["identity"]["principalId"]}
    await session.vaults.add_policies(vault, [{**me, "permissions": {"secrets": ["get"]}}])


@TOOLS
async def test_a_secret_that_may_be_read_is_read(
    session: Session, group: ArmId, vault: ArmId, azure: Emulator, asked: Asked, tool: str
) -> None:
    await allow(session, group, vault)
    assert await seen(session, group, azure, asked, tool) == Seen(tool, 200, True, 200)


@TOOLS
async def test_a_refusal_is_told_with_the_vaults_word(
    session: Session, group: ArmId, azure: Emulator, asked: Asked, tool: str
) -> None:
    found = await seen(session, group, azure, asked, tool)
    assert found == Seen(tool, 200, True, 403, "ForbiddenByPolicy")


@TOOLS
async def test_a_secret_that_is_not_there_is_told(
    session: Session, group: ArmId, vault: ArmId, azure: Emulator, asked: Asked, tool: str
) -> None:
    await allow(session, group, vault)
    other = replace_url(asked, "other")
    assert await seen(session, group, azure, other, tool) == Seen(tool, 200, True, 404)


@pytest.mark.soak
@TOOLS
@pytest.mark.parametrize("status", [401, 429, 500, 503])
async def test_any_answer_of_the_vault_is_told_by_its_status(
    session: Session, group: ArmId, azure: Emulator, asked: Asked, tool: str, status: int
) -> None:
    azure.faults.next(method="GET", path="/secrets/sample", status=status)
    assert await seen(session, group, azure, asked, tool) == Seen(tool, 200, True, status)


@pytest.mark.soak
@TOOLS
@pytest.mark.parametrize("status", [400, 404, 410, 429, 500])
async def test_an_endpoint_that_refuses_is_told_by_its_status(
    session: Session, group: ArmId, azure: Emulator, asked: Asked, tool: str, status: int
) -> None:
    azure.faults.next(method="GET", path="/metadata/identity", status=status)
    assert await seen(session, group, azure, asked, tool) == Seen(tool, status, False)


@pytest.mark.soak
@TOOLS
async def test_an_identity_that_the_group_does_not_have_is_refused_with_400(
    session: Session, group: ArmId, azure: Emulator, asked: Asked, tool: str
) -> None:
    for foreign in (asked._replace(client_id=STRANGER), asked._replace(object_id=STRANGER)):
        assert await seen(session, group, azure, foreign, tool) == Seen(tool, 400, False)


async def test_without_any_tool_nothing_is_asked(
    session: Session, group: ArmId, azure: Emulator, asked: Asked
) -> None:
    assert await seen(session, group, azure, asked) == Seen("none", 0, False)


def like_busybox(azure: Emulator, folder: Path, note: str = "") -> None:
    """Put a wget before this machine's that has busybox's options, its words and no bodies of
    errors; `note` is what it says when it opens TLS."""
    program = folder / "wget"
    program.write_text(BUSYBOX.replace("NOTE", note).replace("CURL", str(shutil.which("curl"))))
    program.chmod(0o755)
    azure.settings.exec_path = (str(folder),)


async def test_a_wget_like_busyboxs_reads_and_tells_no_word(
    session: Session, group: ArmId, vault: ArmId, azure: Emulator, asked: Asked, tmp_path: Path
) -> None:
    like_busybox(azure, tmp_path)
    refused = await seen(session, group, azure, asked, "wget")
    await allow(session, group, vault)
    found = await seen(session, group, azure, asked, "wget")
    assert (refused, found) == (Seen("wget", 200, True, 403), Seen("wget", 200, True, 200))


async def test_a_wget_that_checks_no_certificate_gets_no_token(
    session: Session, group: ArmId, azure: Emulator, asked: Asked, tmp_path: Path
) -> None:
    like_busybox(azure, tmp_path, "wget: note: TLS certificate validation not implemented")
    found = await seen(session, group, azure, asked, "wget")
    tokens = [call for call in azure.calls.list() if call.surface == "identity"]
    assert (found, tokens) == (Seen("wget-unverified", 0, False), [])


async def test_a_status_of_the_vault_and_of_the_endpoint_is_told(
    session: Session, group: ArmId, azure: Emulator, asked: Asked
) -> None:
    azure.faults.next(method="GET", path="/secrets/sample", status=503)
    vaults = await seen(session, group, azure, asked, "wget")
    azure.faults.next(method="GET", path="/metadata/identity", status=429)
    endpoints = await seen(session, group, azure, asked, "wget")
    assert (vaults, endpoints) == (Seen("wget", 200, True, 503), Seen("wget", 429, False))


@pytest.mark.soak
async def test_az_signs_in_and_reads(
    session: Session, group: ArmId, vault: ArmId, azure: Emulator, asked: Asked
) -> None:
    azure.settings.exec_path = (str(ensure_installed(os.environ).parent),)
    with_az = ("az", "mktemp", "rm")
    refused = await seen(session, group, azure, asked, *with_az)
    await allow(session, group, vault)
    found = await seen(session, group, azure, asked, *with_az)
    other = await seen(session, group, azure, replace_url(asked, "other"), *with_az)
    foreign = await seen(session, group, azure, asked._replace(client_id=STRANGER), *with_az)
    assert (refused, found, other, foreign) == (
        Seen("az", 200, True, 403, "ForbiddenByPolicy"),
        Seen("az", 200, True, 200),
        Seen("az", 200, True, 404),
        Seen("az", 400, False),
    )


def replace_url(asked: Asked, name: str) -> Asked:
    return asked._replace(url=asked.url.replace("/sample", f"/{name}"))
