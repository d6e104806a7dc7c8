"""Settings of an account."""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.azure.account import AccountSettings


def settings(**changes: Any) -> AccountSettings:
    values: dict[str, Any] = {
        "subscription_id": "s",
        "tenant_id": "t",
        "client_id": "c",
        "client_secret": "canary-of-the-client",
    }
    return AccountSettings(**{**values, **changes})


def test_the_client_secret_is_not_shown() -> None:
    assert "canary" not in repr(settings())


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://management.azure.com", "not an https"),
        ("management.azure.com", "not an https"),
        ("https://", "not an https"),
        ("https://me:pw@host", "only scheme"),
        ("https://host/?a=b", "only scheme"),
        ("https://host/path", "has a path"),
    ],
)
@pytest.mark.parametrize("field", ["resource_manager", "active_directory"])
def test_an_endpoint_that_is_not_plain_https_is_refused(field: str, url: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        settings(**{field: url})


def test_the_audience_of_arm_is_its_address_unless_given() -> None:
    assert (
        settings(resource_manager="https://arm:1").resource_manager_scope,
        settings(resource_manager_audience="https://arm/").resource_manager_scope,
    ) == ("https://arm:1/.default", "https://arm/.default")
