"""The line that a probe types, and what its answer means."""

from __future__ import annotations

import pytest

from aci_operator.kinds.key_vault_access.look import Seen, cause, line, read

WHO, URL = "11111111-2222-4333-8444-555555555555", "https://v.vault.azure.net/secrets/s"


def test_the_line_itself_is_no_answer_when_a_terminal_shows_it() -> None:
    assert read(line("https://vault.azure.net", WHO, URL)) is None


@pytest.mark.parametrize("text", ["a'b", "a b", "$(id)", "a;b", "`id`", ""])
def test_what_could_be_a_command_is_never_typed(text: str) -> None:
    with pytest.raises(ValueError, match="no shell should see"):
        line("https://vault.azure.net", WHO, f"{URL}{text}" if text else "")


@pytest.mark.parametrize(
    ("shown", "seen", "reason"),
    [
        ("aci-probe=1/403/ForbiddenByPolicy=", Seen(True, 403, "ForbiddenByPolicy"), "Policy"),
        ("aci-probe=1/403/AccessDenied=", Seen(True, 403, "AccessDenied"), "Policy"),
        ("aci-probe=1/403/ForbiddenByRbac=", Seen(True, 403, "ForbiddenByRbac"), "Rbac"),
        (
            "aci-probe=1/403/ForbiddenByFirewall=",
            Seen(True, 403, "ForbiddenByFirewall"),
            "Firewall",
        ),
    ],
)
def test_a_403_is_told_by_its_cause(shown: str, seen: Seen, reason: str) -> None:
    assert (read(f"# {shown}\r\n# "), cause(seen)) == (seen, f"ForbiddenBy{reason}")


@pytest.mark.parametrize(
    ("shown", "reason"),
    [
        ("aci-probe=/401/=", "NoToken"),
        ("aci-probe=1/404/=", "ProbeFailed"),
        ("aci-probe=1//=", "ProbeFailed"),
        ("aci-probe=1/403/=", "ProbeFailed"),
    ],
)
def test_what_is_no_refusal_of_the_vault_is_told_apart(shown: str, reason: str) -> None:
    seen = read(shown)
    assert seen is not None
    assert cause(seen) == reason
