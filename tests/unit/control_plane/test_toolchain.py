"""Which Go is taken, and what is said when there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from control_plane import ControlPlaneError
from control_plane.toolchain import GO_PACKAGE, Go, find_go, required_version


def program(folder: Path, name: str, says: str, code: int = 0) -> str:
    """Write a program that says one line, whatever it is asked."""
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{says}'\nexit {code}\n")
    path.chmod(0o755)
    return str(path)


def test_go_line_is_read_as_numbers() -> None:
    assert required_version("module m\n\ngo 1.24.0\n") == (1, 24, 0)


def test_new_enough_go_of_the_machine_is_taken(tmp_path: Path) -> None:
    go = program(tmp_path, "go", "go1.26.8")
    assert find_go({"PATH": str(tmp_path)}) == Go((go,), "1.26.8", borrowed=False)


@pytest.mark.parametrize(("says", "code"), [("go1.19.2", 0), ("no version set", 127)])
def test_old_or_broken_go_is_passed_by_for_the_packaged_one(
    tmp_path: Path, says: str, code: int
) -> None:
    program(tmp_path, "go", says, code)
    uv = program(tmp_path, "uv", "go1.26.6")
    command = (uv, "tool", "run", "--from", GO_PACKAGE, "go")
    assert find_go({"PATH": str(tmp_path)}) == Go(command, "1.26.6", borrowed=True)


def test_named_uv_goes_before_the_one_on_path(tmp_path: Path) -> None:
    program(tmp_path, "uv", "go1.25.0")
    named = program(tmp_path, "other", "go1.26.6")
    assert find_go({"PATH": str(tmp_path), "UV": named}).version == "1.26.6"


def test_packaged_go_that_fails_is_told_with_the_command(tmp_path: Path) -> None:
    uv = program(tmp_path, "uv", "no such package", 2)
    with pytest.raises(ControlPlaneError) as failed:
        find_go({"PATH": str(tmp_path)})
    assert str(failed.value) == (
        f"`{uv} tool run --from {GO_PACKAGE} go` gives no Go 1.24.0 or newer"
    )
