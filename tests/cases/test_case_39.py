"""Case 39, confidential groups: the policy is the user's, Azure's own, or refused by name."""

from __future__ import annotations

from typing import Any

import pytest

from in_process.scene import a_group, container, open_scene, source

POLICY = "cGFja2FnZSBwb2xpY3k="
FIELD = "spec.confidentialComputeProperties.ccePolicy"
DENIED = "container creation denied by policy: deviceHash not found"
DIGEST = "alpine@sha256:" + "0" * 64


def confidential(policy: str | None, image: str = DIGEST, **spec: Any) -> dict[str, Any]:
    given = {} if policy is None else {"confidentialComputeProperties": {"ccePolicy": policy}}
    return a_group(
        **{"sku": "Confidential", "containers": [container(image=image)], **given, **spec}
    )


@pytest.mark.parametrize(
    ("group", "reason"),
    [
        (confidential(""), "EmptyCcePolicy"),
        (confidential("no base64!"), "InvalidCcePolicy"),
        (confidential(POLICY, sku="Standard"), "PolicyWithoutConfidentialSku"),
    ],
)
async def test_case_39_a_policy_that_cannot_be_is_refused_before_azure_is_asked(
    group: dict[str, Any], reason: str
) -> None:
    async with open_scene() as scene:
        scene.mark()
        scene.apply(group)
        await scene.run_for(1000)
        found = scene.conditions("ContainerGroup", "it")
        assert (found["Ready"], found["Stalled"]) == (("False", reason), ("True", reason))
        assert scene.message("ContainerGroup", "it").startswith(f"{FIELD}: ")
        assert [e[:2] for e in scene.events if e[1] == reason] == [("Warning", reason)]
        assert scene.writes() == []


def from_a_secret() -> dict[str, Any]:
    group = confidential(None)
    policy = {"ccePolicyFrom": source("policy")}
    return {**group, "spec": {**group["spec"], "confidentialComputeProperties": policy}}


async def test_case_39_a_policy_from_a_secret_is_sent_and_what_azure_shows_of_it_is_no_drift() -> (
    None
):
    async with open_scene() as scene:
        scene.secret("policy", value=f"{POLICY}\n")
        scene.apply(from_a_secret())
        await scene.run_for(1800)
        (body,) = scene.bodies()
        assert body["properties"]["confidentialComputeProperties"] == {"ccePolicy": POLICY}
        assert scene.conditions("ContainerGroup", "it")["Synced"] == ("True", "InSync")


@pytest.mark.parametrize(
    ("value", "reason"), [("\n", "EmptyCcePolicy"), ("no base64!", "InvalidCcePolicy")]
)
async def test_case_39_a_policy_of_a_secret_that_cannot_be_is_refused_and_not_shown(
    value: str, reason: str
) -> None:
    async with open_scene() as scene:
        scene.secret("policy", value=value)
        scene.apply(from_a_secret())
        await scene.settle()
        assert scene.conditions("ContainerGroup", "it")["Stalled"] == ("True", reason)
        field = "spec.confidentialComputeProperties.ccePolicyFrom.secretKeyRef"
        told = scene.message("ContainerGroup", "it")
        assert told.startswith(f"{field}: the value of key value of Secret policy: it is ")
        assert (scene.writes(), "no base64!" in told) == ([], False)


async def test_case_39_without_a_policy_none_is_sent_and_azure_s_own_is_no_drift() -> None:
    async with open_scene() as scene:
        scene.apply(confidential(None))
        await scene.settle()
        (body,) = scene.bodies()
        assert "confidentialComputeProperties" not in body["properties"]
        scene.drift("it", confidentialComputeProperties={"ccePolicy": POLICY})
        scene.mark()
        await scene.run_for(1800)
        found = scene.conditions("ContainerGroup", "it")
        assert (scene.writes(), "Drifted" in found) == ([], False)


async def test_case_39_an_image_by_its_tag_is_warned_of_once_and_applied() -> None:
    async with open_scene() as scene:
        scene.apply(confidential(POLICY, image="alpine:3"))
        await scene.run_for(1800)
        told = [e[:2] for e in scene.events if e[1] == "PolicyNeedsDigest"]
        assert told == [("Warning", "PolicyNeedsDigest")]
        assert scene.conditions("ContainerGroup", "it")["Ready"] == ("True", "Running")


async def test_case_39_an_image_that_the_policy_denies_is_stalled() -> None:
    async with open_scene() as scene:
        scene.groups.behave(start_fails=DENIED)
        scene.apply(confidential(POLICY))
        await scene.settle()
        found = scene.conditions("ContainerGroup", "it")
        denied = ("False", "PolicyMismatch")
        assert (found["ContainersHealthy"], found["Ready"]) == (denied, denied)
        assert found["Stalled"] == ("True", "PolicyMismatch")
        assert DENIED in scene.message("ContainerGroup", "it")


async def test_case_39_a_privileged_container_of_another_sku_is_warned_of() -> None:
    privileged = container(securityContext={"privileged": True})
    async with open_scene() as scene:
        scene.apply(a_group(containers=[privileged]))
        await scene.settle()
        told = [e[:2] for e in scene.events if e[1] == "PrivilegedNeedsConfidential"]
        assert told == [("Warning", "PrivilegedNeedsConfidential")]
        assert scene.conditions("ContainerGroup", "it")["Ready"] == ("True", "Running")
