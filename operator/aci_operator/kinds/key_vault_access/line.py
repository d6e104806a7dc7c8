"""The line that a probe types into a container's shell. Pure.

It asks for a token and the secret, as the article does by hand, with the first of `curl`, `wget`
and `az` that the container has, and prints what `look.read` reads: the tool, the identity
endpoint's status, whether there was a token, the vault's status, and the vault's own name for a
refusal. Token and value stay in variables of the shell and in a child's input (curl) or arguments
(wget). Beside the tool it takes nothing but a POSIX shell.

No exit code leaves the container, and a terminal shows the line too: so the answer is made of what
the line does not hold. No `!` stands in it, which an interactive bash would replace.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote

WORDS = ("ForbiddenByPolicy", "ForbiddenByRbac", "ForbiddenByFirewall", "SecretDisabled")
"""The vault's own names for a 403 (azure.md section 10.2)."""
OLD_WORD = "AccessDenied"
"""What older vaults say for ForbiddenByPolicy."""
LONGEST = 4000
"""Characters: a terminal takes 4,096 in one line."""
_SAFE = re.compile(r"[A-Za-z0-9.:/_-]+")
_TOKEN = "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01"
_BEGIN = (
    "w=none h= t= v= b= e=; "
    "p() { case $1 in *'\"access_token\"'*) t=${1#*'\"access_token\"'}; t=${t#*'\"'}; "
    "t=${t%%'\"'*};; esac; }; "
    "c() { case $1 in *HTTP/?.?' '*) r=${1#*HTTP/?.? }; r=${r%% *};; *) r=;; esac; }; "
    "n() { case $1 in [1-5][0-9][0-9]) echo $1;; esac; }; "
    "has() { command -v $1 >/dev/null 2>&1; }; "
)
_CURL = (
    "if has curl; then w=curl; g() { curl -s -m 10 -w ' %{http_code}' \"$@\"; }; "
    'a=$(g -H Metadata:true "$u"); h=${a##* }; p "$a"; '
    '[ -z "$t" ] || b=$(printf \'header = "Authorization: Bearer %s"\\n\' "$t" | '
    'g -K - "$s"); v=${b##* }; '
)
"""`-K -` takes the header from the input: no other process sees it, and every curl knows it."""
_WGET = (
    "elif has wget; then w=wget k= x=; "
    "case $(wget --help 2>&1) in *--no-hsts*) k='--content-on-error --no-hsts';; "
    "*--content-on-error*) k=--content-on-error;; esac; "
    'g() { wget -q -S -O - -t 1 -T 10 $k "$@" 2>&1; }; '
    '[ "$k" ] || x=$(g "$s"); '
    "case $x in *'alidation not implemented'*) w=wget-unverified;; "
    '*) a=$(g --header Metadata:true "$u"); c "$a"; h=$r; p "$a"; '
    '[ -z "$t" ] || b=$(g --header "Authorization: Bearer $t" "$s"); c "$b"; v=$r;; esac; '
)
"""Busybox has no `--content-on-error`, hence no word of the vault's. Its own TLS checks no
certificate and says so: asked first without a token, it then gets none."""
_AZ = (
    "elif has az; then w=az; d=$(mktemp -d 2>/dev/null) || d=/tmp/aci-probe.$$; "
    "export AZURE_CONFIG_DIR=$d; "
    'i() { a=$(az login --identity --allow-no-subscriptions -o none "$@" 2>&1) && h=200 t=1; }; '
)
_AZ_ASK = (
    'if [ "$t" ]; then '
    'b=$(az rest --method get --url "$s" --resource "$f" -o none 2>&1) && v=200 b=; '
    "else case $a in *'dentity not found'*) h=400;; esac; fi; "
    "case $b in *Unauthorized*) v=401;; *SecretNotFound*) v=404;; "
    "*Forbidden*) v=403;; *'Too Many Requests'*) v=429;; esac; "
    'rm -rf "$d"; '
)
"""In a configuration folder of its own, so that the container's own sign-in stays as it is."""
_END = (
    'fi; [ "$v" = 200 ] || for x in %s; do case $b in *$x*) e=$x; break;; esac; done; '
    'echo "aci-probe=$w/$(n $h)/${t:+1}/$(n $v)/$e="'
)


class Asked(NamedTuple):
    """What to ask: a token for an audience and an identity, then the secret at a URL."""

    audience: str
    url: str
    """Of the secret, without a query."""
    client_id: str = ""
    object_id: str = ""
    """Who of the group's identities; both empty: its system-assigned one (azure.md section 13)."""


def line(asked: Asked) -> str:
    """Give the line. Raises ValueError for what does not belong into a shell."""
    for text in asked:
        if text and not _SAFE.fullmatch(text):
            raise ValueError(f"{text!r} holds what no shell should see")
    if not (asked.audience and asked.url):
        raise ValueError("no audience or no address, where a probe needs both")
    places = (
        f"u='{_TOKEN}&resource={quote(asked.audience, safe='')}{_selector(asked)}' "
        f"s='{asked.url}?api-version=7.4' f='{asked.audience}'; "
    )
    end = _END % " ".join((*WORDS, OLD_WORD))
    return _BEGIN + places + _CURL + _WGET + _AZ + _login(asked) + _AZ_ASK + end


def _selector(asked: Asked) -> str:
    if asked.client_id:
        return f"&client_id={asked.client_id}"
    return f"&object_id={asked.object_id}" if asked.object_id else ""


def _login(asked: Asked) -> str:
    """Sign in as one identity; older versions of `az` know one option for all kinds of IDs."""
    given = asked.client_id or asked.object_id
    if not given:
        return "i; "
    option = "--client-id" if asked.client_id else "--object-id"
    return f"i {option} {given} || case $a in *'ecognized arg'*) i --username {given};; esac; "
