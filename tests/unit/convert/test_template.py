"""Templates, evaluated."""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.convert.place import Place
from aci_operator.convert.template import Template
from aci_operator.convert.values import Hidden, Late, Refused

PLACE = Place("S", "rg1", "eastus", "T")
GROUP_ID = "/subscriptions/S/resourceGroups/rg1"
IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities"


def evaluated(expression: Any, given: dict[str, Any] | None = None) -> Any:
    document = {
        "parameters": {
            "Name": {"type": "string", "defaultValue": "web"},
            "empty": {"type": "string"},
            "password": {"type": "secureString", "defaultValue": "canary"},
            "label": {"type": "string", "defaultValue": "[uniqueString(resourceGroup().id)]"},
        },
        "variables": {"a": "[variables('b')]", "b": "[variables('a')]", "o": {"K": [1, 2]}},
        "resources": [{"type": IDENTITY, "name": "id1"}],
    }
    template = Template(document, PLACE, given or {})
    template.resources()
    return template.evaluated(expression)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("[parameters('NAME')]", "web"),
        ("[[parameters('name')]", "[parameters('name')]"),
        ("[concat('a', 1, '-', parameters('name'))]", "a1-web"),
        ("[concat(createArray(1), createArray(2))]", [1, 2]),
        ("[format('{0}/{1}/{{x}}', 'a', 2)]", "a/2/{x}"),
        ("[variables('o').k[1]]", 2),
        ("[resourceGroup().location]", "eastus"),
        ("[subscription().tenantId]", "T"),
        ("[resourceId('A.B/c/d', 'x', 'y')]", f"{GROUP_ID}/providers/A.B/c/x/d/y"),
        (
            "[resourceId('rg2', 'A.B/c', 'x')]",
            "/subscriptions/S/resourceGroups/rg2/providers/A.B/c/x",
        ),
        (
            "[resourceId('S2', 'rg2', 'A.B/c', 'x')]",
            "/subscriptions/S2/resourceGroups/rg2/providers/A.B/c/x",
        ),
        ("[if(equals(1, 1), 'yes', fail())]", "yes"),
        ("[base64('a')]", "YQ=="),
        ("[parameters('password')]", Hidden("parameters('password')")),
        ("[concat('x', parameters('password'))]", Hidden("concat('x', parameters('password'))")),
        ("[listKeys('a', 'b').keys[0]]", Hidden("listKeys('a', 'b')['keys'][0]")),
    ],
)
def test_expression_gives(expression: str, expected: Any) -> None:
    assert evaluated(expression) == expected


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        (
            "[newGuid()]",
            "the function newGuid is not evaluated here; write its result in its place",
        ),
        ("[mine.f()]", "the function mine.f is not evaluated here; write its result in its place"),
        ("[parameters('no')]", "the template has no parameter no"),
        (
            "[parameters('empty')]",
            "the parameter empty has no value; give it with --set empty=VALUE",
        ),
        (
            "[parameters('label')]",
            "the function uniqueString is not evaluated here; write its result in its place "
            "(or give it with --set label=VALUE)",
        ),
        ("[variables('a')]", "the variable a is made from itself"),
        ("[reference('other').x]", "reference to other, which is no resource of this template"),
        ("[resourceId('A.B/c', 'x', 'y')]", "A.B/c needs 1 names, and 2 are given"),
        ("[int('x')]", "int does not take these arguments: int('x')"),
        ("[variables('o').no]", "variables('o')['no'] is not there"),
    ],
)
def test_expression_is_refused_by_name(expression: str, reason: str) -> None:
    assert evaluated(expression) == Refused(reason)


def test_reference_is_kept_for_a_resource_of_the_template() -> None:
    id_ = f"{GROUP_ID}/providers/{IDENTITY}/id1"
    expression = f"[reference(resourceId('{IDENTITY.upper()}', 'ID1')).principalId]"
    assert evaluated(expression) == Late(id_, ("properties", "principalId"))


def test_given_parameter_wins_over_the_default() -> None:
    assert evaluated("[parameters('name')]", {"name": "api"}) == "api"


def test_given_secure_parameter_stays_hidden() -> None:
    shown = evaluated("[parameters('password')]", {"password": "canary"})
    assert shown == Hidden("parameters('password')")
