"""Lists, in one page or several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlencode

from azure_emulator.errors import AzureError
from azure_emulator.wire import Request, Response


def page(request: Request, items: Sequence[Any], size: int) -> Response:
    """Answer one page of a list: `{"value": [...][, "nextLink"]}`; a size of 0 means all of it.

    Raises AzureError 400 InvalidSkipToken for a token that no page gave out.
    """
    start = _start(request)
    if size <= 0 and not start:
        return Response(200, {"value": list(items)})
    end = start + size if size > 0 else len(items)
    body: dict[str, Any] = {"value": list(items[start:end])}
    if end < len(items):
        query = urlencode({**request.query, "$skiptoken": str(end)})
        body["nextLink"] = f"{request.base_url}{quote(request.path)}?{query}"
    return Response(200, body)


def _start(request: Request) -> int:
    token = request.query.get("$skiptoken", "0")
    if not token.isascii() or not token.isdigit() or len(token) > 9:
        raise AzureError(400, "InvalidSkipToken", f"The skip token '{token}' is invalid.")
    return int(token)
