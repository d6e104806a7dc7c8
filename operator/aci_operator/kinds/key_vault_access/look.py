"""What a probe's answer means. Pure.

The vault tells its refusals apart by `innererror` (azure.md section 10.2), the identity endpoint by
its status (section 13). That a vault asks for the right before it looks for the secret stands in no
source, so a 404 proves no access.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from aci_operator.api import reasons
from aci_operator.kinds.key_vault_access.line import OLD_WORD

UNVERIFIED = "wget-unverified"
NO_TOOL = "none"
NO_SHELL = (
    "no shell opens in the container. Give the image /bin/sh and one of curl, wget and az, or "
    "leave spec.probe out, so that the settle time counts."
)
_ANSWER = re.compile(
    rf"aci-probe=(curl|wget|{UNVERIFIED}|az|{NO_TOOL})/(\d{{0,3}})/(1?)/(\d{{0,3}})/([A-Za-z]{{0,32}})="
)
"""Bounded: whoever is in the container may write what he likes."""
_NO_SHELL = re.compile(r"/bin/sh\W[^\r\n]*(no such file|not found)", re.IGNORECASE)
_TOOLS = (
    "Use an image with curl, wget or az, or leave spec.probe out, so that the settle time counts."
)
_WAYS_OUT = {
    "ForbiddenByPolicy": (
        reasons.FORBIDDEN_BY_POLICY,
        "no access policy that has effect allows it. If it did before, somebody took it away",
    ),
    "ForbiddenByRbac": (
        reasons.FORBIDDEN_BY_RBAC,
        "no role assignment that has effect allows it. After ten minutes, look for a deny "
        "assignment",
    ),
    "ForbiddenByFirewall": (
        reasons.FORBIDDEN_BY_FIREWALL,
        "its network rules do not let the group in, whatever was granted. Put the group's subnet "
        "into networkAcls.virtualNetworkRules",
    ),
    "SecretDisabled": (
        reasons.PROBE_SECRET_MISSING,
        "spec.probe.secretName is a disabled secret. Enable it, or name another",
    ),
}


class Seen(NamedTuple):
    """One answer: the tool, the endpoint's HTTP status, whether there was a token, the vault's
    HTTP status and its word for a refusal. A status is 0 where there was none."""

    tool: str
    endpoint: int
    token: bool
    status: int = 0
    cause: str = ""

    @property
    def read(self) -> bool:
        """Whether the secret was read."""
        return self.token and self.status == 200


class Verdict(NamedTuple):
    """What is said of a look that has not read the secret; `text` goes on after a colon."""

    reason: str
    text: str
    at_once: bool = False
    """Waiting does not heal it: told before the settle time is over."""
    passing: bool = False
    """May be a moment's trouble: told once it has lasted."""
    blind: bool = False
    """Nobody could look: nothing is known of the access."""


def read(shown: str) -> Seen | None:
    """Read the answer off what the terminal showed; None if there is none."""
    found = _ANSWER.search(shown)
    if found is None:
        return None
    return Seen(found[1], int(found[2] or 0), bool(found[3]), int(found[4] or 0), found[5])


def judge(shown: str, model: str) -> Verdict | None:
    """Say what is wrong; None if the secret was read. `model`: AccessPolicy or RBAC."""
    seen = read(shown)
    if seen is None:
        return _unreadable(shown)
    if seen.tool in (NO_TOOL, UNVERIFIED):
        return _toolless(seen.tool)
    if not seen.token:
        return _tokenless(seen.endpoint)
    return None if seen.read else _refused(seen, model)


def _unreadable(shown: str) -> Verdict:
    if _NO_SHELL.search(shown):
        return Verdict(reasons.PROBE_TOOL_MISSING, NO_SHELL, blind=True, at_once=True)
    text = "it gave no answer that can be read: the shell ended early, or there is none."
    return Verdict(reasons.PROBE_FAILED, text, blind=True, passing=True)


def _toolless(tool: str) -> Verdict:
    what = "the container has none of curl, wget and az. "
    if tool == UNVERIFIED:
        what = "the container's only tool is a wget that checks no certificate: it gets no token. "
    return Verdict(reasons.PROBE_TOOL_MISSING, what + _TOOLS, blind=True, at_once=True)


def _tokenless(status: int) -> Verdict:
    """400 is a refusal; all else means that the endpoint is not there yet, or no longer."""
    if status == 400:
        text = (
            "the identity endpoint answers 400: the container's group does not have the identity "
            "that the grant is for. Name a container of a group that has it."
        )
        return Verdict(reasons.NO_TOKEN, text)
    answers = f"answers {status}" if status else "does not answer"
    text = f"the identity endpoint {answers} and gives no token."
    return Verdict(reasons.NO_TOKEN, text, passing=True)


def _refused(seen: Seen, model: str) -> Verdict:
    if seen.status == 403:
        return _forbidden(seen, model)
    if seen.status == 404:
        text = (
            "the vault answers 404: it has no secret spec.probe.secretName. Make it, or name "
            "another; that proves nothing about the access."
        )
        return Verdict(reasons.PROBE_SECRET_MISSING, text, at_once=True)
    if seen.status == 401:
        text = "the vault answers 401: it does not take the token. It may be of another tenant."
        return Verdict(reasons.PROBE_FAILED, text)
    answers = f"answers {seen.status}" if seen.status else "does not answer"
    return Verdict(reasons.PROBE_FAILED, f"the vault {answers}.", passing=True)


def _forbidden(seen: Seen, model: str) -> Verdict:
    word = "ForbiddenByPolicy" if seen.cause == OLD_WORD else seen.cause
    if word in _WAYS_OUT:
        reason, text = _WAYS_OUT[word]
        at_once = word in ("ForbiddenByFirewall", "SecretDisabled")
        return Verdict(reason, f"the vault answers 403 {word}: {text}.", at_once=at_once)
    reason = reasons.FORBIDDEN_BY_RBAC if model == "RBAC" else reasons.FORBIDDEN_BY_POLICY
    text = (
        f"the vault answers 403. {seen.tool} does not show for which cause; the vault goes by "
        "this one. Look at its network rules too, and whether the secret is enabled."
    )
    return Verdict(reason, text)
