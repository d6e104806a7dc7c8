"""Read by the Azure CLI's Python when it starts: writes each HTTP exchange down, scrubbed.

Before a line reaches the disk everything that must not leave has been taken out of it.
"""

from __future__ import annotations

import json
import os
from typing import Any

from article.recorder.scrub import Scrub


def _watch(path: str, scrub: Scrub) -> None:
    from requests.adapters import HTTPAdapter

    send = HTTPAdapter.send

    def recording(adapter: Any, request: Any, **how: Any) -> Any:
        response = send(adapter, request, **how)
        body = request.body.encode() if isinstance(request.body, str) else request.body
        sent = {"method": request.method, "url": request.url, "body": body}
        answered = {
            "status": response.status_code,
            "headers": dict(response.headers),
            "body": response.content,
        }
        exchange = scrub.exchange(sent, answered)
        if exchange is not None:
            with open(path, "a") as file:
                file.write(json.dumps(exchange) + "\n")
        return response

    HTTPAdapter.send = recording  # type: ignore[assignment, method-assign]


if "ARTICLE_RECORDING" in os.environ:
    with open(os.environ["ARTICLE_SCRUB"]) as _file:
        _known = json.load(_file)
    _watch(os.environ["ARTICLE_RECORDING"], Scrub(_known["names"], bytes.fromhex(_known["key"])))
