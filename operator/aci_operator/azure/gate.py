"""The one place that every call to Azure passes: budgets before, classification after.

It stands first in the pipelines of all clients, before authentication, so that neither a token
nor a connection is spent on a call whose budget is closed, and so that no package's own error,
which holds the request with its body, ever leaves the pipeline.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from azure.core import exceptions as core
from azure.core.pipeline import PipelineRequest, PipelineResponse
from azure.core.pipeline.policies import AsyncHTTPPolicy

from aci_operator.telemetry.logs import bind, logger

from .budgets import Access, Budget, Budgets, access_of
from .classify import known
from .errors import AzureError, Throttled, Unavailable
from .failures import TIMEOUTS, Refusal, correlation_id, lower_names, refused, unanswered
from .fence import FENCED, Fence

Observe = Callable[[str, str, float], None]
"""Called once per call with the operation's label (`PUT Microsoft.KeyVault/vaults`: a method and
a type, so few enough for metrics), the outcome, and the seconds it took. The outcome is a code of
the table in `classify`, one of ours (`TimedOut`...), else the status: a bounded set too, whatever
a server says."""

REGION = "aci_operator_region"
"""Option of a call that names the region whose budget it spends."""

LABEL = "aci_operator_label"
"""Option of a call that names its label; the URL of a next page is the server's choice."""

log = logger(__name__)

OWN_CODES = frozenset({"TimedOut", "Garbled", "ConnectionFailed"})


@dataclass(frozen=True)
class Call:
    """What one request is about, read from its URL."""

    operation: str
    label: str
    budget: Budget

    @classmethod
    def of(cls, principal: str, method: str, url: str, region: str) -> Call:
        """Read a request of ARM or of a vault's data plane."""
        parts = urlsplit(url)
        segments = [unquote(segment) for segment in parts.path.split("/") if segment]
        provider, _ = provider_and_names(segments)
        under_arm = bool(segments) and segments[0].lower() == "subscriptions"
        place = segments[1].lower() if under_arm and len(segments) > 1 else parts.netloc
        budget = Budget(principal, place, provider.lower(), region, access_of(method))
        where = parts.path if under_arm else f"{parts.netloc}{parts.path}"
        return cls(f"{method} {where}", label_of(method, segments), budget)

    @property
    def access(self) -> Access:
        """The class of the request: read, write or delete."""
        return self.budget.access


def provider_and_names(segments: list[str]) -> tuple[str, list[str]]:
    """Give a path's last provider and what follows: type, name, type, name or action..."""
    places = [place for place, word in enumerate(segments) if word.lower() == "providers"]
    if places and len(segments) > places[-1] + 1:
        return segments[places[-1] + 1], segments[places[-1] + 2 :]
    inner = segments[2:] if segments[:1] and segments[0].lower() == "subscriptions" else segments
    return "", inner


def label_of(method: str, segments: list[str]) -> str:
    """Name an operation without the names in it; a GET of a whole collection is a LIST."""
    provider, names = provider_and_names(segments)
    kind = "/".join(names[0::2]).replace("resourcegroups", "resourceGroups")
    verb = "LIST" if method == "GET" and len(names) % 2 else method
    return f"{verb} {provider}/{kind}" if provider else f"{verb} {kind}"


