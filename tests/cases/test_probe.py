"""A probe's answers, and what is said of the grant: shells that answer what the test tells."""

from __future__ import annotations

import asyncio

import pytest

from cases.access import SYSTEM, a_vault, images
from cases.probes import (
    IDLE,
    POLICY,
    READ,
    REAL,
    allowing,
    begun,
    looked_at,
    looks,
    said,
    shows,
    told,
    warned,
)
from in_process.cluster import JsonObject
from in_process.scene import Scene, a_group, open_scene

UNKNOWN, PROVED = ("Unknown", "Propagating"), ("True", "Proved")


@pytest.mark.parametrize(
    ("answer", "early", "late"),
    [
        (POLICY, UNKNOWN, ("False", "ForbiddenByPolicy")),
        ("curl/200/1/403/ForbiddenByRbac", UNKNOWN, ("False", "ForbiddenByRbac")),
        ("az/200/1/403/ForbiddenByFirewall", *2 * [("False", "ForbiddenByFirewall")]),
        ("wget/200/1/403/", UNKNOWN, ("False", "ForbiddenByPolicy")),
        ("curl/200/1/404/", *2 * [("False", "ProbeSecretMissing")]),
        ("curl/200/1/403/SecretDisabled", *2 * [("False", "ProbeSecretMissing")]),
        ("curl/200/1/401/", UNKNOWN, ("False", "ProbeFailed")),
        ("curl/200/1/429/", UNKNOWN, ("False", "ProbeFailed")),
        ("curl/200/1//", UNKNOWN, ("False", "ProbeFailed")),
        ("curl/400///", UNKNOWN, ("False", "NoToken")),
        ("curl/429///", UNKNOWN, ("False", "NoToken")),
        ("curl/500///", UNKNOWN, ("False", "NoToken")),
        ("curl////", UNKNOWN, ("False", "NoToken")),
        ("none////", *2 * [("Unknown", "ProbeToolMissing")]),
        ("wget-unverified////", *2 * [("Unknown", "ProbeToolMissing")]),
        ("aci-pr#obe=curl=", UNKNOWN, ("Unknown", "ProbeFailed")),
        (READ, PROVED, PROVED),
    ],
)
async def test_an_answer_is_told_when_waiting_does_not_heal_it(
    answer: str, early: tuple[str, str], late: tuple[str, str]
) -> None:
    async with open_scene() as scene:
        shows(scene, answer)
        await begun(scene)
        await scene.run_for(45)
        first = said(scene)
        await scene.run_for(115)
        assert (first, said(scene)) == (early, late)
        assert warned(scene) == ([late[1]] if late != PROVED else [])


@pytest.mark.parametrize("tool", ["curl", "wget", "az"])
async def test_the_tool_that_was_found_is_told(tool: str) -> None:
    async with open_scene() as scene:
        shows(scene, f"{tool}/200/1/200/")
        await begun(scene)
        await scene.run_for(30)
        assert (said(scene), f"with {tool}, three times" in told(scene)) == (PROVED, True)


async def test_an_image_without_a_shell_is_told_with_the_way_out() -> None:
    async with open_scene() as scene:
        scene.groups.behave(REAL, programs=())
        await begun(scene)
        await scene.run_for(30)
        assert said(scene) == ("Unknown", "ProbeToolMissing")
        assert "leave spec.probe out, so that the settle time counts" in told(scene)


async def test_a_socket_that_is_cut_before_the_answer_is_none_and_after_it_is_one() -> None:
    async with open_scene() as scene:
        scene.groups.exec_shows(REAL, "# aci-probe=curl/200/1/2", cut=True)
        await begun(scene)
        await scene.run_for(200)
        before = said(scene)
        scene.groups.exec_shows(REAL, f"# aci-probe={READ}=\r\n", cut=True)
        await scene.run_for(90)
        assert (before, said(scene)) == (("Unknown", "ProbeFailed"), PROVED)


async def test_trouble_that_passes_turns_nothing_that_was_proved() -> None:
    async with open_scene() as scene:
        shows(scene, READ, READ, READ, "curl/500///", "curl/200/1/429/", "garbled", READ)
        await begun(scene)
        await scene.run_for(700)
        assert (said(scene), warned(scene)) == (PROVED, [])


async def test_trouble_that_stays_turns_what_was_proved() -> None:
    async with open_scene() as scene:
        shows(scene, READ, READ, READ, "curl////")
        await begun(scene)
        await scene.run_for(660)
        still = said(scene)
        await scene.run_for(100)
        assert (still, said(scene)) == (PROVED, ("False", "NoToken"))
        assert warned(scene) == ["NoToken"]


