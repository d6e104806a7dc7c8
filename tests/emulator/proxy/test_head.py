from __future__ import annotations

import base64

import pytest

from azure_emulator.proxy.head import Malformed, parse

_GET = b"GET http://169.254.169.254/a/b?c=d&e HTTP/1.1\r\n"


def test_a_plain_request_is_written_anew_for_the_server_itself() -> None:
    head = parse(
        _GET + b"Host: 169.254.169.254\r\nMetadata: true\r\nProxy-Connection: keep-alive\r\n"
        b"Proxy-Authorization: Basic c2VjcmV0\r\nConnection: keep-alive\r\n\r\n"
    )
    assert head.forwarded() == (
        b"GET /a/b?c=d&e HTTP/1.1\r\nhost: 169.254.169.254\r\nmetadata: true\r\n"
        b"connection: close\r\n\r\n"
    )


@pytest.mark.parametrize(
    ("line", "address"),
    [
        (b"CONNECT management.azure.com:443 HTTP/1.1", ("management.azure.com", 443)),
        (b"GET http://169.254.169.254/a HTTP/1.1", ("169.254.169.254", 80)),
        (b"GET http://[::1]:81/ HTTP/1.0", ("::1", 81)),
    ],
)
def test_the_address_is_that_of_the_target(line: bytes, address: tuple[str, int]) -> None:
    assert parse(line + b"\r\n\r\n").address() == address


@pytest.mark.parametrize(
    "line",
    [
        b"GET /metadata HTTP/1.1",
        b"GET https://management.azure.com/ HTTP/1.1",
        b"CONNECT management.azure.com:port HTTP/1.1",
        b"GET http://host:99999/ HTTP/1.1",
    ],
)
def test_a_target_that_is_no_proxys_has_no_address(line: bytes) -> None:
    with pytest.raises(Malformed):
        parse(line + b"\r\n\r\n").address()


@pytest.mark.parametrize(
    "raw",
    [b"\r\n\r\n", b"GET\r\n\r\n", b"GET / SPDY/3\r\n\r\n", b"GET / HTTP/1.1\r\n a: b\r\n\r\n"],
)
def test_what_is_no_request_is_malformed(raw: bytes) -> None:
    with pytest.raises(Malformed):
        parse(raw)


@pytest.mark.parametrize(
    ("header", "password"),
    [
        ("Basic " + base64.b64encode(b"container:pass").decode(), "pass"),
        ("basic " + base64.b64encode(b"container").decode(), ""),
        ("Basic !!!", ""),
        ("Bearer abc", ""),
    ],
)
def test_the_password_is_that_of_basic_credentials(header: str, password: str) -> None:
    raw = _GET + f"Proxy-Authorization: {header}\r\n\r\n".encode()
    assert parse(raw).password() == password
