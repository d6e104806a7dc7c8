"""What the probe types into a container's shell, and what its answer means. Pure.

It asks for a token and the secret, as the article does by hand, and prints three words: whether
there was a token, the vault's status code, and the vault's own name for a refusal (azure.md
sections 10.2 and 13). Token and value stay in the shell's variables.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote

from aci_operator.api import reasons

CAUSES = {
    "ForbiddenByPolicy": reasons.FORBIDDEN_BY_POLICY,
    "AccessDenied": reasons.FORBIDDEN_BY_POLICY,
    "ForbiddenByRbac": reasons.FORBIDDEN_BY_RBAC,
    "ForbiddenByFirewall": reasons.FORBIDDEN_BY_FIREWALL,
}
_SAFE = re.compile(r"[A-Za-z0-9.:/_-]+")
_ANSWER = re.compile(r"aci-probe=(1?)/(\d*)/([A-Za-z]*)=")
_TOKEN = "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01"


class Seen(NamedTuple):
    """One answer: the vault's HTTP status, 0 without one, and its word for a 403."""

    token: bool
    status: int
    cause: str = ""


def line(audience: str, principal_id: str, secret_url: str) -> str:
    """Give the line. Raises ValueError for what does not belong into a shell."""
    for text in (audience, principal_id, secret_url):
        if not _SAFE.fullmatch(text):
            raise ValueError(f"{text!r} holds what no shell should see")
    token = f"{_TOKEN}&resource={quote(audience, safe='')}&object_id={principal_id}"
    words = "\\|".join(CAUSES)
    return (
        f"t=$(curl -s -m 10 -H Metadata:true '{token}' | tr -d '\\n' | "
        'sed -n \'s/.*"access_token" *: *"\\([^"]*\\)".*/\\1/p\'); '
        "b=$(printf 'Authorization: Bearer %s' \"$t\" | "
        f"curl -s -m 10 -H @- -w ' %{{http_code}}' '{secret_url}?api-version=7.4'); "
        f"e=$(printf %s \"$b\" | grep -o '{words}' | head -n 1); "
        'echo "aci-probe=${t:+1}/${b##* }/$e="'
    )


def read(shown: str) -> Seen | None:
    """Read the answer off what the terminal showed; None if there is none."""
    found = _ANSWER.search(shown)
    if found is None:
        return None
    return Seen(bool(found[1]), int(found[2] or 0), found[3])


def cause(seen: Seen) -> str:
    """Give the reason for an answer that is no success."""
    if not seen.token:
        return reasons.NO_TOKEN
    return (
        CAUSES.get(seen.cause, reasons.PROBE_FAILED)
        if seen.status == 403
        else (reasons.PROBE_FAILED)
    )
