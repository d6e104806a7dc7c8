from __future__ import annotations

import base64

import pytest

from aci_operator.azure.proxy import Proxy

PROXY = "http://proxy.example.org:3128"
ARM = "https://management.azure.com/subscriptions"


@pytest.mark.parametrize(
    ("given", "address"),
    [
        (PROXY, PROXY),
        ("proxy.example.org:3128", PROXY),
        ("https://us%40er:canary@proxy.example.org", "https://proxy.example.org"),
        ("http://[::1]:3128", "http://[::1]:3128"),
    ],
)
def test_an_address_is_taken_as_https_proxy_holds_it(given: str, address: str) -> None:
    assert Proxy.parse(given).url == address


def test_credentials_are_taken_out_of_the_address() -> None:
    proxy = Proxy.parse("http://us%40er:canar%79@host")
    encoded = base64.b64encode(b"us@er:canary").decode()
    assert proxy.url == "http://host"
    assert proxy.headers == {"Proxy-Authorization": f"Basic {encoded}"}
    assert "canary" not in repr(proxy)


@pytest.mark.parametrize(
    "given",
    ["socks5://user:canary@host", "http://", "http://user:canary@host:port", "http://host:0"],
)
def test_what_is_no_address_is_refused_without_repeating_it(given: str) -> None:
    with pytest.raises(ValueError, match="the proxy's address must be") as refused:
        Proxy.parse(given)
    assert "canary" not in str(refused.value)


@pytest.mark.parametrize(
    ("no_proxy", "url", "used"),
    [
        ("", ARM, True),
        ("*", ARM, False),
        ("management.azure.com", ARM, False),
        ("azure.com", ARM, False),
        (".Azure.com , example.org", ARM, False),
        ("*.azure.com", ARM, False),
        ("example.org,,", ARM, True),
        ("ure.com", ARM, True),
        ("10.0.0.0/8", "https://10.1.2.3:8443/", False),
        ("10.1.2.3", "https://10.1.2.3:8443/", False),
        ("10.0.0.0/8", "https://11.1.2.3/", True),
        ("10.0.0.0/8", ARM, True),
        ("fd00::/8", "https://[fd00::1]/", False),
        ("", "https://127.0.0.1:8443/", False),
        ("", "https://[::1]:8443/", False),
        ("", "https://LOCALHOST/", False),
        ("", "http://169.254.169.254/metadata/identity/oauth2/token", False),
    ],
)
def test_no_proxy_and_loopback_go_their_own_way(no_proxy: str, url: str, used: bool) -> None:
    assert Proxy.parse(PROXY, no_proxy).leads_to(url) is used
