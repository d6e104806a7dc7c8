"""A terminal with the Azure CLI in it: shell texts in, what they print out."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_PASSED_ON = ("PATH", "LANG", "LC_ALL", "TMPDIR")


class CommandFailed(Exception):
    """A command ended with an error."""

    def __init__(self, text: str, code: int, stderr: str) -> None:
        super().__init__(f"{text}\nended with code {code}: {stderr.strip()[-2000:]}")
        self.code = code
        self.stderr = stderr


@dataclass
class Terminal:
    """Runs texts with `sh`, one after the other; variables that a text sets stay set.

    `az` is the program, `folder` the working directory and the CLI's home, `environ` what the CLI
    is told beside that; nothing else of the caller's environment gets through.
    """

    az: Path
    folder: Path
    environ: Mapping[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """Give the environment of a command."""
        passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        return {
            **passed,
            "PATH": f"{self.az.parent}{os.pathsep}{passed.get('PATH', os.defpath)}",
            "HOME": str(self.folder),
            "AZURE_CONFIG_DIR": str(self.folder / "azure"),
            "AZURE_CORE_COLLECT_TELEMETRY": "0",
            "AZURE_CORE_NO_COLOR": "1",
            "AZURE_CORE_ONLY_SHOW_ERRORS": "1",
            **self.environ,
            **self.variables,
        }

    async def run(self, text: str, sets: Sequence[str] = (), **secrets: str) -> str:
        """Run a text and give its stdout; `secrets` are variables for this text alone.

        Raises CommandFailed.
        """
        kept = self.folder / "variables"
        kept.mkdir(parents=True, exist_ok=True)
        writing = [f"printf %s \"${{{name}}}\" >'{kept / name}'" for name in sets]
        process = await asyncio.create_subprocess_exec(
            "sh",
            "-euc",
            "\n".join([text, *writing]),
            cwd=self.folder,
            env={**self.environment(), **secrets},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        stdout, stderr = await process.communicate()
        if process.returncode:
            raise CommandFailed(text, process.returncode, stderr.decode(errors="replace"))
        self.variables.update({name: (kept / name).read_text() for name in sets})
        return stdout.decode()


@dataclass(frozen=True)
class Account:
    """Whom the CLI signs in as, and where it works."""

    subscription_id: str
    tenant_id: str
    client_id: str
    client_secret: str = field(repr=False)


async def sign_in(terminal: Terminal, account: Account) -> None:
    """Sign in, as the article asks beforehand; the secret is no argument, for those are public.

    Raises CommandFailed.
    """
    await terminal.run(
        "trap 'rm -f secret' EXIT\n"
        '(umask 077; printf %s "$CLIENT_SECRET" >secret)\n'
        'az login --service-principal --username "$CLIENT_ID" --password=@secret '
        '--tenant "$TENANT_ID" --output none\n'
        'az account set --subscription "$SUBSCRIPTION_ID"',
        CLIENT_ID=account.client_id,
        CLIENT_SECRET=account.client_secret,
        TENANT_ID=account.tenant_id,
        SUBSCRIPTION_ID=account.subscription_id,
    )
