"""Who asks: credentials by which the proxy knows a container."""

from __future__ import annotations

import secrets

_MOST = 1000


class Passes:
    """Passwords for the proxy, each for one container group."""

    def __init__(self) -> None:
        self._groups: dict[str, str] = {}

    def issue(self, group_id: str) -> str:
        """Make a password for a container group; raises RuntimeError when 1,000 are out."""
        if len(self._groups) >= _MOST:
            raise RuntimeError("too many containers are known to the proxy")
        password = secrets.token_hex(16)
        self._groups[password] = group_id
        return password

    def withdraw(self, password: str) -> None:
        """Forget a password."""
        self._groups.pop(password, None)

    def group_of(self, password: str) -> str | None:
        """Give the container group that a password was made for."""
        return self._groups.get(password)
