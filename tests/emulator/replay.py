"""Replays recorded traffic against a fresh emulator and says where the answers differ."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from azure_emulator.clock import Clock
from azure_emulator.emulator import Emulator
from azure_emulator.endpoints import VAULT_AUDIENCE
from azure_emulator.entra.directory import Principal
from azure_emulator.settings import Settings
from emulator.comparison import Names, compare_body, compare_headers

ARM = "https://management.azure.com"
_START = 1_790_000_000.0
_TENANTS = ("72f988bf-86f1-41af-91ab-2d7cd011db47", "54826b22-38d6-4fb2-bad9-b7b93a3e9c5a")


@dataclass
class Stage:
    """What a preparation may use: the emulator, the caller of all requests, the names."""

    azure: Emulator
    caller: Principal
    names: Names


@dataclass(frozen=True)
class Preparation:
    """What must be there before a recording's first request.

    `settings` are the emulator's; `before` is called once it runs. Resource groups that answer
    before they are made are made by themselves; the recorded tenant stands for ours.
    """

    settings: Callable[[], Settings] = Settings
    before: Callable[[Stage], None] = lambda stage: None
    changes: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    """Settings changed before an item is sent: each recorded group took a time of its own."""
    between: Mapping[int, Callable[[Stage], None]] = field(default_factory=dict)
    """What happened before an item in the recorded Azure, unrecorded."""


@dataclass(frozen=True)
class Finding:
    """One difference: the item's place in the recording, and where in its answer."""

    item: int
    path: str
    recorded: str = field(compare=False, default="")
    emulated: str = field(compare=False, default="")

    def __str__(self) -> str:
        return f"item {self.item}: {self.path}: recorded {self.recorded}, is {self.emulated}"


def load(path: Path) -> list[dict[str, Any]]:
    """Give a recording's exchanges, each with its place as `item`."""
    exchanges = json.loads(path.read_text())["interactions"]
    return [{**exchange, "item": place} for place, exchange in enumerate(exchanges)]


async def replay(
    exchanges: Sequence[dict[str, Any]], preparation: Preparation, out_of_scope: frozenset[int]
) -> list[Finding]:
    """Send each recorded request in order and compare the answers.

    Exchanges of another source file start with a fresh emulator. The clock follows the recorded
    dates. Items out of scope are not sent.
    """
    findings: list[Finding] = []
    for _, session in groupby(exchanges, key=lambda exchange: exchange.get("file")):
        sent = [exchange for exchange in session if exchange["item"] not in out_of_scope]
        findings += await _replay_session(sent, preparation)
    return findings


async def _replay_session(
    exchanges: Sequence[dict[str, Any]], preparation: Preparation
) -> list[Finding]:
    async with Emulator(preparation.settings(), clock=Clock(frozen_at=_START)) as azure:
        stage = _stage(azure)
        preparation.before(stage)
        context = ssl.create_default_context(cafile=str(azure.endpoints.ca_file))
        connector = aiohttp.TCPConnector(ssl=context)
        async with aiohttp.ClientSession(connector=connector) as http:
            session = _Session(stage, http)
            await session.make_groups(exchanges)
            findings = []
            for each in exchanges:
                azure.settings.change(preparation.changes.get(each["item"], {}))
                happened = preparation.between.get(each["item"])
                if happened is not None:
                    happened(stage)
                findings += await session.send(each)
            return findings


def _stage(azure: Emulator) -> Stage:
    caller = azure.create_service_principal("recorded-caller")
    for subscription in azure.settings.subscription_ids:
        azure.assign_role(caller.oid, "Owner", f"/subscriptions/{subscription}")
    names = Names()
    names.learn(ARM, azure.endpoints.resource_manager)
    for tenant in _TENANTS:
        names.learn(tenant, azure.settings.tenant_id)
    return Stage(azure, caller, names)


class _Session:
    def __init__(self, stage: Stage, http: aiohttp.ClientSession) -> None:
        self._stage = stage
        self._http = http
        self._recorded_at: datetime | None = None

    async def send(self, exchange: Mapping[str, Any]) -> list[Finding]:
        """Send one request and compare its answer."""
        recorded = exchange["response"]
        self._follow_clock(recorded["headers"])
        request = self._stage.names.translate(exchange["request"])
        url = urlsplit(request["uri"])
        if url.hostname != "127.0.0.1":
            return [Finding(exchange["item"], "host", str(url.hostname), "not known")]
        status, headers, body = await self._call(request, recorded["status"] != 401)
        differences = list(self._differences(exchange, status, headers, body))
        return [Finding(exchange["item"], *difference) for difference in differences]

    def _differences(
        self, exchange: Mapping[str, Any], status: int, headers: Mapping[str, str], body: Any
    ) -> Iterator[tuple[str, str, str]]:
        recorded, names = exchange["response"], self._stage.names
        if status != recorded["status"]:
            yield "status", str(recorded["status"]), f"{status} {json.dumps(body)[:300]}"
            return
        yield from compare_headers(recorded["headers"], headers, names)
        trimmed = "trimmed" in recorded
        yield from compare_body(recorded["body"], body, names, trimmed=trimmed)

    async def _call(
        self, request: Mapping[str, Any], with_token: bool
    ) -> tuple[int, Mapping[str, str], Any]:
        arm = request["uri"].startswith(self._stage.azure.endpoints.resource_manager)
        audience = ARM if arm else VAULT_AUDIENCE
        token = self._stage.azure.token(self._stage.caller, audience)
        headers = {"Authorization": f"Bearer {token}"} if with_token else {}
        url = URL(request["uri"], encoded=True)
        async with self._http.request(
            request["method"], url, json=request.get("body"), headers=headers
        ) as response:
            raw = await response.read()
            return response.status, response.headers, json.loads(raw) if raw else None

    async def make_groups(self, exchanges: Sequence[Mapping[str, Any]]) -> None:
        """Make the resource groups that the recording takes for granted."""
        made: set[str] = set()
        for exchange in exchanges:
            parts = urlsplit(exchange["request"]["uri"]).path.split("/")
            if len(parts) < 5 or parts[3].lower() != "resourcegroups":
                continue
            group, own = parts[4].lower(), len(parts) == 5
            is_made = own and exchange["request"]["method"] == "PUT"
            if not is_made and group not in made and not _says_missing(exchange):
                shown = exchange["response"]["body"] if own else None
                await self._make_group("/".join(parts[:5]), shown or {})
            made.add(group)

    async def _make_group(self, group_id: str, shown: Mapping[str, Any]) -> None:
        arm = self._stage.azure.endpoints.resource_manager
        request = {
            "method": "PUT",
            "uri": f"{arm}{group_id}?api-version=2019-07-01",
            "body": {
                "location": shown.get("location", "westus"),
                "tags": shown.get("tags", {}),
            },
        }
        status, _, body = await self._call(request, True)
        assert status in (200, 201), body

    def _follow_clock(self, headers: Mapping[str, str]) -> None:
        if "date" not in headers:
            return
        now = parsedate_to_datetime(headers["date"])
        if self._recorded_at is not None and now > self._recorded_at:
            self._stage.azure.clock.advance((now - self._recorded_at).total_seconds())
        self._recorded_at = now


def _says_missing(exchange: Mapping[str, Any]) -> bool:
    body = exchange["response"]["body"]
    code = (body or {}).get("error", {}).get("code") if isinstance(body, dict) else None
    head = exchange["request"]["method"] == "HEAD" and exchange["response"]["status"] == 404
    return head or code == "ResourceGroupNotFound"
