"""Errors made from answers that refuse, and from calls that got no answer.

Nothing here keeps a request or an answer: an error holds Azure's code, its sentence (scrubbed of
the secrets that the request carried, cut to 1 KiB) and numbers.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from azure.core import exceptions as core

from aci_operator.api.limits import WRITE_ONLY

from .classify import kind_of
from .errors import AzureError, Forbidden, Throttled, Unauthenticated, Unavailable

MESSAGE_BYTES = 1024
RETRY_AFTER = (1.0, 3600.0)
"""Bounds in seconds: a wrong header must neither make us spin nor put an object to sleep."""

TIMEOUTS = (core.ServiceRequestTimeoutError, core.ServiceResponseTimeoutError)

THROTTLED_DEFAULT = 30.0
"""Seconds to wait after a 429 that does not say how long. Azure says it (azure.md section 9);
this is our choice for answers by something in between."""

SECRET_MEMBERS = frozenset(name.lower() for name in ("secureValue", "ccePolicy", *WRITE_ONLY))
"""Members of a container group's body that hold secrets (azure.md section 3), or may: a policy can
come from a Secret."""


class Refusal(NamedTuple):
    """An answer that is not a success: status, headers with lower-case names, parsed JSON."""

    status: int
    headers: Mapping[str, str]
    body: Any


_NOT_AUTHORIZED = re.compile(r"to perform action '([^']+)' over scope '([^']+)'")
_LINKED = re.compile(r"to perform action\(s\) '([^']+)' on the linked scope\(s\) '([^']+)'")
_VAULT_POLICY = re.compile(r"does not have (\w+ \w+) permission on key vault '([^';]+)")
_VAULT_ROLE = re.compile(r"Action: '([^']+)'\s+Resource: '([^']+)'")
_RIGHTS = (_LINKED, _NOT_AUTHORIZED, _VAULT_POLICY, _VAULT_ROLE)

_TRY_AGAIN = re.compile(r"try again after '?(\d+)'? seconds", re.IGNORECASE)
_ENTRA_CODE = re.compile(r"\bAADSTS\d+\b")
_ENTRA_TRACE = re.compile(r"\s*\b(Trace ID|Correlation ID|Timestamp):\s*\S+( \d\d:\d\d:\d\dZ)?")
_TRACKING = re.compile(r"\b(tracking activity id|correlation id) is '[^']*'", re.IGNORECASE)


def refused(answer: Refusal, operation: str, sent: Any = None) -> AzureError:
    """Make the error of an answer. `sent` is the request's body, whose secrets are scrubbed."""
    code, text = _code_and_text(answer.body)
    message = _sentence(text or f"status {answer.status} without a reason", sent)
    kind = kind_of(answer.status, code, message)
    after = _retry_after(answer.headers, message)
    if kind is Throttled and after is None:
        after = THROTTLED_DEFAULT
    error = kind(
        message,
        code=_scrub(code, sent),
        status=answer.status,
        operation=operation,
        after=after,
        correlation_id=correlation_id(answer.headers),
    )
    if isinstance(error, Forbidden):
        error.action, error.scope = missing_right(message)
    return error


def unanswered(error: core.AzureError, operation: str) -> AzureError:
    """Make the error of a call that got no answer that can be understood."""
    if isinstance(error, core.ClientAuthenticationError):
        return by_entra(error, operation)
    if isinstance(error, TIMEOUTS):
        return Unavailable("no answer in time", code="TimedOut", operation=operation)
    if isinstance(error, core.DecodeError) and not isinstance(error, core.IncompleteReadError):
        status = error.status_code or 0
        return Unavailable(
            "the answer is not the JSON that it says it is",
            code="Garbled",
            status=status,
            operation=operation,
        )
    return Unavailable(_sentence(str(error)), code="ConnectionFailed", operation=operation)


def by_entra(error: core.ClientAuthenticationError, operation: str) -> AzureError:
    """Make the error of a token that was not given, with Entra's own code (AADSTS...).

    Entra's trace ids and times are taken out: they differ in each answer, and a message that
    changes on each retry would write status on each retry.
    """
    message = _sentence(_ENTRA_TRACE.sub("", error.message or "no token was given"))
    status = error.status_code or 0
    if status == 429 or status >= 500:
        headers = lower_names(getattr(error.response, "headers", {}))
        body = {"error": {"code": "EntraUnavailable", "message": message}}
        return refused(Refusal(status, headers, body), operation)
    found = _ENTRA_CODE.search(message)
    code = found.group() if found else "CredentialRejected"
    return Unauthenticated(message, code=code, status=status, operation=operation)


