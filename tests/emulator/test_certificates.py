from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

from azure_emulator import certificates
from azure_emulator.certificates import Authority
from azure_emulator.proxy.named import named_context


def shown(server: ssl.SSLContext, client: ssl.SSLContext, name: str) -> tuple[str, ...]:
    """Shake hands in memory, asking for a name; give the names of the certificate shown."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = client.wrap_bio(to_client, to_server, server_hostname=name)
    theirs = server.wrap_bio(to_server, to_client, server_side=True)
    waiting = [ours, theirs]
    while waiting:
        side = waiting.pop(0)
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            waiting.append(side)
    certificate = ours.getpeercert()
    assert certificate is not None
    pairs: Any = certificate["subjectAltName"]
    return tuple(str(value) for _, value in pairs)


def test_each_name_of_azures_has_a_certificate_that_the_ca_vouches_for(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    server = named_context(authority)
    client = ssl.create_default_context(cafile=str(authority.ca_file))
    names = ("management.azure.com", "mykeyvault.vault.azure.net")
    assert [shown(server, client, name) for name in names] == [(name,) for name in names]


def test_a_foreign_name_gets_the_certificate_of_the_loopback_address(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    client = ssl.create_default_context(cafile=str(authority.ca_file))
    client.check_hostname = False
    names = shown(named_context(authority), client, "example.org")
    assert names == ("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1")


def test_a_certificate_is_made_once_and_only_so_many_are_kept(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    first = authority.context_for("a.vault.azure.net")
    again = authority.context_for("a.vault.azure.net")
    for number in range(certificates._KEPT):
        authority.context_for(f"{number}.vault.azure.net")
    assert again is first
    assert authority.context_for("a.vault.azure.net") is not first


def test_no_private_key_stays_on_the_disk(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    authority.own_context()
    authority.context_for("management.azure.com")
    assert [path.name for path in tmp_path.iterdir()] == ["ca.pem"]
    assert "PRIVATE" not in authority.ca_file.read_text()
