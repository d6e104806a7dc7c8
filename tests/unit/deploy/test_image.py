"""The image's build finds what it copies, and copies what the package is made of."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[3]
IMAGE = ROOT / "deploy" / "image"


def copied() -> set[str]:
    """Give what the Dockerfile takes from the project's root."""
    lines = re.findall(r"^COPY (?!--from)(.+)$", (IMAGE / "Dockerfile").read_text(), re.MULTILINE)
    return {source for line in lines for source in line.split()[:-1]}


def test_what_the_build_copies_is_there_and_nothing_else_is_let_in() -> None:
    ignored = (IMAGE / "Dockerfile.dockerignore").read_text().splitlines()
    let_in = {line[1:] for line in ignored if line.startswith("!")}
    missing = [source for source in copied() if not (ROOT / source).exists()]
    assert (let_in, missing) == (copied(), [])


def test_the_build_copies_every_folder_that_the_package_is_made_of() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    parts = wheel["targets"]["wheel"]
    folders = {Path(path).parts[0] for path in [*parts["packages"], *parts["force-include"]]}
    assert folders - copied() == set()
