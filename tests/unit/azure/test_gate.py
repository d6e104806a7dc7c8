"""What the gate reads out of a URL."""

from __future__ import annotations

import pytest

from aci_operator.azure.budgets import Budget
from aci_operator.azure.gate import Call, parsed, sent_by

ARM = "https://management.azure.com"
GROUP = "/subscriptions/S1/resourceGroups/g"
CONTAINER_GROUP = f"{GROUP}/providers/Microsoft.ContainerInstance/containerGroups/c"


@pytest.mark.parametrize(
    ("method", "url", "label"),
    [
        ("GET", f"{ARM}/subscriptions/s/resourcegroups/g?x=1", "GET resourceGroups"),
        ("GET", f"{ARM}{GROUP}/resources", "LIST resourceGroups/resources"),
        (
            "PUT",
            f"{ARM}{CONTAINER_GROUP}?api-version=1",
            "PUT Microsoft.ContainerInstance/containerGroups",
        ),
        (
            "GET",
            f"{ARM}{CONTAINER_GROUP.removesuffix('/c')}",
            "LIST Microsoft.ContainerInstance/containerGroups",
        ),
        (
            "POST",
            f"{ARM}{CONTAINER_GROUP}/restart",
            "POST Microsoft.ContainerInstance/containerGroups/restart",
        ),
        (
            "PUT",
            f"{ARM}{CONTAINER_GROUP}/providers/Microsoft.Authorization/roleAssignments/n",
            "PUT Microsoft.Authorization/roleAssignments",
        ),
        ("PUT", "https://v.vault.azure.net/secrets/s", "PUT secrets"),
        ("GET", "https://v.vault.azure.net/secrets/s/versions", "LIST secrets/versions"),
        (
            "POST",
            "https://v.vault.azure.net/deletedsecrets/s/recover",
            "POST deletedsecrets/recover",
        ),
    ],
)
def test_a_label_names_method_and_type_and_no_name(method: str, url: str, label: str) -> None:
    assert Call.of("me", method, url, "").label == label


def test_a_call_of_arm_spends_the_budget_of_its_subscription_provider_and_region() -> None:
    call = Call.of("me", "PUT", f"{ARM}{CONTAINER_GROUP}?api-version=1", "eastus")
    assert (call.operation, call.budget) == (
        f"PUT {CONTAINER_GROUP}",
        Budget("me", "s1", "microsoft.containerinstance", "eastus", "write"),
    )


def test_a_call_of_a_vault_spends_the_budget_of_that_vault() -> None:
    call = Call.of("me", "GET", "https://v.vault.azure.net/secrets", "")
    assert call.budget == Budget("me", "v.vault.azure.net", "", "", "read")


def test_what_is_no_json_is_nothing() -> None:
    assert [parsed(content) for content in (b"", b"<html>", b"\xff", b'{"a":1}')] == [
        None,
        None,
        None,
        {"a": 1},
    ]


class Sent:
    def __init__(self, **members: object) -> None:
        self.__dict__.update(members)


def test_the_body_of_a_request_is_read_in_each_of_azure_cores_forms() -> None:
    forms = (Sent(content=b'{"a":1}'), Sent(content='{"a":1}'), Sent(data=b'{"a":1}'), Sent())
    assert [sent_by(form) for form in forms] == [{"a": 1}, {"a": 1}, {"a": 1}, None]
