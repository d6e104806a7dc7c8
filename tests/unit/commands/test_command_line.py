from __future__ import annotations

import pytest
from click.testing import CliRunner

from aci_operator.__main__ import main


@pytest.mark.parametrize("name", ["Team-A", "../other", "a_b", "-a", "a" * 64])
def test_a_watched_namespace_that_none_can_have_is_refused_by_name(name: str) -> None:
    result = CliRunner().invoke(main, ["run", "--watch-namespaces", f"team-a,{name}"])
    assert (result.exit_code, result.output.splitlines()[-1]) == (
        2,
        f"Error: Invalid value for '--watch-namespaces' (env var: "
        f"'ACI_OPERATOR_WATCH_NAMESPACES'): {name}: no name of a namespace",
    )


@pytest.mark.parametrize("options", [[], ["-A", "-n", "team-a"]])
def test_stripping_wants_one_namespace_or_all(options: list[str]) -> None:
    result = CliRunner().invoke(main, ["strip-finalizers", *options])
    assert (result.exit_code, result.output.splitlines()[-1]) == (
        2,
        "Error: name either --namespace or --all-namespaces",
    )
