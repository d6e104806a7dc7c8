"""Whose access it is, as far as our own objects tell."""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.api.objects import Object
from aci_operator.api.references import Reference
from aci_operator.kinds.key_vault_access.room import effective_mode
from aci_operator.reconcile import principals
from aci_operator.reconcile.principals import Principal
from aci_operator.reconcile.steps import Stall, Wait
from pass_builders import a_pass, a_ready, a_settled, an_object

KIND = "KeyVaultAccess"
GROUP = {"containerGroupRef": {"name": "g"}}
IDENTITY = {"userAssignedIdentityRef": {"name": "i"}}
RAW = {"principalId": "p-raw", "principalType": "User"}
GONE = "2026-01-01T00:00:00Z"


def an_access(who: dict[str, Any], **parts: Any) -> Object:
    return an_object(KIND, spec={"principal": who}, **parts)


def a_group(type_: str = "SystemAssigned", principal_id: str = "", **parts: Any) -> Object:
    status = {"id": "/g", "identity": {"principalId": principal_id}} if principal_id else {}
    spec = {"identity": {"type": type_}} if type_ else {}
    return an_object("ContainerGroup", "g", spec=spec, status=status, **parts)


@pytest.mark.parametrize(
    ("who", "reference"),
    [
        (GROUP, Reference("spec.principal.containerGroupRef", "ContainerGroup", name="g")),
        (
            IDENTITY,
            Reference("spec.principal.userAssignedIdentityRef", "UserAssignedIdentity", name="i"),
        ),
        (RAW, None),
    ],
)
def test_a_principal_belongs_to_an_object_or_to_nobody_of_ours(
    who: dict[str, Any], reference: Reference | None
) -> None:
    assert principals.reference(an_access(who)) == reference


async def test_a_raw_principal_is_taken_at_its_word() -> None:
    assert await principals.resolve(a_pass(an_access(RAW))) == Principal("p-raw", "User")


async def test_a_group_s_principal_is_known_before_the_group_is_ready() -> None:
    p = a_pass(an_access(GROUP), a_group(principal_id="p-g"))
    assert await principals.resolve(p) == Principal("p-g", "ServicePrincipal", "/g")


async def test_an_identity_s_principal_is_taken_from_its_status() -> None:
    status = {"id": "/i", "principalId": "p-i", "conditions": [a_ready()]}
    p = a_pass(an_access(IDENTITY), an_object("UserAssignedIdentity", "i", status=status))
    assert await principals.resolve(p) == Principal("p-i", "ServicePrincipal", "/i")


@pytest.mark.parametrize(
    "shown",
    [
        an_object("UserAssignedIdentity", "i", status={"clientId": "C-1", "principalId": "p-1"}),
        an_object(
            "ContainerGroup",
            "g",
            status={"identity": {"userAssigned": [{"clientId": "C-1", "principalId": "p-1"}]}},
        ),
    ],
)
async def test_the_client_id_of_a_known_identity_is_refused_with_the_right_value(
    shown: Object,
) -> None:
    raw = {"principalId": "c-1", "principalType": "ServicePrincipal"}
    with pytest.raises(Stall) as raised:
        await principals.resolve(a_pass(an_access(raw), shown))
    assert (raised.value.reason, raised.value.message) == (
        "ClientIdUsedAsPrincipal",
        "spec.principal.principalId c-1 is the client ID of an identity, and access goes by its "
        "principal ID. Write p-1, or name the identity in spec.principal.userAssignedIdentityRef.",
    )


REF = "spec.principal.containerGroupRef names ContainerGroup here/g"
WAITS: list[tuple[list[Object], str]] = [
    ([], f"{REF}, which does not exist. Create it."),
    ([a_group()], f"{REF}, whose system-assigned identity does not exist yet."),
    ([a_group(principal_id="p", deletion_timestamp=GONE)], f"{REF}, which is being deleted."),
    *(
        (
            [a_group(type_)],
            f"{REF}, which has no system-assigned identity. Set its identity.type to "
            "SystemAssigned, or name the user-assigned identity here.",
        )
        for type_ in ("", "None", "UserAssigned")
    ),
]


@pytest.mark.parametrize(("others", "message"), WAITS)
async def test_a_group_without_a_principal_is_waited_for(
    others: list[Object], message: str
) -> None:
    with pytest.raises(Wait) as raised:
        await principals.resolve(a_pass(an_access(GROUP), *others))
    assert (raised.value.reason, raised.value.message, raised.value.after) == (
        "WaitingForReference",
        message,
        None,
    )


async def test_a_settled_grant_outlives_the_start_of_its_group_s_deletion() -> None:
    group = a_group(principal_id="p-g", deletion_timestamp=GONE)
    p = a_pass(a_settled(KIND, spec={"principal": GROUP}), group)
    assert await principals.resolve(p) == Principal("p-g", "ServicePrincipal", "/g")


@pytest.mark.parametrize(
    ("asked", "rbac", "mode"),
    [
        (None, True, "RBAC"),
        (None, False, "AccessPolicy"),
        ("Auto", None, "AccessPolicy"),
        ("RBAC", True, "RBAC"),
        ("AccessPolicy", False, "AccessPolicy"),
    ],
)
def test_the_mode_follows_the_vault(asked: str | None, rbac: bool | None, mode: str) -> None:
    spec = {"mode": asked} if asked else {}
    vault = {"properties": {"enableRbacAuthorization": rbac}}
    assert effective_mode(a_pass(an_object(KIND, spec=spec)), vault) == mode


@pytest.mark.parametrize(
    ("asked", "rbac", "reason"),
    [("AccessPolicy", True, "VaultUsesRbac"), ("RBAC", False, "VaultUsesAccessPolicies")],
)
def test_a_mode_that_the_vault_would_ignore_is_refused(asked: str, rbac: bool, reason: str) -> None:
    model = "RBAC" if rbac else "AccessPolicy"
    vault = {"properties": {"enableRbacAuthorization": rbac}}
    with pytest.raises(Stall) as raised:
        effective_mode(a_pass(an_object(KIND, spec={"mode": asked})), vault)
    assert (raised.value.reason, raised.value.message) == (
        reason,
        f"spec.mode is {asked}, but the vault's permission model is {model}, so the grant would be "
        "ignored. Set spec.mode to Auto, or change the vault.",
    )
