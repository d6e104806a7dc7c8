"""The checks of a ClusterAzureAccount's lists, and what a namespace's own account is spared."""

from __future__ import annotations

import pytest

from aci_operator.api.limits import Limits
from aci_operator.reconcile import authority, observation
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.observation import Body, Reader
from aci_operator.reconcile.steps import Stall
from pass_builders import a_pass, a_settled, an_object

RG = "/subscriptions/s/resourceGroups/rg"
VAULT = f"{RG}/providers/Microsoft.KeyVault/vaults/v"
ROLE = ("4633458b-17de-408a-b874-0445c86b69e6", "Key Vault Secrets User")


def a_limited_pass(*scopes: str) -> Pass:
    p = a_pass(a_settled("KeyVaultAccess"))
    p.limits = Limits(scopes=scopes)
    return p


def test_a_namespaces_own_account_is_not_restricted() -> None:
    p = a_pass(an_object("KeyVault"))
    authority.require_namespace(p)
    authority.require_scope(p, "spec.x", "no ARM ID")
    authority.require_role(p, "spec.x", *ROLE)
    assert authority.covers(p, "/subscriptions/s")


@pytest.mark.parametrize("arm_id", [f"{RG}/../other", f"{RG}%2f..", "/subscriptions/s/x"])
def test_what_is_no_arm_id_is_refused_as_such(arm_id: str) -> None:
    with pytest.raises(Stall) as raised:
        authority.require_scope(a_limited_pass("/subscriptions/s"), "spec.x", arm_id)
    assert (raised.value.reason, raised.value.message[:20]) == (
        "InvalidSpec",
        "spec.x is no ARM ID:",
    )


def test_an_id_that_a_body_holds_anywhere_is_refused_with_its_path() -> None:
    body = {"properties": {"subnetIds": [{"id": VAULT}, {"id": f"{RG}2/providers/a/b/c"}]}}
    with pytest.raises(Stall) as raised:
        authority.require_body(a_limited_pass(RG), "body", body)
    assert raised.value.message.startswith("body.properties.subnetIds[1].id is ")


@pytest.mark.parametrize(("scope", "asked"), [(VAULT, ["get"]), (RG, ["list"])])
async def test_a_scope_that_is_not_reached_as_a_whole_is_not_listed(
    scope: str, asked: list[str]
) -> None:
    calls: list[str] = []

    async def get(arm_id: str) -> Body:
        calls.append("get")
        return {"id": arm_id}

    async def sweep(scope: str) -> list[Body]:
        calls.append("list")
        return [{"id": VAULT}]

    p = a_limited_pass(scope)
    p.session = _Session()  # type: ignore[assignment]
    await observation.observe(p, Reader(VAULT, get, RG, sweep, "vaults"))
    assert calls == asked


class _Session:
    """What a sweep's key is made of."""

    subscription_id = "s"
    client_id = "c"
