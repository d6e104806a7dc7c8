"""Pages of lists, raw answers and IDs that must be of a type."""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.azure.arm import (
    as_object,
    encoded,
    in_group,
    next_link,
    read_page,
    region_name,
    target,
)
from aci_operator.azure.errors import Unavailable
from aci_operator.azure.ids import ArmId, vault_id

ARM = "https://127.0.0.1:8443"
VAULTS = "Microsoft.KeyVault/vaults"
GROUP = "/subscriptions/s/resourceGroups/g"


def test_a_page_gives_its_items_and_its_next_link() -> None:
    page = {"value": [{"id": "a"}], "nextLink": f"{ARM}/x"}
    assert read_page(page, "GET x") == ([{"id": "a"}], f"{ARM}/x")


@pytest.mark.parametrize("page", [None, [], {}, {"value": {}}, {"value": ["a"]}])
def test_a_malformed_page_loses_the_list(page: Any) -> None:
    with pytest.raises(Unavailable, match="malformed"):
        read_page(page, "GET x")


@pytest.mark.parametrize("link", [f"{ARM}/x?%24skiptoken=a", "/x?%24skiptoken=a"])
def test_a_next_link_on_the_same_host_is_followed(link: str) -> None:
    assert next_link(ARM, link, "GET x") == f"{ARM}/x?%24skiptoken=a"


@pytest.mark.parametrize(
    "link",
    [
        "http://127.0.0.1:8443/x",
        "https://127.0.0.1:8444/x",
        "https://127.0.0.1:8443@evil.example/x",
        "//evil.example/x",
        "https://evil.example/x",
    ],
)
def test_a_next_link_elsewhere_is_not_followed(link: str) -> None:
    with pytest.raises(Unavailable, match="another host"):
        next_link(ARM, link, "GET x")


def test_an_empty_answer_is_an_empty_object() -> None:
    assert as_object(None) == {}


def test_an_answer_that_is_no_object_is_not_passed_on() -> None:
    with pytest.raises(Unavailable):
        as_object([])


def test_a_body_is_sent_as_it_is() -> None:
    assert encoded({"a": {"unknown": None}, "é": 1.5}) == b'{"a":{"unknown":null},"\\u00e9":1.5}'


@pytest.mark.parametrize("provider", ["Microsoft.Other", "Microsoft.KeyVault2"])
def test_an_id_of_another_type_is_refused(provider: str) -> None:
    with pytest.raises(ValueError, match="not the ID of one of Microsoft"):
        target(f"{GROUP}/providers/{provider}/vaults/v", VAULTS)


def test_a_type_is_compared_without_letter_case() -> None:
    id = str(vault_id(GROUP, "v"))
    assert target(id.replace("vaults", "VAULTS"), VAULTS) == ArmId.parse(id)


def test_a_resource_without_a_resource_group_is_refused() -> None:
    with pytest.raises(ValueError, match="names no resource group"):
        in_group("/subscriptions/s/providers/Microsoft.KeyVault/vaults/v", VAULTS)


def test_a_region_is_written_without_spaces_and_capitals() -> None:
    assert region_name("West US 2") == "westus2"
