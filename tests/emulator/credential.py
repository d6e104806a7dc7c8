"""What Microsoft's own clients ask for a token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from azure.core.credentials import AccessToken

FAR = 4_000_000_000
"""When a token ends, by its own word: not while a test runs."""


class Credential:
    """Gives what `issue` makes for an audience, and keeps who asked: scope and tenant."""

    def __init__(self, issue: Callable[[str], str]) -> None:
        self._issue = issue
        self.asked: list[tuple[str, str | None]] = []

    async def get_token(self, *scopes: str, tenant_id: str | None = None, **_: Any) -> AccessToken:
        self.asked.append((scopes[0], tenant_id))
        return AccessToken(self._issue(scopes[0].removesuffix("/.default")), FAR)

    async def close(self) -> None:
        pass

    async def __aenter__(self) -> Credential:
        return self

    async def __aexit__(self, *_: Any) -> None:
        pass
