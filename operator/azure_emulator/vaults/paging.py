"""Lists of vaults in pages.

Key Vault's lists carry a `nextLink` even when nothing follows: its page is `{"value": []}`
(recordings/cli-keyvault-mgmt.json). An empty list has none.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from azure_emulator.vaults import refusals
from azure_emulator.wire import Request, Response


def page(request: Request, items: Sequence[Mapping[str, Any]], size: int) -> Response:
    """Answer with the items after the token's name; `size` 0 puts all of them in one page.

    `items` are sorted by `name`; the token holds the last name given, so that what is created or
    deleted between two pages makes no other item be given twice or left out.
    """
    after = _after(request.query.get("$skiptoken", ""))
    left = [item for item in items if str(item["name"]).lower() > after]
    given = left[: _size(request.query.get("$top"), size) or None]
    if not given:
        return Response(200, {"value": []})
    token = base64.urlsafe_b64encode(str(given[-1]["name"]).lower().encode()).decode()
    link = f"{request.base_url}{quote(request.path)}?api-version={request.api_version}"
    if "$top" in request.query:
        link += f"&%24top={request.query['$top']}"
    return Response(200, {"value": given, "nextLink": f"{link}&%24skiptoken={quote(token)}"})


def _size(top: str | None, size: int) -> int:
    if top is None:
        return size
    if not top.isdecimal() or int(top) < 1:
        raise refusals.bad_value("$top")
    return min(int(top), size) if size else int(top)


def _after(token: str) -> str:
    try:
        return base64.urlsafe_b64decode(token.encode()).decode()
    except (ValueError, binascii.Error):
        raise refusals.bad_value("$skiptoken") from None
