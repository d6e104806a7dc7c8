"""Servers that lie: broken pages, foreign links, huge answers, redirects, false vaults."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from aci_operator.azure import transport
from aci_operator.azure.errors import AzureError, Rejected, Unauthenticated, Unavailable
from aci_operator.azure.session import Session
from azure_emulator.emulator import Emulator
from integration.azure.bodies import group_body
from integration.azure.conftest import Open
from integration.azure.stand_in import StandIn

GROUP = "/subscriptions/s/resourceGroups/g"
CONTAINER_GROUP = f"{GROUP}/providers/Microsoft.ContainerInstance/containerGroups/c"
VALUE = "canary-secret-value-0815"


@pytest.fixture
async def server(azure: Emulator) -> StandIn:
    """A stand-in for ARM or for a vault."""
    return StandIn(azure)


@pytest.fixture
async def session(server: StandIn, open_session: Open) -> Session:
    """A session whose ARM is the stand-in; its tokens come from the emulator."""
    return await open_session(resource_manager=server.url)


async def test_a_failed_second_page_loses_the_whole_list(session: Session, server: StandIn) -> None:
    server.say({"value": [{"id": "a"}], "nextLink": f"{server.url}/two"})
    server.say({"error": {"code": "InternalServerError", "message": "x"}}, 500)
    with pytest.raises(Unavailable) as caught:
        await session.container_groups.list(GROUP)
    assert (caught.value.code, len(server.asked)) == ("InternalServerError", 2)


async def test_a_token_does_not_follow_a_next_link_to_another_host(
    session: Session, server: StandIn, azure: Emulator
) -> None:
    other = StandIn(azure)
    server.say({"value": [], "nextLink": f"{other.url}/two"})
    with pytest.raises(Unavailable, match="another host"):
        await session.container_groups.list(GROUP)
    assert other.asked == []


async def test_a_token_does_not_follow_a_redirect(
    session: Session, server: StandIn, azure: Emulator
) -> None:
    other = StandIn(azure)
    server.say({}, 307, Location=f"{other.url}/x")
    with pytest.raises(Unavailable):
        await session.container_groups.get(CONTAINER_GROUP)
    assert other.asked == []


async def test_a_secret_does_not_follow_a_redirect(
    session: Session, server: StandIn, azure: Emulator
) -> None:
    other = StandIn(azure)
    server.say({"id": f"{server.url}/secrets/s/1"}, 307, Location=f"{other.url}/x")
    with pytest.raises(Unavailable):
        await session.secrets(server.url).set("s", VALUE)
    assert (len(server.asked), other.asked) == (1, [])


async def test_an_empty_page_with_a_link_is_followed(session: Session, server: StandIn) -> None:
    server.say({"value": [], "nextLink": f"{server.url}/two?%24skiptoken=a%2Fb"})
    server.say({"value": [{"id": "a"}]})
    assert await session.container_groups.list(GROUP) == [{"id": "a"}]
    assert server.asked[1][1] == "/two?$skiptoken=a/b"


async def test_a_list_without_an_end_is_given_up(
    session: Session, server: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aci_operator.azure.arm.MAX_PAGES", 3)
    for _ in range(3):
        server.say({"value": [], "nextLink": f"{server.url}/again"})
    with pytest.raises(Unavailable, match="does not end"):
        await session.container_groups.list(GROUP)


async def test_an_answer_that_is_too_large_is_cut_off(
    session: Session, server: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "MAX_ANSWER_BYTES", 100_000)
    for _ in range(2):
        server.say({"value": [{"id": "x" * 200_000}]})
    with pytest.raises(Unavailable, match="too large"):
        await session.container_groups.list(GROUP)


@pytest.mark.parametrize(
    "say",
    [
        lambda server: server.say(b"{broken"),
        lambda server: server.say(b"<html>", 200, Content_Type="text/html"),
        lambda server: server.say([]),
        lambda server: server.say({"properties": {"containers": "none"}}),
        lambda server: server.say(b"{broken", 502),
    ],
)
async def test_a_garbled_answer_is_unavailable(
    session: Session, server: StandIn, say: Callable[[StandIn], None]
) -> None:
    say(server)
    with pytest.raises(Unavailable):
        await session.container_groups.get(CONTAINER_GROUP)


async def test_a_404_in_unknown_words_is_not_absence(session: Session, server: StandIn) -> None:
    server.say(b"<html>not found</html>", 404, Content_Type="text/html")
    with pytest.raises(Rejected) as caught:
        await session.container_groups.get(CONTAINER_GROUP)
    assert (caught.value.status, caught.value.code) == (404, "")


async def test_an_unexpected_success_is_a_success(session: Session, server: StandIn) -> None:
    server.say({}, 202)
    await session.vaults.delete(f"{GROUP}/providers/Microsoft.KeyVault/vaults/v")
    assert len(server.asked) == 1


async def test_a_provider_is_never_registered_by_the_way(session: Session, server: StandIn) -> None:
    message = "The subscription is not registered to use namespace 'Microsoft.ContainerInstance'."
    server.say({"error": {"code": "MissingSubscriptionRegistration", "message": message}}, 409)
    with pytest.raises(Rejected):
        await session.container_groups.put(CONTAINER_GROUP, group_body())
    assert [method for method, _, _ in server.asked] == ["PUT"]


async def test_a_false_vault_gets_no_token_for_arm(session: Session, server: StandIn) -> None:
    challenge = 'Bearer authorization="{}", resource="https://management.azure.com"'
    tenant = f"https://login.microsoftonline.com/{session.tenant_id}"
    server.say({}, 401, WWW_Authenticate=challenge.format(tenant))
    with pytest.raises(Unauthenticated, match="not a vault's"):
        await session.secrets(server.url).set("s", VALUE)
    assert [(token, url.split("?")[0]) for _, url, token in server.asked] == [("", "/secrets/s")]


async def test_a_vault_of_another_tenant_gets_no_token(session: Session, server: StandIn) -> None:
    challenge = 'Bearer authorization="{}", resource="https://vault.azure.net"'
    tenant = "https://login.microsoftonline.com/00000000-0000-0000-0000-00000000dead"
    server.say({}, 401, WWW_Authenticate=challenge.format(tenant))
    with pytest.raises(Unauthenticated):
        await session.secrets(server.url).set("s", VALUE)
    assert [token for _, _, token in server.asked] == [""]


async def test_in_public_azure_a_vault_lies_in_the_domain_of_its_audience(
    open_session: Open, server: StandIn
) -> None:
    session = await open_session(custom=False)
    challenge = 'Bearer authorization="{}", resource="https://vault.azure.net"'
    tenant = f"https://login.microsoftonline.com/{session.tenant_id}"
    server.say({}, 401, WWW_Authenticate=challenge.format(tenant))
    with pytest.raises(Unauthenticated) as caught:
        await session.secrets(server.url).set("s", VALUE)
    assert (caught.value.code, len(server.asked)) == ("ChallengeRefused", 1)


async def test_an_error_holds_neither_request_nor_answer(session: Session, server: StandIn) -> None:
    server.say({"error": {"code": "X", "message": "no"}}, 400)
    with pytest.raises(AzureError) as caught:
        await session.container_groups.put(CONTAINER_GROUP, group_body())
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


async def test_a_server_cannot_make_up_labels_of_metrics(
    server: StandIn, open_session: Open
) -> None:
    seen: list[tuple[str, str]] = []
    session = await open_session(
        resource_manager=server.url, observe=lambda label, code, _: seen.append((label, code))
    )
    server.say({"value": [], "nextLink": f"{server.url}/made/up"})
    server.say({"error": {"code": "MadeUp", "message": "x"}}, 400)
    with pytest.raises(Rejected):
        await session.container_groups.list(GROUP)
    label = "LIST Microsoft.ContainerInstance/containerGroups"
    assert seen == [(label, "200"), (label, "400")]
