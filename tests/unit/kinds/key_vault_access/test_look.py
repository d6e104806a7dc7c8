"""What a probe's answer means."""

from __future__ import annotations

import pytest

from aci_operator.kinds.key_vault_access.look import Seen, Verdict, judge, read


def verdict(shown: str, model: str = "AccessPolicy") -> Verdict:
    found = judge(f"# {shown}\r\n# ", model)
    assert found is not None
    return found


def kind(found: Verdict) -> tuple[str, bool, bool, bool]:
    return found.reason, found.at_once, found.passing, found.blind


WAITS, AT_ONCE, PASSING = (False, False, False), (True, False, False), (False, True, False)
BLIND, BLIND_FOR_NOW = (True, False, True), (False, True, True)
POLICY, RBAC, FIREWALL = "ForbiddenByPolicy", "ForbiddenByRbac", "ForbiddenByFirewall"
MISSING, TOOLS, FAILED = "ProbeSecretMissing", "ProbeToolMissing", "ProbeFailed"


def test_an_answer_is_read_by_its_parts() -> None:
    assert read("$ aci-probe=wget/200/1/403/ForbiddenByRbac=\r\n") == Seen(
        "wget", 200, True, 403, "ForbiddenByRbac"
    )


def test_a_secret_that_was_read_is_no_verdict() -> None:
    assert judge("aci-probe=az/200/1/200/=", "RBAC") is None


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("curl/200/1/403/ForbiddenByPolicy", (POLICY, *WAITS)),
        ("curl/200/1/403/AccessDenied", (POLICY, *WAITS)),
        ("wget/200/1/403/ForbiddenByRbac", (RBAC, *WAITS)),
        ("curl/200/1/403/ForbiddenByFirewall", (FIREWALL, *AT_ONCE)),
        ("az/200/1/403/SecretDisabled", (MISSING, *AT_ONCE)),
        ("curl/200/1/404/", (MISSING, *AT_ONCE)),
        ("curl/200/1/401/", (FAILED, *WAITS)),
        ("curl/200/1/429/", (FAILED, *PASSING)),
        ("curl/200/1/503/", (FAILED, *PASSING)),
        ("curl/200/1//", (FAILED, *PASSING)),
    ],
)
def test_the_vaults_refusal_is_told_by_status_and_word(
    answer: str, told: tuple[str, bool, bool, bool]
) -> None:
    assert kind(verdict(f"aci-probe={answer}=")) == told


@pytest.mark.parametrize(
    ("status", "told"),
    [("400", WAITS), ("", PASSING), ("404", PASSING), ("410", PASSING), ("429", PASSING)],
)
def test_an_endpoint_that_refuses_is_told_from_one_that_is_not_there_yet(
    status: str, told: tuple[bool, bool, bool]
) -> None:
    assert kind(verdict(f"aci-probe=curl/{status}///=")) == ("NoToken", *told)


@pytest.mark.parametrize(("model", "reason"), [("RBAC", RBAC), ("AccessPolicy", POLICY)])
def test_a_403_without_a_word_is_told_by_the_vaults_model(model: str, reason: str) -> None:
    found = verdict("aci-probe=wget/200/1/403/=", model)
    assert (found.reason, "network rules too" in found.text) == (reason, True)


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        ("aci-probe=none////=", (TOOLS, *BLIND)),
        ("aci-probe=wget-unverified////=", (TOOLS, *BLIND)),
        ("/bin/sh: No such file or directory", (TOOLS, *BLIND)),
        ('exec: "/bin/sh": stat /bin/sh: no such file or directory', (TOOLS, *BLIND)),
        ("", (FAILED, *BLIND_FOR_NOW)),
        (f"aci-probe=curl/{'2' * 5000}/1/200/=", (FAILED, *BLIND_FOR_NOW)),
        ("aci-probe=nc/200/1/200/=", (FAILED, *BLIND_FOR_NOW)),
        ("aci-probe=curl/200/1/2", (FAILED, *BLIND_FOR_NOW)),
        ("aci-pro\x1b[0mbe=curl/200/1/200/=", (FAILED, *BLIND_FOR_NOW)),
    ],
)
def test_who_could_not_look_knows_nothing_of_the_access(
    shown: str, told: tuple[str, bool, bool, bool]
) -> None:
    assert kind(verdict(shown)) == told
