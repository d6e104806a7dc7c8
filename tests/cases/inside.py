"""What a probe's line does in a container, done by the test: no shell is started."""

from __future__ import annotations

import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from cases.access import VAULTS
from cases.probes import IDLE, REAL
from in_process.scene import Scene

WORD = re.compile("ForbiddenBy[A-Za-z]+")
SECRET = "hush-hush"


class Inside:
    """Requests as from inside a group's containers, and how each ended."""

    def __init__(self, scene: Scene, http: aiohttp.ClientSession) -> None:
        self._scene = scene
        self._http = http
        self.seen: list[str] = []
        """Of each look: the image that runs, and the vault's status, or the endpoint's."""

    async def __call__(self, group_id: str, line: str) -> str:
        """Answer as the line would with curl."""
        asked, secret = (self._url(line, name) for name in ("u", "s"))
        endpoint = await self._scene.azure.identity_endpoint(group_id)
        url = asked.replace("http://169.254.169.254", endpoint)
        try:
            status, body = await self._get(url, Metadata="true")
        except aiohttp.ClientError:
            return self._answer(group_id, "///")
        token = re.search('"access_token": *"([^"]*)"', body)
        if token is None:
            return self._answer(group_id, f"{status}///")
        read, told = await self._get(secret, Authorization=f"Bearer {token[1]}")
        word = WORD.search(told)
        return self._answer(group_id, f"200/1/{read}/{word[0] if word else ''}")

    def _answer(self, group_id: str, answer: str) -> str:
        body: Any = self._scene.azure.state()["containerGroups"][group_id]
        image = body["properties"]["containers"][0]["properties"]["image"]
        self.seen.append(f"{'real' if image == REAL else 'placeholder'} {answer.split('/')[2]}")
        return f"# aci-probe=curl/{answer}=\r\n"

    def _url(self, line: str, name: str) -> str:
        found = re.search(f" {name}='([^']*)'", line)
        assert found is not None, line
        return found[1]

    async def _get(self, url: str, **headers: str) -> tuple[int, str]:
        async with self._http.get(url, headers=headers) as response:
            return response.status, await response.text()


@asynccontextmanager
async def inside(scene: Scene) -> AsyncIterator[Inside]:
    """Have the placeholder's and the real group's shells do what is typed, without a process."""
    context = ssl.create_default_context(cafile=str(scene.azure.endpoints.ca_file))
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=context)) as http:
        doing = Inside(scene, http)
        for image in (IDLE, REAL):
            scene.groups.exec_asks(image, doing)
        yield doing


async def a_secret(scene: Scene, *, rbac: bool = False) -> None:
    """Have somebody write the secret, who may do it by a policy or a role of his own."""
    vault = scene.arm_id("vault-one", VAULTS)
    me = {"tenantId": scene.stranger.tenant_id, "objectId": scene.stranger_id}
    if rbac:
        scene.azure.assign_role(scene.stranger_id, "Key Vault Secrets Officer", vault)
    else:
        entry = {**me, "permissions": {"secrets": ["set"]}}
        await scene.stranger.vaults.add_policies(vault, [entry])
    uri = (await scene.stranger.vaults.get(vault))["properties"]["vaultUri"]
    scene.azure.clock.advance(700)
    await scene.stranger.secrets(uri).set("sample", SECRET)
