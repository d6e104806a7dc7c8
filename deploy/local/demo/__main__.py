"""The command `python -m demo`: exit code 0 if all was as told, 1 if not, 128 + n for signal n."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
import traceback
from contextlib import ExitStack
from pathlib import Path

from control_plane import ControlPlaneError
from demo.expectation import Unmet
from demo.interruptions import Interrupted, Interruptions
from demo.narrator import Narrator
from demo.steps import deletion, examples, refusal, rest, switching
from demo.steps.installation import Installation
from demo.steps.keeping import keep

_CREATION = (
    examples.user_assigned,
    examples.system_assigned,
    examples.both,
    refusal.without_grant,
    switching.switch_on,
    examples.overview,
    rest.idle,
    rest.count,
)


def main() -> int:
    """Run the demo; give the exit code."""
    narrator, interruptions, begun = Narrator(), Interruptions(), time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="aci-operator-demo-"))
    try:
        _play(folder, narrator, interruptions)
    except Interrupted as interrupted:
        shutil.rmtree(folder)
        narrator.plain(f"\ndemo: ended by {interrupted}; nothing is left running")
        return interrupted.code
    except Exception as error:  # whatever it is, what was started has ended, and the logs stay
        _report(narrator.current, error, folder)
        return 1
    shutil.rmtree(folder)
    took = time.monotonic() - begun
    narrator.plain(f"\ndemo: all as told, in {took:.0f} s; nothing is left running")
    return 0


def _play(folder: Path, narrator: Narrator, interruptions: Interruptions) -> None:
    """Tell all steps; whatever happens, end what was started before leaving."""
    logs, temporary = folder / "logs", folder / "tmp"
    logs.mkdir()
    temporary.mkdir()
    os.environ["TMPDIR"] = str(temporary)  # what a killed process leaves goes with the rest
    with ExitStack() as exits:
        try:
            interruptions.allow()
            scene = Installation(folder, logs, narrator, exits).open()
            for step in _CREATION:
                step(scene)
            if os.environ.get("KEEP", "0") not in ("", "0"):
                keep(scene)
            else:
                deletion.delete(scene)
        finally:
            interruptions.refuse()


def _report(step: str, error: Exception, folder: Path) -> None:
    """Say what went wrong; of the files only the logs are kept."""
    told = [f"\ndemo: FAILED at {step}"]
    if isinstance(error, Unmet):
        told += [f"  expected  {error.expected}", f"  saw       {error.seen}"]
    elif isinstance(error, ControlPlaneError):
        told += [f"  {error}"]
    else:
        told += traceback.format_exception(error)
    for path in folder.iterdir():
        if path.name != "logs":
            shutil.rmtree(path)
    told += [f"  log       {log}" for log in sorted((folder / "logs").iterdir())]
    print("\n".join(told), file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
