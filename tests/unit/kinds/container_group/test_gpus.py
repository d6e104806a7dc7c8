"""Which processors a region does not list, by Azure's own list."""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.kinds.container_group import gpus
from unit.kinds.container_group.builders import a_container, a_spec

ROWS = [
    {"osType": "Linux", "gpu": "K80"},
    {"osType": "Linux", "gpu": "V100"},
    {"osType": "Windows", "gpu": "None"},
]


def asking(sku: str, part: str = "requests", **spec: Any) -> dict[str, Any]:
    amounts = {"cpu": 1, "memoryInGB": 1.5}
    resources = {"requests": amounts, part: {**amounts, "gpu": {"count": 1, "sku": sku}}}
    return {**a_spec(a_container(resources=resources)), **spec}


def found(spec: dict[str, Any], rows: list[dict[str, Any]]) -> list[str]:
    return [each.field for each in gpus.unlisted(spec, "eastus", rows)]


ASKED = "spec.containers[app].resources"
CASES: list[tuple[dict[str, Any], list[dict[str, Any]], list[str]]] = [
    (asking("K80"), ROWS, []),
    (asking("V100"), [{"osType": "linux", "gpu": "v100"}], []),
    (asking("P100"), ROWS, [f"{ASKED}.requests.gpu.sku"]),
    (asking("P100", "limits"), ROWS, [f"{ASKED}.limits.gpu.sku"]),
    (asking("K80", osType="Windows"), ROWS, [f"{ASKED}.requests.gpu.sku"]),
    (asking("P100"), [], []),
    (a_spec(), ROWS, []),
]


@pytest.mark.parametrize(("spec", "rows", "fields"), CASES)
def test_a_processor_is_unlisted_if_no_row_of_the_system_has_it(
    spec: dict[str, Any], rows: list[dict[str, Any]], fields: list[str]
) -> None:
    assert found(spec, rows) == fields


def test_a_spec_without_a_system_goes_by_all_rows() -> None:
    spec = {**asking("K80"), "osType": None}
    assert found(spec, ROWS) == []


def test_a_region_without_any_is_told_so() -> None:
    (finding,) = gpus.unlisted(asking("K80"), "eastus", [{"osType": "Linux", "gpu": "None"}])
    assert finding.text.startswith("eastus lists no GPU for such groups, and not K80:")
