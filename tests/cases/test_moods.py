"""What Azure refuses for now: the reason, how often it is asked, and that it heals by itself."""

from __future__ import annotations

import pytest

from in_process.scene import a_group, open_scene

HOUR = 3600.0
PENDING = "Response: 'is new, but resource already exists'. Status: 'Conflict'."
LABEL = "The DNS name label 'x' in container group 'it' not available. Try using a different label."
QUOTA = "container group quota 'StandardCores' exceeded. Limit: '10', Usage: '10' Requested: '1'."
MOODS = [
    (400, "ContainerGroupQuotaReached", QUOTA, "QuotaExceeded", False, (6, 7)),
    (
        409,
        "ServiceUnavailable",
        "Quota 'ContainerGroups', Limit '0'.",
        "QuotaExceeded",
        False,
        (6, 7),
    ),
    (409, "ServiceUnavailable", "Not available.", "CapacityUnavailable", False, (11, 17)),
    (409, "RegistryErrorResponse", "Retry later.", "RegistryUnavailable", False, (11, 18)),
    (400, "InaccessibleImage", "Not accessible.", "ImageInaccessible", True, (10, 15)),
    (
        400,
        "FailedIdentityOperation",
        "Status: 'BadRequest'.",
        "WaitingForPrincipal",
        True,
        (12, 18),
    ),
    (409, "FailedIdentityOperation", PENDING, "Conflict", False, (15, 30)),
    (400, "AnyCode", LABEL, "DnsLabelTaken", False, (12, 13)),
    (500, "InternalServerError", "", "AzureUnavailable", False, (12, 24)),
    (400, "InvalidOsType", "", "RejectedByAzure", True, (6, 7)),
]


@pytest.mark.parametrize(("status", "code", "message", "reason", "stalls", "tries"), MOODS)
async def test_a_mood_is_told_asked_at_its_pace_and_heals(
    status: int, code: str, message: str, reason: str, stalls: bool, tries: tuple[int, int]
) -> None:
    fault = {"method": "PUT", "path": "containerGroups/it", "status": status, "code": code}
    async with open_scene(faults=[{**fault, "message": message, "times": 9999}]) as scene:
        scene.apply(a_group())
        await scene.run_for(HOUR)
        found = scene.conditions("ContainerGroup", "it")
        assert (found["Ready"], "Stalled" in found) == (("False", reason), stalls)
        least, most = tries
        assert least <= len(scene.writes()) <= most
        assert message in scene.message("ContainerGroup", "it")
        scene.azure.faults.clear()
        await scene.run_for(1100)
        assert scene.conditions("ContainerGroup", "it")["Ready"] == ("True", "Running")


async def test_the_numbers_of_a_quota_stand_in_the_message() -> None:
    async with open_scene(knobs={"container_cores_quota": 0}) as scene:
        scene.apply(a_group())
        await scene.settle()
        numbers = (
            "'StandardCores' exceeded in region 'eastus'. Limit: '0', Usage: '0' Requested: '1'."
        )
        assert numbers in scene.message("ContainerGroup", "it")
