"""The samples with an account of one's own in place of the zeros, as their first file asks."""

from __future__ import annotations

import shutil
from pathlib import Path

from stage.account import Account
from stage.install import ROOT


def prepare_samples(folder: Path, account: Account) -> Path:
    """Copy `deploy/samples` to `folder` (which must not exist) with that account; give `folder`."""
    shutil.copytree(ROOT / "deploy/samples", folder)
    (folder / "base/account.yaml").write_text(account.manifest())
    return folder