async def test_a_placeholder_without_a_tool_holds_its_group_until_the_probe_goes() -> None:
    async with open_scene() as scene:
        shows(scene, "none////", image=IDLE)
        await begun(scene, after=True)
        await scene.run_for(900)
        waiting = (scene.message("ContainerGroup", "it"), images(scene), warned(scene))
        grant = looked_at(scene)
        del grant["spec"]["probe"]
        scene.apply(grant)
        await scene.run_for(30)
        assert waiting == (
            "The containers are not started before these have effect: "
            "KeyVaultAccess reads (ProbeToolMissing).",
            [IDLE],
            ["ProbeToolMissing"],
        )
        assert (said(scene), images(scene)) == (("True", "Settled"), [IDLE, REAL])


async def test_a_container_that_lost_its_tools_leaves_what_was_proved_and_says_so() -> None:
    async with open_scene() as scene:
        shows(scene, READ, READ, READ, "none////")
        await begun(scene)
        await scene.run_for(3000)
        assert (said(scene), warned(scene)) == (PROVED, ["ProbeToolMissing"])
        assert "Nobody looks now: the container has none of curl" in told(scene)


async def test_a_windows_group_is_not_looked_at_and_the_settle_time_counts() -> None:
    async with open_scene() as scene:
        await begun(scene, osType="Windows")
        await scene.run_for(90)
        assert (said(scene), warned(scene), looks(scene)) == (
            ("True", "Settled"),
            ["ProbeNotRun"],
            0,
        )
        assert "docs/windows.md" in told(scene)


async def test_a_container_that_the_group_does_not_have_is_named() -> None:
    async with open_scene() as scene:
        await begun(scene, containers=[{"name": "web", **_IMAGE}])
        await scene.run_for(90)
        assert (said(scene), looks(scene)) == (("True", "Settled"), 0)
        assert "has no container app" in told(scene)


async def test_three_looks_prove_and_then_one_comes_each_poll_interval() -> None:
    async with open_scene() as scene:
        shows(scene, READ)
        await begun(scene)
        await scene.run_for(120)
        first, stored = looks(scene), version(scene)
        await scene.run_for(3600)
        assert (first, looks(scene)) == (3, 9)
        assert version(scene) == stored  # and nothing was written


async def test_who_asks_for_a_look_or_for_another_pace_gets_it() -> None:
    async with open_scene() as scene:
        shows(scene, READ)
        await begun(scene)
        await scene.run_for(60)
        scene.mark()
        scene.annotate("KeyVaultAccess", "reads", reconcile_requested_at="now")
        await scene.run_for(2)
        asked = looks(scene)
        grant = looked_at(scene)
        grant["spec"]["operator"] = {"pollInterval": "60s"}
        scene.apply(grant)
        await scene.run_for(630)
        assert (asked, 11 <= looks(scene) <= 15) == (1, True)


async def test_a_probe_without_the_permission_that_it_needs_is_not_run() -> None:
    async with open_scene() as scene:
        await begun(scene)
        grant = looked_at(scene)
        grant["spec"]["permissions"] = {"keys": ["get"], "secrets": ["list"]}
        scene.apply(grant)
        await scene.run_for(90)
        assert (said(scene), warned(scene), looks(scene)) == (
            ("True", "Settled"),
            ["ProbeNotRun"],
            0,
        )


async def test_a_firewall_is_warned_of_until_a_probe_tells() -> None:
    async with open_scene() as scene:
        shows(scene, READ)
        closed = {"defaultAction": "Deny", "bypass": "AzureServices", "ipRules": []}
        await a_vault(scene, networkAcls=closed)
        scene.apply(allowing(scene), looked_at(scene), a_group("it", identity=SYSTEM))
        await scene.run_for(60)
        scene.cluster.events.clear()
        scene.apply(looked_at(scene))
        await scene.run_for(1300)
        told_ = [reason for _, reason, _ in scene.events if "Firewall" in reason]
        assert (said(scene), told_) == (PROVED, [])


async def test_many_probes_take_turns_and_a_few_workers_alone() -> None:
    async with open_scene(workers=20) as scene:
        running: list[int] = []
        most = 0

        async def slow(group_id: str, line: str) -> str:
            nonlocal most
            running.append(1)
            most = max(most, len(running))
            for _ in range(20):
                await asyncio.sleep(0)
            running.pop()
            return f"# aci-probe={READ}=\r\n"

        scene.groups.exec_asks(REAL, slow)
        await begun(scene)
        for number in range(12):
            scene.apply(another(looked_at(scene), f"more-{number}"))
        await scene.run_for(300)
        names = ["reads", *(f"more-{number}" for number in range(12))]
        assert ({said(scene, name) for name in names}, most) == ({PROVED}, 4)


def version(scene: Scene) -> str:
    return str(scene.body("KeyVaultAccess", "reads")["metadata"]["resourceVersion"])


def another(grant: JsonObject, name: str) -> JsonObject:
    grant["metadata"]["name"] = name
    return grant


_IMAGE = {"image": REAL, "resources": {"requests": {"cpu": 1, "memoryInGB": 1}}}
