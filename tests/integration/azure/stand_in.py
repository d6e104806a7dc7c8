"""A TLS server that says what it is told."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from azure_emulator.emulator import Emulator


class StandIn:
    """Stands for ARM, Entra or a vault; remembers what it was asked: method, URL, token."""

    def __init__(self, azure: Emulator) -> None:
        self.asked: list[tuple[str, str, str]] = []
        self.answers: list[web.Response] = []
        self.url = f"https://127.0.0.1:{azure.cloud.listeners.serve(self._answer, tls=True)}"

    def say(self, body: Any, status: int = 200, **headers: str) -> None:
        """Order the next answer: JSON, or bytes as they are."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.append(
            web.Response(
                body=content, status=status, headers={"Content-Type": "application/json", **named}
            )
        )

    async def _answer(self, request: web.BaseRequest) -> web.Response:
        token = request.headers.get("Authorization", "")
        self.asked.append((request.method, str(request.rel_url), token))
        await request.read()
        return self.answers.pop(0)
