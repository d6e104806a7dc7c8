"""Which link of a subnet is that of container groups."""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.kinds.container_group import links


def subnet(*types: str, **link: Any) -> dict[str, Any]:
    listed = [{"id": "/link", "properties": {"linkedResourceType": each}, **link} for each in types]
    return {"properties": {"serviceAssociationLinks": listed}}


ACI, OTHER = "microsoft.containerinstance/ContainerGroups", "Microsoft.Web/serverfarms"
SUBNETS: list[tuple[dict[str, Any], str]] = [
    ({}, ""),
    ({"properties": {}}, ""),
    ({"properties": {"serviceAssociationLinks": None}}, ""),
    (subnet(OTHER), ""),
    (subnet(OTHER, ACI), "/link"),
    (subnet(ACI, id=None), "a service association link"),
    (subnet(ACI, properties=None), ""),
]


@pytest.mark.parametrize(("answer", "link"), SUBNETS)
def test_a_link_is_known_by_what_it_is_linked_to(answer: dict[str, Any], link: str) -> None:
    assert links.left(answer) == link
