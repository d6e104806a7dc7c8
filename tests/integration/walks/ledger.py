"""What was written to Azure, by whose resource it was."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from azure_emulator.calls import Call, is_write
from azure_emulator.emulator import Emulator


class Ledger:
    """Counts accepted writes, and keeps the last body of each PUT, by path in lower case."""

    def __init__(self, azure: Emulator) -> None:
        self._accepted: Counter[str] = Counter()
        self._deleted: Counter[str] = Counter()
        self._owners: dict[str, str] = {}
        """Path of a role assignment -> the object that it was made for."""
        self._bodies: dict[str, Any] = {}
        self._azure = azure
        azure.calls.watchers.append(self._take)

    def _take(self, call: Call) -> None:
        if not is_write(call) or call.status >= 300:
            return
        path = call.path.partition("?")[0].lower()
        if "/roleassignments/" in path and call.method == "PUT":
            self._owners[path] = owner_of(call.body["properties"])
        self._accepted[path] += 1
        self._deleted[path] += call.method == "DELETE"
        if call.method == "PUT":
            self._bodies[path] = call.body

    def writes(self, token: str) -> int:
        """Count the accepted writes to what has that word in its path, or names it as its owner."""
        return sum(
            times
            for path, times in self._accepted.items()
            if token in path or self._owners.get(path) == token
        )

    def deletes(self, token: str) -> int:
        """Count the accepted deletions of what has that name."""
        return sum(n for path, n in self._deleted.items() if path.endswith(f"/{token}"))

    def body(self, token: str) -> Any:
        """Give the body of the last PUT whose path ends in that word; None if there was none."""
        ends = [body for path, body in self._bodies.items() if path.endswith(f"/{token}")]
        return ends[-1] if ends else None

    def own_state(self, token: str) -> dict[str, dict[str, Any]]:
        """Give all that Azure holds with that word in its ID, but what containers do meanwhile;
        and the role assignments that name it as their owner."""
        held = {
            section: {
                i.lower(): without(VIEWS, b)
                for i, b in bodies.items()
                if token in i.lower() or _owner(section, b) == token
            }
            for section, bodies in self._azure.state().items()
        }
        return {section: bodies for section, bodies in held.items() if bodies}


def owner_of(properties: Mapping[str, Any]) -> str:
    """Give the object that an assignment's description names as its owner; empty without one."""
    mark = re.match(r"[^/\s:]+/[^/\s:]+/([^/\s:]+)(: |$)", properties.get("description") or "")
    return mark[1] if mark else ""


def _owner(section: str, body: Mapping[str, Any]) -> str:
    return owner_of(body["properties"]) if section == "roleAssignments" else ""


VIEWS = ("instanceView", "provisioningState")
NAMES = (
    *(
        "id",
        "name",
        "principalId",
        "principalType",
        "clientId",
        "ip",
        "fqdn",
        "vaultUri",
        "kid",
        "scope",
    ),
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
        if "extensions" in found:  # named, in no order
            found["extensions"].sort(key=repr)
        return {n: v for n, v in found.items() if v or (v == 0 and v is not False)}
    return [meant(each) for each in value] if isinstance(value, list) else value


def without(members: tuple[str, ...], value: Any) -> Any:
    """Copy JSON without those members, at any depth."""
    if isinstance(value, dict):
        return {n: without(members, v) for n, v in value.items() if n not in members}
    if isinstance(value, list):
        return [without(members, each) for each in value]
    return value
