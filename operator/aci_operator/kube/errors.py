"""What can go wrong with a call to the API server, typed by consequence.

    KubeError
    ├── Stale         what we knew is outdated: read again, then decide again
    ├── Gone          the object (or the object of that uid) is not there any more
    ├── Refused       the API server will never take this request as it is
    ├── Denied        a right is missing (RBAC), or the credential was not accepted
    └── Unreachable   no answer, 5xx or 429: try again later

The texts are the API server's own, without the body that was sent.
"""

from __future__ import annotations

import json
from typing import Any

_MESSAGE_LIMIT = 1024


class KubeError(Exception):
    """A failed call to the API server."""

    def __init__(self, message: str, *, status: int = 0, reason: str = "") -> None:
        super().__init__(message)
        self.status = status
        """The HTTP status; 0 if there was no answer."""
        self.reason = reason
        """The `reason` of the answer's Status object, such as `AlreadyExists`."""


class Stale(KubeError):
    """409, or a failed test in a patch: somebody wrote meanwhile."""


class Gone(KubeError):
    """404, or an object of the same name with another uid."""


class Refused(KubeError):
    """400, 422 and what a strict field validation finds."""


class Denied(KubeError):
    """401 or 403."""


class Unreachable(KubeError):
    """No answer, 5xx or 429."""


def error_of(status: int, body: bytes, call: str) -> KubeError:
    """The typed error of an answer. `call` is method and path, for the message."""
    answer = _status_object(body)
    text = str(answer.get("message") or f"HTTP {status}")
    message = f"{call}: {text}"[:_MESSAGE_LIMIT]
    return _type_of(status, text)(message, status=status, reason=str(answer.get("reason") or ""))


def _type_of(status: int, text: str) -> type[KubeError]:
    # A server-side apply that does not fit the schema (an undeclared field, another type) is
    # answered with 500 (seen on a 1.34.4 API server); trying again would not help.
    if status == 500 and text.startswith("failed to create typed patch object"):
        return Refused
    known = {401: Denied, 403: Denied, 404: Gone, 409: Stale, 410: Stale, 429: Unreachable}
    return known.get(status, Refused if status < 500 else Unreachable)


def _status_object(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
