"""The page `docs/article.md`: `python -m article.listing` prints it, from the reviewed lists."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from article import differences
from article.azure_cli import VERSION
from article.differences import Differences
from article.live import needed
from article.today import ADDED

_MOST = 72
"""Characters of a value that are shown."""
_INTRODUCTION = f"""\
# The article by the real Azure CLI

`tests/article` runs the commands of Microsoft's article, letter by letter and in its order, with
Azure CLI {VERSION} (from PyPI, 370 MB, put by `make article-cli` into an environment of its own
under `~/.cache/aci-operator/azure-cli`). The CLI takes the emulated Azure for the real one: it is
given a proxy and a CA, and uses Azure's own addresses.

- Both examples: group, vault, secret, identity, access policy, `container create` with
  `--assign-identity` in its three forms and with `--scope`, `container show`.
- `container exec` at a pseudo-terminal, and in that shell both `curl`s for a token, the `curl` for
  the secret, `az login --identity` and `az keyvault secret show`. The shell is one of this machine;
  without bash, curl, jq or a pseudo-terminal these tests are skipped, naming what is missing.
- The identity blocks of the article's YAML files (`az container create --file`) and of its
  templates. A template's resource is sent by `az rest --method put`: the emulator has no
  deployments, and refuses them as a type that is not there.

Then the same examples are done by `kubectl apply` on a second emulated Azure, and what the two hold
is compared. This page is made by `make evidence`; a test holds it against the lists.
"""
_LIVE = """\
## On a real subscription: `make live`

It tells the same story to Azure itself, and writes down what the CLI and Azure said, in the format
of `tests/emulator/recordings`. **It has only ever been run against the emulator**: no subscription
was at hand. It needs

{needed}

and makes a resource group and a vault of names of its own, which are deleted and purged in the end,
also after a failure. What cannot be deleted is named. The recording goes to `live-recordings/`:
Resource Manager and vaults only, since Entra's traffic is all tokens and Graph's is about people.
Each exchange is scrubbed inside the CLI before it reaches the disk: secrets' values, passwords,
tokens, exec's sockets and the signatures of operations are left out; subscription, tenant, object
and client IDs, names, mail and network addresses are replaced, each by the same every time. If a
token, or anything of the run's own, were left, nothing is written. Read it all the same before you
put it to the others; `tests/emulator/preparations.py` then has to say who its vault's owner is.
"""


def page() -> str:
    """Give the whole page."""
    parts = (
        [_INTRODUCTION],
        _words(),
        _table(
            "## Where the output is not the article's",
            "`container show` with the user-assigned identity: `identity`",
            ("the article", "today"),
            differences.USER_ASSIGNED_IDENTITY,
        ),
        _table(
            "",
            "`container show` with the system-assigned identity: `identity`",
            ("the article", "today"),
            differences.SYSTEM_ASSIGNED_IDENTITY,
        ),
        _table("", "`curl` for a token", ("the article", "today"), differences.TOKEN),
        _table("", "`curl` for the secret", ("the article", "today"), differences.SECRET),
        *_states(),
        [_LIVE.format(needed="\n".join(f"- `{name}`: {why}" for name, why in needed().items()))],
    )
    return "\n".join(line for part in parts for line in part)


def _words() -> Iterator[str]:
    yield "## Where today's CLI needs other words"
    yield ""
    yield "| command | words added | because |"
    yield "|---|---|---|"
    for command, words, why in ADDED:
        yield f"| `{command}` | `{words}` | {why} |"
    yield ""


def _states() -> Iterator[Iterator[str]]:
    each = differences.EACH
    heading = "## Where our custom resources leave another Azure than the CLI"
    columns = ("the CLI", "our custom resources")
    yield _table(heading, "Both examples", columns, each)
    for example, listed in differences.STATES.items():
        own = {path: entry for path, entry in listed.items() if path not in each}
        yield _table("", f"Only {example}", columns, own)


def _table(
    heading: str, title: str, columns: tuple[str, str], listed: Differences
) -> Iterator[str]:
    if heading:
        yield from (heading, "")
    yield from (f"{title}:", "")
    yield f"| | {columns[0]} | {columns[1]} | because |"
    yield "|---|---|---|---|"
    for path, (one, other, why) in listed.items():
        yield f"| `{path}` | {_cell(one)} | {_cell(other)} | {why} |"
    yield ""


def _cell(value: Any) -> str:
    if value is None:
        return "absent"
    text = json.dumps(value)
    return f"`{text}`" if len(text) <= _MOST else f"`{text[: _MOST - 3]}...`"


if __name__ == "__main__":
    print(page(), end="")
