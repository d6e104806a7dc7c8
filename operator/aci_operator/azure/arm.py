"""ARM in raw JSON: management clients for single operations, an own GET for lists."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Mapping
from typing import Any, Protocol, TypeVar
from urllib.parse import urljoin, urlsplit

from azure.core import exceptions as core
from azure.core.pipeline import AsyncPipeline
from azure.core.rest import HttpRequest
from azure.mgmt.core import AsyncARMPipelineClient

from .errors import AzureError, Unavailable
from .gate import LABEL, content_of, label_of, parsed
from .ids import ArmId

JsonObject = dict[str, Any]
JsonObjects = list[JsonObject]

MAX_PAGES = 1000
"""Pages that one list may have; a server that gives more is going round in circles."""

Client = TypeVar("Client", covariant=True)


class ClientType(Protocol[Client]):
    """A management client's constructor, as far as this seam uses it."""

    def __call__(
        self, credential: Any, subscription_id: str, *, base_url: str, **settings: Any
    ) -> Client:
        """Make a client for one subscription."""
        ...


def raw(response: Any, _model: Any, _headers: Any) -> Any:
    """`cls=` of the management clients: the answer's JSON in place of the model made of it.

    The models drop what their API version does not know. Clients that stream the first answer of
    a long operation have it read but not decoded when they come here.
    """
    decoded = response.context.get("deserialized_data")
    if decoded is not None:
        return decoded
    answer = response.http_response
    return parsed(answer.content if hasattr(answer, "content") else answer.body())


class Arm:
    """One account's way to ARM."""

    def __init__(
        self,
        base_url: str,
        credential: Any,
        *,
        singles: AsyncPipeline[Any, Any],
        lists: AsyncPipeline[Any, Any],
    ) -> None:
        """Take a pipeline that decodes JSON, for clients, and one that does not, for lists."""
        self._base_url = base_url.rstrip("/")
        self._credential = credential
        self._singles = singles
        self._client: AsyncARMPipelineClient[Any, Any] = AsyncARMPipelineClient(
            self._base_url, policies=[], pipeline=lists
        )
        self._clients: dict[tuple[str, str], Any] = {}

    def client(self, kind: ClientType[Client], subscription: str, api_version: str) -> Client:
        """Give the management client of a subscription; made once, over the shared pipeline."""
        key = (f"{getattr(kind, '__module__', '')}.{api_version}", subscription.lower())
        if key not in self._clients:
            self._clients[key] = kind(
                self._credential,
                subscription,
                base_url=self._base_url,
                api_version=api_version,
                pipeline=self._singles,
                credential_scopes=[f"{self._base_url}/.default"],
            )
        client: Client = self._clients[key]
        return client

    async def read(self, path: str, api_version: str) -> JsonObject:
        """Read one resource of a service that no management client here is for."""
        request = HttpRequest("GET", f"{self._base_url}{path}", params={"api-version": api_version})
        label: dict[str, Any] = {LABEL: label_of("GET", path.strip("/").split("/"))}
        return as_object(
            parsed(await content_of(await self._client.send_request(request, **label)))
        )

    async def pages(
        self, path: str, api_version: str, query: Mapping[str, str] | None = None
    ) -> list[JsonObject]:
        """Read all pages of a list, empty ones with a next link too (azure.md section 10).

        A page that fails, is malformed or leads elsewhere loses the whole list: half a list
        would look like absence. Raises what `errors` names.
        """
        params = {"api-version": api_version, **(query or {})}
        request = HttpRequest("GET", f"{self._base_url}{path}", params=params)
        label: dict[str, Any] = {LABEL: label_of("GET", path.strip("/").split("/"))}
        items: list[JsonObject] = []
        for _ in range(MAX_PAGES):
            page = parsed(await content_of(await self._client.send_request(request, **label)))
            values, link = read_page(page, f"GET {path}")
            items.extend(values)
            if not link:
                return items
            request = HttpRequest("GET", next_link(self._base_url, link, f"GET {path}"))
        raise Unavailable("the list does not end", code="TooManyPages", operation=f"GET {path}")


def read_page(page: Any, operation: str) -> tuple[list[JsonObject], str]:
    """Take items and next link of one page; Unavailable if it is no page."""
    values = page.get("value") if isinstance(page, Mapping) else None
    if not isinstance(values, list) or not all(isinstance(item, dict) for item in values):
        raise Unavailable("a page of the list is malformed", code="Garbled", operation=operation)
    return values, str(page.get("nextLink") or "")


def next_link(base_url: str, link: str, operation: str) -> str:
    """Check that a next link stays where the token belongs: https and the same host and port."""
    target = urljoin(base_url, link)
    here, there = urlsplit(base_url), urlsplit(target)
    if (there.scheme, there.netloc.lower()) != ("https", here.netloc.lower()):
        raise Unavailable(
            "the next page is on another host", code="ForeignNextLink", operation=operation
        )
    return target


async def answer(work: Awaitable[Any]) -> JsonObject:
    """Await one operation of a management client and give its raw JSON, {} for an empty body.

    A client complains about a success that it does not expect and about answers that do not fit
    its models; the first is an answer all the same, the second cannot be told from a broken one.
    """
    try:
        return as_object(await work)
    except core.HttpResponseError as error:
        status = error.status_code or 0
        if error.response is not None and 200 <= status < 300:
            return as_object(parsed(await content_of(error.response)))
        failure: AzureError = Unavailable(f"status {status} is not expected", status=status)
    except ValueError:  # DeserializationError and JSONDecodeError are of this class
        failure = Unavailable("the answer does not fit its API version", code="Garbled")
    raise failure


def as_object(body: Any) -> JsonObject:
    """Hold an answer to be a JSON object; an empty body is an empty one."""
    if body is not None and not isinstance(body, dict):
        raise Unavailable("the answer is no JSON object", code="Garbled")
    return body or {}


async def initial(begun: Awaitable[Any]) -> JsonObject:
    """Await the first answer of a long operation begun with `polling=False`."""
    return await answer(_result(begun))


async def _result(begun: Awaitable[Any]) -> Any:
    poller = await begun
    return await poller.result()


def encoded(body: Mapping[str, Any]) -> bytes:
    """Encode a body: as bytes it passes the clients untouched by their models."""
    return json.dumps(body, separators=(",", ":")).encode()


def target(id: str | ArmId, full_type: str) -> ArmId:
    """Parse an ID and hold it to a type (`Microsoft.KeyVault/vaults`); ValueError otherwise."""
    parsed_id = id if isinstance(id, ArmId) else ArmId.parse(id)
    if parsed_id.full_type.lower() != full_type.lower():
        raise ValueError(f"{str(id)!r}: not the ID of one of {full_type}")
    return parsed_id


def in_group(id: str | ArmId, full_type: str) -> ArmId:
    """Parse an ID as `target` does, and hold it to be of a resource in a resource group."""
    parsed_id = target(id, full_type)
    if not parsed_id.resource_group:
        raise ValueError(f"{str(id)!r}: names no resource group")
    return parsed_id


def region_name(location: str) -> str:
    """Write a region as paths and comparisons want it: answers also say `East US` (section 4)."""
    return location.replace(" ", "").lower()
