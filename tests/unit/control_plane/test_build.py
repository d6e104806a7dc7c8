"""Where the built programs are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from control_plane import build, programs
from control_plane.errors import ControlPlaneError
from control_plane.toolchain import MODULE


def test_cache_is_below_home_unless_told_otherwise(tmp_path: Path) -> None:
    places = [
        build.folder({"HOME": "/home/jane"}).parent,
        build.folder({"HOME": "/home/jane", "XDG_CACHE_HOME": "/cache"}).parent,
    ]
    assert places == [
        Path("/home/jane/.cache/aci-operator/control-plane"),
        Path("/cache/aci-operator/control-plane"),
    ]


@pytest.mark.parametrize("name", ["go.mod", "go.sum"])
def test_other_pins_are_another_folder(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in ("go.mod", "go.sum"):
        (tmp_path / file).write_bytes((MODULE / file).read_bytes())
    monkeypatch.setattr(build, "MODULE", tmp_path)
    before = build.folder({"HOME": "/home/jane"})
    (tmp_path / name).write_text("changed")
    assert build.folder({"HOME": "/home/jane"}) != before


def test_what_is_built_is_not_built_again(tmp_path: Path) -> None:
    environ = {"XDG_CACHE_HOME": str(tmp_path), "PATH": ""}
    build.folder(environ).mkdir(parents=True)
    assert build.ensure_built(environ) == build.folder(environ)


def test_folder_of_assets_without_a_program_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "kube-controller-manager").touch()
    with pytest.raises(ControlPlaneError) as refused:
        programs.find_programs({"KUBEBUILDER_ASSETS": str(tmp_path)})
    assert str(refused.value) == f"{tmp_path / 'etcd'} is missing or cannot be run"
