"""Where the pinned Azure CLI is kept, and what is said when it cannot be had."""

from __future__ import annotations

from pathlib import Path

import pytest

from article import azure_cli
from article.azure_cli import NotInstalled, ensure_installed, folder


def test_it_lies_in_the_cache_outside_the_tree(tmp_path: Path) -> None:
    kept = folder({"XDG_CACHE_HOME": str(tmp_path)})
    assert kept.parent == tmp_path / "aci-operator/azure-cli"
    assert folder({"HOME": str(tmp_path)}).parent == tmp_path / ".cache/aci-operator/azure-cli"


def test_the_lock_file_pins_every_package_and_the_cli_itself() -> None:
    lines = (Path(azure_cli.__file__).with_name("azure-cli.lock")).read_text().splitlines()
    assert [line for line in lines if "==" not in line] == []
    assert f"azure-cli=={azure_cli.VERSION}" in lines


def test_without_uv_it_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(azure_cli, "_ROOT", tmp_path)
    with pytest.raises(NotInstalled, match="make article-cli"):
        ensure_installed({"XDG_CACHE_HOME": str(tmp_path), "PATH": ""})


def test_a_failed_installation_is_said_and_tried_again(tmp_path: Path) -> None:
    uv = tmp_path / "uv"
    uv.write_text(f'#!/bin/sh\necho "$*" >>{tmp_path}/log\nexit 1\n')
    uv.chmod(0o755)
    environ = {"XDG_CACHE_HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "UV": str(uv)}
    for _ in range(2):
        with pytest.raises(NotInstalled, match="could not install"):
            ensure_installed(environ)
    tried = (tmp_path / "log").read_text().splitlines()
    assert [line.split()[-1] for line in tried] == [f"azure-cli=={azure_cli.VERSION}"] * 2


def test_what_is_installed_is_not_installed_again(tmp_path: Path) -> None:
    environ = {"XDG_CACHE_HOME": str(tmp_path), "PATH": ""}
    target = folder(environ)
    target.mkdir(parents=True)
    (target / "complete").touch()
    assert ensure_installed(environ) == target / "bin/az"
