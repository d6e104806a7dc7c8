"""What `az` asks of a whole subscription."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from azure_emulator.emulator import Emulator
from emulator.conftest import GROUP, SUBSCRIPTION, AsCaller, Client

VERSION = "2022-12-01"


IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities"
IDENTITY = f"{GROUP}/providers/{IDENTITIES}/one"


def resources(text: str) -> str:
    return f"{SUBSCRIPTION}/resources?api-version={VERSION}&$filter={quote(text)}"


async def make(arm: Client) -> dict[str, Any]:
    made = await arm("PUT", IDENTITY, "2023-01-31", {"location": "westus"})
    return {
        "id": made.body["id"],
        "name": "one",
        "type": IDENTITIES,
        "location": "westus",
        "tags": {},
    }


async def test_resources_are_listed_over_all_groups(arm: Client, group: str) -> None:
    one = await make(arm)
    listed = await arm("GET", f"{SUBSCRIPTION}/resources", VERSION)
    assert listed.body == {"value": [one]}


async def test_resources_are_filtered_by_type_and_name_without_letter_case(
    arm: Client, group: str
) -> None:
    one = await make(arm)
    kind = f"resourceType eq '{IDENTITIES.upper()}'"
    asked = [kind, f"{kind} and name eq 'ONE'", f"{kind} and name eq 'two'", "name eq 'x'"]
    found = [(await arm("GET", resources(text))).body["value"] for text in asked]
    assert found == [[one], [one], [], []]


async def test_a_filter_that_is_not_known_is_refused(arm: Client, group: str) -> None:
    refused = await arm("GET", resources("tagName eq 'a'"))
    assert (refused.status, refused.code) == (400, "InvalidFilterInQueryString")


async def test_only_what_the_caller_may_read_is_listed(
    arm: Client, group: str, as_caller: AsCaller
) -> None:
    one = await make(arm)
    answers = []
    for scope in (GROUP, f"{SUBSCRIPTION}/resourceGroups/other"):
        narrow, _ = as_caller("Reader", scope)
        answers.append((await narrow("GET", f"{SUBSCRIPTION}/resources", VERSION)).body["value"])
    assert answers == [[one], []]


async def test_tenants_are_the_one_tenant(azure: Emulator, arm: Client) -> None:
    tenant = azure.settings.tenant_id
    listed = await arm("GET", "/tenants", VERSION)
    assert listed.body["value"] == [
        {"id": f"/tenants/{tenant}", "tenantId": tenant, "tenantCategory": "Home"}
    ]


async def test_a_provider_tells_its_types_with_their_api_versions(arm: Client) -> None:
    provider = await arm("GET", f"{SUBSCRIPTION}/providers/microsoft.containerinstance", VERSION)
    kinds = {kind["resourceType"]: kind for kind in provider.body["resourceTypes"]}
    assert provider.body["namespace"] == "Microsoft.ContainerInstance"
    assert provider.body["registrationState"] == "Registered"
    assert "2025-09-01" in kinds["containerGroups"]["apiVersions"]


async def test_providers_are_listed_once_each(arm: Client) -> None:
    listed = await arm("GET", f"{SUBSCRIPTION}/providers", VERSION)
    assert [each["namespace"] for each in listed.body["value"]] == [
        "Microsoft.Authorization",
        "Microsoft.ContainerInstance",
        "Microsoft.KeyVault",
        "Microsoft.ManagedIdentity",
        "Microsoft.Resources",
    ]


async def test_a_provider_that_is_not_emulated_is_not_known(arm: Client) -> None:
    refused = await arm("GET", f"{SUBSCRIPTION}/providers/Microsoft.Compute", VERSION)
    assert (refused.status, refused.code) == (404, "InvalidResourceNamespace")
