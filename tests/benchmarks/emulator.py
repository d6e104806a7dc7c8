"""How fast the emulated Azure answers a client in another process: figures, no verdict.

`python -m benchmarks.emulator` (with `operator` and `tests` on the path).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import ssl
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

GROUPS, CLIENTS, LISTED = 2_000, 64, 5_000
_OPERATOR = Path(__file__).parents[2] / "operator"
_ARM = "https://management.azure.com"
_VERSION = "2025-09-01"
_BODY = {
    "location": "westus",
    "properties": {
        "osType": "Linux",
        "containers": [
            {
                "name": "one",
                "properties": {
                    "image": "mcr.microsoft.com/azure-cli:latest",
                    "resources": {"requests": {"cpu": 1, "memoryInGB": 1.5}},
                },
            }
        ],
    },
}
_NO_LIMITS = {
    "container_writes_per_hour": 10**6,
    "container_writes_per_5m": 10**6,
    "container_groups_quota": 10**6,
    "container_cores_quota": 10**6,
}


@dataclass
class Azure:
    """A running emulator, and a session that trusts it."""

    http: aiohttp.ClientSession
    ready: dict[str, Any]
    pid: int
    token: str = ""

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        """Call ARM and read the whole answer; raises on an error's status."""
        headers = {"Authorization": f"Bearer {self.token}"}
        url = self.ready["resourceManager"] + path
        async with self.http.request(method, url, json=body, headers=headers) as response:
            raw = await response.read()
            assert response.status < 300, raw
            return json.loads(raw)

    async def sign_in(self) -> None:
        """Get a token as the owner."""
        url = f"{self.ready['activeDirectory']}/{self.ready['tenantId']}/oauth2/v2.0/token"
        form = {
            "grant_type": "client_credentials",
            "client_id": self.ready["clientId"],
            "client_secret": self.ready["clientSecret"],
            "scope": f"{_ARM}/.default",
        }
        async with self.http.post(url, data=form) as response:
            self.token = (await response.json())["access_token"]


@contextlib.asynccontextmanager
async def running() -> AsyncIterator[Azure]:
    """Start the emulator as another process."""
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder, "ready.json")
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "azure_emulator", "--ready-file", str(ready)),
            env={**os.environ, "PYTHONPATH": str(_OPERATOR)},
            stdout=asyncio.subprocess.DEVNULL,
        )
        try:
            while not await asyncio.to_thread(ready.exists):
                assert process.returncode is None, "the emulator did not start"
                await asyncio.sleep(0.05)
            described = json.loads(await asyncio.to_thread(ready.read_text))
            context = ssl.create_default_context(cafile=described["caFile"])
            connector = aiohttp.TCPConnector(ssl=context, limit=CLIENTS)
            async with aiohttp.ClientSession(connector=connector) as http:
                azure = Azure(http, described, process.pid)
                await azure.sign_in()
                yield azure
        finally:
            process.terminate()
            await process.wait()


async def create(azure: Azure, path: str, first: int, count: int) -> list[float]:
    """Create groups by all clients at once; gives each request's seconds."""
    numbers, seconds = iter(range(first, first + count)), []

    async def client() -> None:
        for number in numbers:
            begun = time.perf_counter()
            name = f"g{number:05}"
            await azure.call("PUT", f"{path}/{name}?api-version={_VERSION}", _BODY)
            seconds.append(time.perf_counter() - begun)

    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return seconds


async def measure() -> None:
    """Print the figures."""
    async with running() as azure:
        group = f"/subscriptions/{azure.ready['subscriptionId']}/resourceGroups/bench"
        await azure.call("PUT", f"{group}?api-version=2025-04-01", {"location": "westus"})
        async with azure.http.put(azure.ready["control"] + "/settings", json=_NO_LIMITS) as told:
            assert told.status == 200
        path = f"{group}/providers/Microsoft.ContainerInstance/containerGroups"
        begun = time.perf_counter()
        seconds = await create(azure, path, 0, GROUPS)
        whole = time.perf_counter() - begun
        speed = f"{whole:.1f} s, {GROUPS / whole:,.0f}/s"
        print(f"{GROUPS:,} groups created by {CLIENTS} clients: {speed}")
        shares = statistics.quantiles(seconds, n=100)
        print(
            f"  a create: median {shares[49] * 1000:.0f} ms, 99th of 100 {shares[98] * 1000:.0f} ms"
        )
        await create(azure, path, GROUPS, LISTED - GROUPS)
        lists = []
        for _ in range(5):
            begun = time.perf_counter()
            listed = await azure.call("GET", f"{path}?api-version={_VERSION}")
            lists.append(time.perf_counter() - begun)
            assert len(listed["value"]) == LISTED
        print(f"a list of {LISTED:,}: median of five {statistics.median(lists) * 1000:.0f} ms")


if __name__ == "__main__":
    asyncio.run(measure())
