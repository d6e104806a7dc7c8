from __future__ import annotations

import pytest

from azure_emulator.proxy.hosts import Place, is_served, place


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("management.azure.com", Place("arm")),
        ("Management.Azure.com.", Place("arm")),
        ("login.microsoftonline.com", Place("entra")),
        ("login.windows.net", Place("entra")),
        ("graph.microsoft.com", Place("graph")),
        ("MyKeyVault.vault.azure.net", Place("vault", "mykeyvault")),
        ("sbzkznrswhd0myq.westus.atlas.cloudapp.azure.com", Place("stream")),
        ("vault.azure.net", None),
        ("a.b.vault.azure.net", None),
        ("management.azure.com.example.org", None),
        ("169.254.169.254", None),
        ("127.0.0.1", None),
        ("", None),
    ],
)
def test_a_name_of_azures_stands_for_one_place(host: str, found: Place | None) -> None:
    assert place(host) == found


@pytest.mark.parametrize(
    ("host", "port", "served"),
    [
        ("management.azure.com", 443, True),
        ("management.azure.com", 80, False),
        ("sb1.westus.atlas.cloudapp.azure.com", 19390, True),
        ("sb1.westus.atlas.cloudapp.azure.com", 443, False),
        ("example.org", 443, False),
    ],
)
def test_each_place_has_one_port(host: str, port: int, served: bool) -> None:
    assert is_served(host, port) is served
