from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from control_plane import ControlPlane

OPERATOR = Path(__file__).parents[3] / "operator"


def run(*args: str) -> tuple[int, str]:
    """Exit code, and what the last line of the log says."""
    done = subprocess.run(
        [sys.executable, "-m", "aci_operator", *args],
        env={**os.environ, "PYTHONPATH": str(OPERATOR), "ACI_OPERATOR_HEALTH_PORT": "0"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    line: dict[str, Any] = json.loads(done.stderr.splitlines()[-1])
    return done.returncode, line["message"]


def test_an_operator_without_credentials_says_so_and_ends(tmp_path: Path) -> None:
    code, message = run("run", "--kubeconfig", str(tmp_path / "none"))
    assert (code, "no way to reach the API server" in message) == (1, True)


def test_an_operator_without_rights_names_the_missing_one_and_ends(
    control_plane: ControlPlane, crds: None
) -> None:
    code, message = run("run", "--kubeconfig", str(control_plane.kubeconfig_for("nobody-special")))
    assert (code, '"nobody-special" cannot' in message) == (1, True)


def test_an_operator_whose_port_is_taken_says_so_and_ends(control_plane: ControlPlane) -> None:
    port = control_plane.url.rpartition(":")[2]
    config = str(control_plane.kubeconfig)
    code, message = run("run", "--kubeconfig", config, "--health-port", port)
    assert (code, "address already in use" in message) == (1, True)


def test_a_proxy_that_is_none_is_refused_without_its_password() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "aci_operator", "run"],
        env={
            **os.environ,
            "PYTHONPATH": str(OPERATOR),
            "HTTPS_PROXY": "socks5://user:canary-word@host",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, "--azure-proxy" in done.stderr) == (2, True)
    assert "canary-word" not in done.stderr