def lower_names(headers: Mapping[str, str]) -> dict[str, str]:
    """Copy headers with their names in lower case."""
    return {name.lower(): value for name, value in headers.items()}


def missing_right(message: str) -> tuple[str, str]:
    """Read the missing action and its scope out of Azure's sentence, ("", "") if unsaid.

    A vault with access policies says `secrets get` and its own name (azure.md section 10.2).
    """
    for pattern in _RIGHTS:
        if found := pattern.search(message):
            return found.group(1), found.group(2)
    return "", ""


def _code_and_text(body: Any) -> tuple[str, str]:
    """Read code and message; a vault's inner code (ForbiddenByRbac...) replaces its outer one."""
    error = body.get("error", body) if isinstance(body, Mapping) else None
    if isinstance(error, str):
        return error, str(body.get("error_description", "")) if isinstance(body, Mapping) else ""
    if not isinstance(error, Mapping):
        return "", ""
    code = str(error.get("code") or "")
    inner = error.get("innererror")
    if code in ("Forbidden", "Conflict") and isinstance(inner, Mapping) and inner.get("code"):
        code = str(inner["code"])
    return code[:128], str(error.get("message") or "")


def _sentence(text: str, sent: Any = None) -> str:
    """Scrub and shorten a message."""
    text = _TRACKING.sub(r"\1 is logged", _scrub(text, sent))
    return text.encode()[:MESSAGE_BYTES].decode(errors="ignore")


def _scrub(text: str, sent: Any) -> str:
    """Take the secrets of a request out of a text that may echo them, the longest first."""
    for secret in sorted(set(_secrets(sent)), key=len, reverse=True):
        for form in (secret, json.dumps(secret)[1:-1]):
            text = text.replace(form if len(form) > 3 else f"'{form}'", "(secret)")
    return text


def _secrets(sent: Any) -> Iterator[str]:
    """Find the secrets of a body: a vault secret's own `value`, and what stands in a group's."""
    if isinstance(sent, Mapping) and isinstance(sent.get("value"), str):
        yield from _strings(sent["value"], inside=True)
    yield from _strings(sent, inside=False)


def _strings(body: Any, inside: bool) -> Iterator[str]:
    """Find all strings at or below the members that hold secrets."""
    if isinstance(body, str):
        if inside and body:
            yield from (body, *_decoded(body))
        return
    items: Iterable[tuple[str, Any]] = ()
    if isinstance(body, Mapping):
        items = body.items()
    elif isinstance(body, list):
        items = (("", item) for item in body)
    for name, value in items:
        yield from _strings(value, inside or name.lower() in SECRET_MEMBERS)


def _decoded(text: str) -> Iterator[str]:
    """Files are sent as base64: Azure may repeat what it read in them."""
    try:
        yield base64.b64decode(text, validate=True).decode()
    except ValueError:
        return


def _retry_after(headers: Mapping[str, str], message: str) -> float | None:
    """Read Retry-After (seconds or a date), else the number in the sentence; within bounds.

    A date is counted from the answer's own Date, since the two clocks need not agree; without one
    it says nothing.
    """
    value = headers.get("retry-after", "").strip()
    if not value:
        found = _TRY_AGAIN.search(message)
        value = found.group(1) if found else ""
    seconds = _seconds(value, headers.get("date", ""))
    return None if seconds is None else min(max(seconds, RETRY_AFTER[0]), RETRY_AFTER[1])


def _seconds(value: str, answered: str) -> float | None:
    if value.isdecimal():
        return float(value[:9])
    until, now = _timestamp(value), _timestamp(answered)
    return None if until is None or now is None else until - now


def _timestamp(date: str) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp()
    except ValueError:
        return None


def correlation_id(headers: Mapping[str, str]) -> str:
    """Give what Azure's support asks for, from headers with lower-case names."""
    return (headers.get("x-ms-correlation-request-id") or headers.get("x-ms-request-id", ""))[:128]
