"""Each rule of the normalisation: what Azure answers by it is no drift."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest

from aci_operator.kinds.container_group.body import build
from aci_operator.kinds.container_group.normal import differences
from aci_operator.kinds.container_group.normal_rules import ABSENT, RULES, Rule
from unit.crds import schemas
from unit.kinds.container_group.builders import answered, inputs_for
from unit.kinds.container_group.crd_specs import everything, group_schema

JSON = dict[str, Any]
SMALL: JSON = {
    "location": "westeurope",
    "properties": {
        "osType": "Linux",
        "ipAddress": {"type": "Public", "ports": [{"port": 80}]},
        "containers": [
            {
                "name": "app",
                "properties": {
                    "image": "a",
                    "resources": {"requests": {"cpu": 1, "memoryInGB": 1.5}},
                },
            }
        ],
    },
}


def body(rule: Rule, value: Any) -> JSON:
    """Give a small body with that value where the rule speaks of."""
    whole = copy.deepcopy(SMALL)
    apart = rule.field.startswith("/")
    holder: Any = whole if apart else whole["properties"]
    path = rule.field.removeprefix("/").replace("containers[0]", "containers.0.properties")
    *steps, last = (int(step) if step.isdigit() else step for step in path.split("."))
    for step in steps:
        holder = holder[step]
    if value is ABSENT:
        holder.pop(last, None)
    else:
        holder[last] = copy.deepcopy(value)
    return whole


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.field}: {rule.means}")
def test_an_answer_by_a_rule_is_no_drift(rule: Rule) -> None:
    assert differences(body(rule, rule.sent), body(rule, rule.answered)) == ()


def test_every_rule_speaks_of_two_forms_and_says_how_it_is_known() -> None:
    """A number and its float are one in Python, so they are told apart by their text."""
    wrong = [rule for rule in RULES if repr(rule.sent) == repr(rule.answered)]
    tagged = re.compile(r"azure\.md section \d+.*\[[a-z, ]+\]")
    assert (wrong, [rule for rule in RULES if not tagged.match(rule.evidence)]) == ([], [])


FULL = everything()[0]
WORDS = sorted({word for _, node in schemas.walk(group_schema()) for word in node.get("enum", ())})


def in_capitals(value: Any, words: list[str]) -> Any:
    """Write every word of an enumeration in capitals, as an answer may."""
    if isinstance(value, dict):
        return {name: in_capitals(inner, words) for name, inner in value.items()}
    if isinstance(value, list):
        return [in_capitals(inner, words) for inner in value]
    return value.upper() if value in words and isinstance(value, str) else value


def test_no_word_of_any_field_is_drift_for_its_letter_case() -> None:
    sent = build(FULL, inputs_for(FULL))
    answer = answered(sent)
    shouted = {**answer, **in_capitals({"properties": answer["properties"]}, WORDS)}
    assert shouted != answer
    assert differences(sent, shouted) == ()
