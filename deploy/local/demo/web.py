"""HTTP to loopback addresses: as `curl` where there is one, else as Python's own client does it."""

from __future__ import annotations

import functools
import json
import shutil
import ssl
import subprocess
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from demo.expectation import Unmet

_LONGEST = 30


@dataclass(frozen=True)
class Answer:
    """What came back: status and JSON body (`{}` for none)."""

    status: int
    body: Any


@dataclass(frozen=True)
class Get:
    """A GET with one header, whose value is never shown nor put on a command line.

    `shown_url` and `shown_header` are how a person would type it, variables and all.
    """

    url: str
    header: tuple[str, str] = field(repr=False)
    shown_url: str
    shown_header: str
    ca_file: Path | None = None

    def as_curl(self) -> str:
        """Write the command line that does the same."""
        trust = f" --cacert {self.ca_file}" if self.ca_file else ""
        return f'curl -s "{self.shown_url}" \\\n      -H {self.shown_header}{trust}'

    def send(self) -> Answer:
        """Send it. Raises Unmet when nothing answers."""
        return _by_curl(self) if has_curl() else _by_python(self)


@functools.cache
def has_curl() -> bool:
    """Say whether this machine has a `curl` that runs."""
    program = shutil.which("curl")
    if program is None:
        return False
    return subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0


def ask(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    data: bytes | None = None,
    ca_file: Path | None = None,
) -> Answer:
    """Send a request with Python's client, past any proxy. Raises Unmet when nothing answers."""
    request = urllib.request.Request(url, data=data, headers=dict(headers or {}), method=method)
    context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
    )
    try:
        with opener.open(request, timeout=_LONGEST) as answer:
            return Answer(answer.status, json.loads(answer.read() or b"{}"))
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, json.loads(error.read() or b"{}"))
    except OSError as error:
        raise Unmet(f"an answer from {url.partition('?')[0]}", error) from None


def _by_curl(get: Get) -> Answer:
    command = ["curl", "--disable", "-sS", "--noproxy", "*", "--max-time", str(_LONGEST)]
    trust = ["--cacert", str(get.ca_file)] if get.ca_file else []
    done = subprocess.run(
        [*command, *trust, "-H", "@-", "-w", "\n%{http_code}", get.url],
        input=": ".join(get.header),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Unmet(f"an answer from {get.url.partition('?')[0]}", done.stderr.strip())
    body, _, status = done.stdout.rpartition("\n")
    return Answer(int(status), json.loads(body or "{}"))


def _by_python(get: Get) -> Answer:
    return ask("GET", get.url, headers=dict([get.header]), ca_file=get.ca_file)
