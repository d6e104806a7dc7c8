from __future__ import annotations

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from azure_emulator.clock import Clock
from azure_emulator.entra.directory import Directory, Principal
from azure_emulator.errors import AzureError
from azure_emulator.wire import Caller

TENANT = "6d1b4c1e-6a53-4c0f-9d0b-0a7c2f5e8b10"
ARM = "https://management.azure.com"


@pytest.fixture
def clock() -> Clock:
    return Clock(frozen_at=1_790_000_000)


@pytest.fixture
def directory(clock: Clock) -> Directory:
    return Directory(TENANT, clock)


@pytest.fixture
def principal(directory: Directory) -> Principal:
    return directory.create_service_principal("app", secret="s")


def code(directory: Directory, token: str, audiences: tuple[str, ...] | list[str] = (ARM,)) -> str:
    with pytest.raises(AzureError) as caught:
        directory.verify(token, audiences)
    assert caught.value.status == 401
    return caught.value.code


def test_a_token_names_its_caller(directory: Directory, principal: Principal) -> None:
    token = directory.issue(principal, ARM)
    assert directory.verify(token, [ARM]) == Caller(principal.oid, principal.appid, TENANT)


@pytest.mark.parametrize(("issued", "asked"), [(ARM, f"{ARM}/"), (f"{ARM}/", ARM)])
def test_a_slash_at_the_end_of_an_audience_does_not_matter(
    directory: Directory, principal: Principal, issued: str, asked: str
) -> None:
    assert directory.verify(directory.issue(principal, issued), [asked]).oid == principal.oid


def test_an_expired_token_is_refused_by_its_own_code(
    directory: Directory, principal: Principal, clock: Clock
) -> None:
    token = directory.issue(principal, ARM, lifetime=60)
    clock.advance(59)
    assert directory.verify(token, [ARM]).oid == principal.oid
    clock.advance(1)
    assert code(directory, token) == "ExpiredAuthenticationToken"


def test_a_token_for_another_audience_is_refused(
    directory: Directory, principal: Principal
) -> None:
    token = directory.issue(principal, "https://vault.azure.net")
    assert code(directory, token) == "InvalidAuthenticationToken"


def test_a_token_that_was_accepted_once_is_still_refused_elsewhere(
    directory: Directory, principal: Principal
) -> None:
    token = directory.issue(principal, ARM)
    directory.verify(token, [ARM])
    assert code(directory, token, ["https://vault.azure.net"]) == "InvalidAuthenticationToken"


def test_a_token_of_another_tenant_is_refused(directory: Directory, clock: Clock) -> None:
    other = Directory("0f0e0d0c-0000-4000-8000-000000000000", clock)
    token = other.issue(other.create_service_principal("foreigner"), ARM)
    assert code(directory, token) == "InvalidAuthenticationToken"


def test_a_token_signed_by_another_key_is_refused(
    directory: Directory, principal: Principal
) -> None:
    claims = jwt.decode(directory.issue(principal, ARM), options={"verify_signature": False})
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    forged = jwt.encode(claims, key, algorithm="RS256")
    assert code(directory, forged) == "InvalidAuthenticationToken"


def test_an_unsigned_token_is_refused(directory: Directory, principal: Principal) -> None:
    claims = jwt.decode(directory.issue(principal, ARM), options={"verify_signature": False})
    unsigned = jwt.encode(claims, "", algorithm="none")
    assert code(directory, unsigned) == "InvalidAuthenticationToken"


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é"])
def test_no_token_at_all_is_refused(directory: Directory, token: str) -> None:
    assert code(directory, token) == "InvalidAuthenticationToken"


def test_a_token_outlives_its_principal(directory: Directory, principal: Principal) -> None:
    token = directory.issue(principal, ARM)
    directory.remove(principal.oid)
    assert directory.find(principal.oid) is None
    assert directory.find_application(principal.appid) is None
    assert directory.verify(token, [ARM]).oid == principal.oid


def test_a_principal_is_found_in_any_letter_case(
    directory: Directory, principal: Principal
) -> None:
    assert directory.find(principal.oid.upper()) == principal
    assert directory.find_application(principal.appid.upper()) == principal


def test_nobody_signs_in_as_a_managed_identity(directory: Directory) -> None:
    identity = directory.create_managed_identity("identity")
    assert not directory.secret_fits(identity, "")


def test_only_the_latest_secret_fits(directory: Directory, principal: Principal) -> None:
    directory.set_secret(principal, "new")
    assert not directory.secret_fits(principal, "s")
    assert directory.secret_fits(principal, "new")
    directory.set_secret(principal, None)
    assert not directory.secret_fits(principal, "new")
