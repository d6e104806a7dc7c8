"""Case 34, files of a secret volume: base64 exactly once, and a value stands nowhere else.

That a file's name with a slash is refused at admission too is tested with the CRDs.
"""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from in_process.scene import Scene, a_group, container, open_scene, source

PEM = b"-----BEGIN CERTIFICATE-----\nTUlJ\n-----END CERTIFICATE-----\n"
CANARY = "canary-4f1c9a"
CERTS = {"name": "certs", "secret": {"tls.crt": source("tls", "crt"), "tls.key": source("tls")}}
CONFIG = {"name": "config", "secret": {"app.json": source("tls", "json")}}
MOUNTS = [
    {"name": "certs", "mountPath": "/etc/vol-secrets"},
    {"name": "config", "mountPath": "/etc/config"},
]
VALUES: dict[str, bytes] = {
    "PEM": PEM,
    "every byte": bytes(range(256)),
    "empty": b"",
    "looks like base64": base64.b64encode(b"once"),
    "a line's end": b"value\n",
}


def with_volumes(*volumes: dict[str, Any], mounts: list[dict[str, Any]]) -> dict[str, Any]:
    return a_group(containers=[container(volumeMounts=mounts)], volumes=list(volumes))


async def arrived(scene: Scene, value: bytes) -> str:
    """Send a value as a file; give what stands in the body for it."""
    scene.secret("tls", value=value)
    volume = {"name": "certs", "secret": {"file": source("tls")}}
    scene.apply(with_volumes(volume, mounts=MOUNTS[:1]))
    await scene.settle()
    ((sent,),) = [body["properties"]["volumes"] for body in scene.bodies()]
    return str(sent["secret"]["file"])


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
async def test_case_34_a_file_arrives_as_it_is_in_the_secret(value: bytes) -> None:
    async with open_scene() as scene:
        assert await arrived(scene, value) == base64.b64encode(value).decode()


async def test_case_34_two_volumes_and_two_mounts_are_sent() -> None:
    async with open_scene() as scene:
        scene.secret("tls", crt=PEM, value=b"key", json=b"{}")
        scene.apply(with_volumes(CERTS, CONFIG, mounts=MOUNTS))
        await scene.settle()
        properties = scene.bodies()[0]["properties"]
        encoded = {"tls.crt": base64.b64encode(PEM).decode(), "tls.key": "a2V5"}
        assert properties["volumes"] == [
            {"name": "certs", "secret": encoded},
            {"name": "config", "secret": {"app.json": "e30="}},
        ]
        assert properties["containers"][0]["properties"]["volumeMounts"] == MOUNTS


async def test_case_34_a_value_stands_in_bodies_alone(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    entry = {"name": "TOKEN", "secureValueFrom": source("tls")}
    group = with_volumes(CERTS, mounts=MOUNTS[:1])
    group["spec"]["containers"][0]["environmentVariables"] = [entry]
    echoing = {"method": "PUT", "path": "containerGroups/it", "status": 400, "times": 1}
    async with open_scene(faults=[{**echoing, "message": f"Bad value '{CANARY}'."}]) as scene:
        scene.secret("tls", crt=PEM, value=CANARY)
        scene.apply(group)
        await scene.run_for(7200)
        scene.secret("tls", crt=PEM, value=f"{CANARY}-2")
        await scene.run_for(7200)
        assert scene.conditions("ContainerGroup", "it")["Ready"] == ("True", "Running")
        assert len([body for body in scene.bodies() if CANARY in json.dumps(body)]) == 3
        told = [scene.object("ContainerGroup", "it"), scene.events, caplog.text]
        words = (CANARY, base64.b64encode(CANARY.encode()).decode()[:12])
        assert [word for word in words for each in told if word in json.dumps(each)] == []


@pytest.mark.parametrize("section", ["secret", "secretReference"])
async def test_case_34_a_file_that_would_lie_elsewhere_is_refused_before_azure_is_asked(
    section: str,
) -> None:
    async with open_scene() as scene:
        value = source("tls") if section == "secret" else "ref"
        volume = {"name": "certs", section: {"../passwd": value}}
        scene.apply(with_volumes(volume, mounts=MOUNTS[:1]))
        await scene.settle()
        message = scene.message("ContainerGroup", "it")
        said = scene.conditions("ContainerGroup", "it")["Stalled"]
        assert (said, scene.calls()) == (("True", "PathNotAllowed"), [])
        words = (f"spec.volumes[certs].{section}[../passwd]", "no slash", "Rename it")
        assert [word in message for word in words] == [True, True, True]
