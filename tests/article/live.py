"""`make live`: the article's story told to a real subscription, and written down, scrubbed.

Tried against the emulated Azure only: whoever has a subscription is the first to run it there.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from article.azure_cli import NotInstalled, ensure_installed
from article.pseudo_terminal import missing
from article.recorder.recording import Leak, Recorder, stands_for
from article.story import Names, Story, clean_up
from article.terminal import Account, CommandFailed, Terminal, sign_in

_NEEDED = {
    "AZURE_SUBSCRIPTION_ID": "the subscription in which everything is made, and deleted again",
    "AZURE_TENANT_ID": "its tenant",
    "AZURE_CLIENT_ID": "a service principal that may do everything in the subscription (Owner) "
    "and read the directory",
    "AZURE_CLIENT_SECRET": "its secret",
    "LIVE_CONFIRM": "the subscription's ID once more: this costs money, and deletes what it made",
}
_WAYS = (
    *("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"),
    *("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "WEBSOCKET_CLIENT_CA_BUNDLE"),
)
"""Variables that say how the network is reached."""
_NOTE = (
    "Recorded by `make live`: Resource Manager and vaults only; secrets, tokens and operations' "
    "signatures left out, IDs, names and addresses replaced."
)
After = Callable[[str, Story], Awaitable[None]]
"""Told when a part of the story is over: its name."""


class Refused(Exception):
    """What was asked for is not done; the text says why, and what to do."""


@dataclass(frozen=True)
class Run:
    """One run: who, under which names, by which way, and where its recording goes."""

    account: Account
    names: Names
    ways: Mapping[str, str]
    recording: Path
    forbidden: tuple[str, ...] = ()
    """More texts that must not stand in the recording."""


def needed() -> Mapping[str, str]:
    """Give the variables that must be set, each with what it is."""
    return _NEEDED


def run_of(environ: Mapping[str, str], run_id: str) -> Run:
    """Read what to do from environment variables; raises Refused, naming all that are missing."""
    lacking = [f"  {name}: {why}" for name, why in _NEEDED.items() if not environ.get(name)]
    if lacking:
        raise Refused("\n".join(["these variables must be set:", *lacking]))
    account = Account(
        environ["AZURE_SUBSCRIPTION_ID"],
        environ["AZURE_TENANT_ID"],
        environ["AZURE_CLIENT_ID"],
        environ["AZURE_CLIENT_SECRET"],
    )
    if environ["LIVE_CONFIRM"].lower() != account.subscription_id.lower():
        raise Refused("LIVE_CONFIRM is not the ID in AZURE_SUBSCRIPTION_ID: nothing is done")
    names = Names(f"aci-operator-live-{run_id}", f"acilive{run_id}")
    ways = {name: environ[name] for name in _WAYS if name in environ}
    return Run(account, names, ways, Path("live-recordings") / f"article-{run_id}.json")


async def perform(run: Run, az: Path, folder: Path, after: After | None = None) -> Recorder:
    """Tell the story, write its recording, and delete what it made, also after a failure.

    Raises Refused if the group is there already or something could not be deleted (which is also
    said on stderr at once), CommandFailed for the first command that ends with an error, Leak.
    """
    plain = Terminal(az, folder / "home", run.ways)
    plain.folder.mkdir(parents=True)
    await sign_in(plain, run.account)
    await _refuse_existing(plain, run.names)
    recorder = Recorder(folder / "recorder", _stand_ins(run))
    story = Story(Terminal(az, plain.folder, {**run.ways, **recorder.environ()}), run.names)
    try:
        await _tell(story, after)
        recorder.write(run.recording, _NOTE, _forbidden(run))
    finally:
        failed = await clean_up(plain, run.names)
        for text, why in failed.items():
            print(f"live: {run.names.put_into(text)} failed: {why}", file=sys.stderr)
    if failed:
        raise Refused("not everything could be deleted; see above")
    return recorder


async def _tell(story: Story, after: After | None) -> None:
    parts = {
        "example 1": story.vault_and_user_assigned,
        "shell of example 1": story.shell_of_user_assigned,
        "example 2": story.system_assigned,
        "shell of example 2": story.shell_of_system_assigned,
        "other forms": story.other_forms,
    }
    for name, part in parts.items():
        if name.startswith("shell") and missing():
            continue
        await part()
        if after is not None:
            await after(name, story)


async def _refuse_existing(terminal: Terminal, names: Names) -> None:
    exists = await terminal.run(f"az group exists --name {names.group}")
    if exists.strip() != "false":
        raise Refused(f"the resource group {names.group} is there already, and would be deleted")


def _stand_ins(run: Run) -> dict[str, str]:
    article = Names()
    account = run.account
    return {
        **stands_for(account.subscription_id, account.tenant_id),
        run.names.group: article.group,
        run.names.vault: article.vault,
    }


def _forbidden(run: Run) -> list[str]:
    """List what must not stand in a recording: all that is this run's own."""
    account, known = run.account, _stand_ins(run).values()
    own = [
        account.subscription_id,
        account.tenant_id,
        account.client_id,
        account.client_secret,
        run.names.group,
        run.names.vault,
        *run.forbidden,
    ]
    return [each for each in own if each not in known]


def main() -> int:
    """Do it; 1 when something is missing or fails, which is then said."""
    print(
        "live: the article's commands on a real subscription. So far this has only ever been run "
        "against the emulated Azure.",
        file=sys.stderr,
        flush=True,
    )
    try:
        run = run_of(os.environ, secrets.token_hex(4))
        with tempfile.TemporaryDirectory(prefix="article-live-") as folder:
            asyncio.run(perform(run, ensure_installed(os.environ), Path(folder), _report))
    except (Refused, NotInstalled, CommandFailed, Leak, TimeoutError) as error:
        print(f"live: {error}", file=sys.stderr)
        return 1
    print(f"live: {run.recording} is written: read it, then put it to tests/emulator/recordings")
    return 0


async def _report(part: str, _: Story) -> None:
    print(f"live: {part}: done", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
