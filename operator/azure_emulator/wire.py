"""Requests, answers and routes: the seam between the HTTP server and the providers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True)
class Caller:
    """Who asks, as the verified token says."""

    oid: str
    appid: str
    tid: str


@dataclass(frozen=True)
class Request:
    """One request after routing, authentication and the caller's rights were checked.

    `parameters` are the template's variables in the letter case of the request; `path` is as
    sent, without the query; `query` has lower-cased names; `body` is parsed JSON or None.
    """

    method: str
    path: str
    parameters: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any
    caller: Caller
    base_url: str
    """Scheme, host and port under which the client reached us, for URLs in answers."""

    @property
    def api_version(self) -> str:
        """The api-version asked for (already checked against the route's)."""
        return self.query.get("api-version", "")


@dataclass(frozen=True)
class Response:
    """One answer; `body` None means no body."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[[Request], Response | Awaitable[Response]]


@dataclass(frozen=True)
class Route:
    """One operation of ARM.

    `template` is matched without letter case in its literal segments, for example
    `/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.X/things/{name}`;
    a leading `{scope...}` takes one or more segments. `action` is the right that the caller
    needs on the request's path (cut at the resource that the action is about, see
    `authorization`); None means that the handler checks by itself or that none is needed.
    """

    method: str
    template: str
    handler: Handler
    action: str | None
    api_versions: Sequence[str]


class Provider(Protocol):
    """One resource provider of the emulated ARM."""

    namespace: str
    """For example `Microsoft.ContainerInstance`."""

    def routes(self) -> Sequence[Route]:
        """List the operations."""
        ...

    def resources_in(self, group_id: str) -> Sequence[Mapping[str, Any]]:
        """List `{id, name, type, location[, tags]}` of the resources in a resource group."""
        ...

    def remove_all(self, group_id: str) -> None:
        """Remove what is in a resource group that is being deleted."""
        ...