class Gate(AsyncHTTPPolicy[Any, Any]):
    """The pipeline's first policy. Raises only the classes of `errors`."""

    def __init__(
        self,
        principal: str,
        budgets: Budgets,
        observe: Observe | None = None,
        fence: Fence | None = None,
    ) -> None:
        super().__init__()
        self._principal = principal
        self._budgets = budgets
        self._observe = observe
        self._fence = fence

    async def send(self, request: PipelineRequest[Any]) -> PipelineResponse[Any, Any]:
        """Let one request through, unless its budget is closed."""
        http = request.http_request
        region = request.context.options.pop(REGION, "")
        call = Call.of(self._principal, http.method, http.url, region)
        label = request.context.options.pop(LABEL, call.label)
        if self._fence is not None and call.access != "read":
            # Before the budget: what is not sent must not spend one.
            self._fence.check(call.operation)
            request.context.options[FENCED] = True
        sent = self._budgets.check(call.budget, call.operation)
        started = time.monotonic()
        try:
            outcome = await self._ask(request, call)
        finally:
            self._budgets.answered(call.budget, sent)
        self._learn(call, outcome)
        _write_down(call, label, outcome)
        if self._observe is not None:
            self._observe(label, outcome_of(outcome), time.monotonic() - started)
        if isinstance(outcome, AzureError):
            raise outcome
        return outcome

    async def _ask(
        self, request: PipelineRequest[Any], call: Call
    ) -> PipelineResponse[Any, Any] | AzureError:
        """Send; give the answer or the error, the latter without what it came from."""
        sent = request.http_request
        try:
            async with asyncio.timeout(self._limit(call)):
                response = await self._send(request, again=call.access == "read")
            answer: Any = response.http_response
            self._budgets.learn(call.budget, lower_names(answer.headers))
            if 200 <= answer.status_code < 300:
                return response
            body = parsed(await content_of(answer))
        except core.DecodeError as error:
            if error.response is None or (error.status_code or 0) < 300:
                return unanswered(error, call.operation)
            answer, body = error.response, None
            self._budgets.learn(call.budget, lower_names(answer.headers))
        except core.AzureError as error:
            return unanswered(error, call.operation)
        except TimeoutError:
            return Unavailable("no answer in time", code="TimedOut", operation=call.operation)
        refusal = Refusal(answer.status_code, lower_names(answer.headers), body)
        return refused(refusal, call.operation, sent_by(sent))

    def _limit(self, call: Call) -> float | None:
        """Give the seconds that a call may take where the lease sets a bound."""
        if self._fence is None or call.access == "read":
            return None
        return self._fence.write_seconds or None

    async def _send(self, request: PipelineRequest[Any], again: bool) -> PipelineResponse[Any, Any]:
        """Send; a read whose connection breaks is sent once more: pools hold stale connections."""
        try:
            return await self.next.send(request)
        except (core.ServiceRequestError, core.ServiceResponseError) as error:
            if not again or isinstance(error, TIMEOUTS):
                raise
        return await self.next.send(request)

    def _learn(self, call: Call, outcome: PipelineResponse[Any, Any] | AzureError) -> None:
        """Close the budget of a call that met its limit."""
        if isinstance(outcome, Throttled):
            by_arm = outcome.code.lower() in ("subscriptionrequeststhrottled", "")
            self._budgets.close(call.budget, outcome.after or 0.0, whole_arm=by_arm)


def _write_down(call: Call, label: str, outcome: PipelineResponse[Any, Any] | AzureError) -> None:
    """Log a write and how it ended, without what was sent or answered."""
    if isinstance(outcome, AzureError):
        correlation = outcome.correlation_id
    else:
        answer: Any = outcome.http_response
        correlation = correlation_id(lower_names(answer.headers))
    if correlation:
        bind(correlation_id=correlation)
    if call.access != "read":
        target = call.operation.partition(" ")[2]
        log.info("azure", action=label, reason=outcome_of(outcome), arm_id=target)


def outcome_of(outcome: PipelineResponse[Any, Any] | AzureError) -> str:
    """Give the word for metrics: see `Observe`."""
    if not isinstance(outcome, AzureError):
        return str(outcome.http_response.status_code)
    if known(outcome.code) or outcome.code in OWN_CODES:
        return outcome.code
    return str(outcome.status)


async def content_of(answer: Any) -> bytes:
    """Read the body of an answer of either of azure-core's two kinds, streamed or loaded."""
    if not hasattr(answer, "read"):
        return bytes(answer.body())
    try:
        return bytes(answer.content)
    except core.ResponseNotReadError:
        return bytes(await answer.read())


def parsed(content: bytes) -> Any:
    """Parse JSON; None for anything else (an empty 404 to HEAD, a proxy's page)."""
    try:
        return json.loads(content) if content else None
    except ValueError:
        return None


def sent_by(request: Any) -> Any:
    """Give the JSON that a request carried, for scrubbing."""
    content = getattr(request, "content", None) or getattr(request, "data", None)
    if isinstance(content, str):
        content = content.encode()
    if isinstance(content, (bytes, bytearray)):
        return parsed(bytes(content))
    return content if isinstance(content, Mapping) else None
