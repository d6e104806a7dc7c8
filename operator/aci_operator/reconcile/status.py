"""The status that a pass builds in memory and that is written once, if it changed."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from aci_operator.api.conditions import Condition, merge


class StatusBuilder:
    """Starts as the stored status; a pass sets fields and says conditions."""

    def __init__(self, stored: Mapping[str, Any]) -> None:
        self._before = list(stored.get("conditions") or ())
        self.fields: dict[str, Any] = deepcopy(
            {k: v for k, v in stored.items() if k not in ("conditions", "observedGeneration")}
        )
        self._said: dict[str, Condition] = {}
        self._generation: int = stored.get("observedGeneration", -1)
        self._frozen = False

    def set(self, **fields: Any) -> None:
        """Set fields; None or an empty value takes the field out."""
        for name, value in fields.items():
            if value is None or value in ({}, [], ""):
                self.fields.pop(name, None)
            else:
                self.fields[name] = value

    def say(self, type_: str, status: str, reason: str, message: str) -> None:
        """Say one condition for this pass."""
        self._said[type_] = Condition(type_, status, reason, message)

    def unsay(self, type_: str) -> None:
        """Take a condition back, also one that stood there before."""
        self._said.pop(type_, None)
        self._before = [condition for condition in self._before if condition["type"] != type_]

    def freeze(self) -> None:
        """Keep summary and observed generation as they were: this pass does not judge."""
        self._frozen = True

    def stored(self, status: Mapping[str, Any]) -> None:
        """Take note of a write in the middle of a pass: later transitions count from there."""
        self._before = list(status["conditions"])

    def build(self, generation: int, now: datetime) -> dict[str, Any]:
        """Give the whole status as it is to be stored."""
        said = self._said.values()
        conditions = merge(self._before, said, generation, now, frozen=self._frozen)
        observed = self._generation if self._frozen else generation
        return {**self.fields, "observedGeneration": observed, "conditions": conditions}
