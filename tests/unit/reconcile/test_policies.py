from __future__ import annotations

from typing import Any

import pytest

from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.policies import deletes
from pass_builders import a_pass, an_object


def asking(**policies: Any) -> Pass:
    return a_pass(an_object("ContainerGroup", spec={"operator": policies}))


@pytest.mark.parametrize(
    ("policies", "default", "gone"),
    [
        ({}, "Delete", True),
        ({}, "Retain", False),
        ({"deletionPolicy": "Delete"}, "Retain", True),
        ({"deletionPolicy": "Retain"}, "Delete", False),
    ],
)
def test_the_resource_goes_with_the_object_if_the_policy_or_else_the_kind_says_so(
    policies: dict[str, str], default: str, gone: bool
) -> None:
    assert deletes(asking(**policies), default=default) is gone


@pytest.mark.parametrize(("policies", "gone"), [({}, False), ({"deletionPolicy": "Delete"}, True)])
def test_what_was_adopted_stays_unless_it_is_said_to_go(
    policies: dict[str, str], gone: bool
) -> None:
    object_ = an_object("ContainerGroup", spec={"operator": policies}, status={"adopted": True})
    assert deletes(a_pass(object_), default="Delete") is gone
