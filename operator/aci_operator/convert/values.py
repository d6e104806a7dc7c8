"""What an expression of a template gives when it does not give plain JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = Any

SUBSCRIPTION = "\ue000subscription\ue001"
RESOURCE_GROUP = "\ue000resource group\ue001"
LOCATION = "\ue000location\ue001"
TENANT = "\ue000tenant\ue001"
"""Stand for what the place of a deployment would say and nobody has said here. They hold
characters of Unicode's private use, so no text of a template is taken for one of them."""

WAYS_OUT = {
    SUBSCRIPTION: "give --resource-group as an ARM ID",
    RESOURCE_GROUP: "give --resource-group as an ARM ID",
    LOCATION: "give --location",
    TENANT: "give --tenant",
}


class Refusal(Exception):
    """An expression that is not evaluated here; the text says which part and the way out."""


@dataclass(frozen=True)
class Refused:
    """Stands in a resource where an expression was refused."""

    reason: str


@dataclass(frozen=True)
class Hidden:
    """A value that must not be shown: `source` is the expression, never the value."""

    source: str


@dataclass(frozen=True)
class Late:
    """A value that only Azure's answer holds: `reference` to a resource of the same template.

    `path` is the path in the whole resource, such as `("properties", "principalId")`.
    """

    id: str
    path: tuple[str, ...]

    @property
    def text(self) -> str:
        """The value in words, for messages."""
        return f"{'.'.join(self.path) or 'the answer'} of {readable(self.id)}"


def missing(text: str) -> str | None:
    """Say what to give for a text that holds something nobody has said, or None."""
    for mark, way in WAYS_OUT.items():
        if mark in text:
            return f"the {mark.strip(chr(0xE000) + chr(0xE001))} is not known here; {way}"
    return None


def readable(text: str) -> str:
    """Give a text with the marks made readable."""
    return text.replace("\ue000", "<").replace("\ue001", ">")
