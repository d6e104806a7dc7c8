"""Whether a host of Azure can be reached at all."""

from __future__ import annotations

import aiohttp

from .errors import Unavailable
from .proxy import Proxy

SECONDS = 5.0
"""How long a host may take to answer."""


async def connect(pool: aiohttp.ClientSession, proxy: Proxy | None, url: str) -> None:
    """Send one HEAD without a token; any answer of the host will do. Raises Unavailable."""
    by_way = proxy if proxy is not None and proxy.leads_to(url) else None
    try:
        async with pool.head(
            url,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=SECONDS),
            proxy=by_way.url if by_way else None,
            proxy_headers=by_way.headers if by_way else None,
        ):
            return
    except TimeoutError:
        reason = f"no answer within {SECONDS:g} seconds"
    except (aiohttp.ClientError, OSError) as error:
        reason = str(error)
    raise Unavailable(reason, code="Unreachable", operation=f"HEAD {url}")
