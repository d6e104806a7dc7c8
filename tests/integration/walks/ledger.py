"""What was written to Azure, by whose resource it was."""

from __future__ import annotations

from collections import Counter
from typing import Any

from azure_emulator.calls import Call, is_write
from azure_emulator.emulator import Emulator


class Ledger:
    """Counts accepted writes, and keeps the last body of each PUT, by path in lower case."""

    def __init__(self, azure: Emulator) -> None:
        self._accepted: Counter[str] = Counter()
        self._bodies: dict[str, Any] = {}
        self._azure = azure
        azure.calls.watchers.append(self._take)

    def _take(self, call: Call) -> None:
        if not is_write(call) or call.status >= 300:
            return
        path = call.path.partition("?")[0].lower()
        self._accepted[path] += 1
        if call.method == "PUT":
            self._bodies[path] = call.body

    def writes(self, token: str) -> int:
        """Count the accepted writes to what has that word in its path."""
        return sum(times for path, times in self._accepted.items() if token in path)

    def body(self, token: str) -> Any:
        """Give the body of the last PUT whose path ends in that word; None if there was none."""
        ends = [body for path, body in self._bodies.items() if path.endswith(f"/{token}")]
        return ends[-1] if ends else None

    def own_state(self, token: str) -> dict[str, dict[str, Any]]:
        """Give all that Azure holds with that word in its ID, but what containers do meanwhile."""
        held = {
            section: {i.lower(): without(VIEWS, b) for i, b in bodies.items() if token in i.lower()}
            for section, bodies in self._azure.state().items()
        }
        return {section: bodies for section, bodies in held.items() if bodies}


VIEWS = ("instanceView", "provisioningState")
NAMES = (
    *("id", "name", "principalId", "clientId", "ip", "fqdn", "vaultUri", "kid", "scope"),
    *("systemData", "created", "updated", "createdOn", "updatedOn", "attributes", "description"),
)
"""What differs between two resources that were made alike."""


DEFAULTS = (
    ("isolationScope", "None"),
    *(("restartPolicy", "Always"), ("protocol", "TCP"), ("sku", "Standard")),
    ("priority", "Regular"),
)
"""What Azure shows only to whom has written it, and does anyway (azure.md section 4)."""


def meant(value: Any) -> Any:
    """Copy JSON without what means nothing: empty and false members, and defaults."""
    if isinstance(value, dict):
        found = {n: meant(v) for n, v in value.items() if (n, v) not in DEFAULTS}
        return {n: v for n, v in found.items() if v or (v == 0 and v is not False)}
    return [meant(each) for each in value] if isinstance(value, list) else value


def without(members: tuple[str, ...], value: Any) -> Any:
    """Copy JSON without those members, at any depth."""
    if isinstance(value, dict):
        return {n: without(members, v) for n, v in value.items() if n not in members}
    if isinstance(value, list):
        return [without(members, each) for each in value]
    return value
