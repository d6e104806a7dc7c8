"""The vault that a secret lives in: its URI, what it lists, and whether it lets the operator in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aci_operator.api import reasons
from aci_operator.api.references import Reference
from aci_operator.azure.errors import Forbidden
from aci_operator.azure.secrets import Secrets
from aci_operator.reconcile import references
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.observation import poll_again, poll_interval
from aci_operator.reconcile.steps import Halt, Stall, Wait

Properties = Mapping[str, Any]
NO_ACCESS_RETRY = 180.0
"""Seconds: a try costs up to three requests, and at most one a minute is allowed."""

SOFT_DELETED_RETRY = 300.0
"""Seconds: a try costs two requests, and at most one a minute is allowed."""


async def locate(p: Pass, reference: Reference) -> tuple[str, str]:
    """Give the vault's ARM ID and its data-plane URI without a closing slash.

    From our object, or for a vault that is not ours by a GET.
    """
    found = references.dependency(p, reference, needs="vaultUri")
    if found is not None:
        return str(found.status["id"]), str(found.status["vaultUri"]).rstrip("/")
    vault_id = references.arm_id(p, reference)
    had = p.object.status.get("vaultUri")
    if had:
        return vault_id, str(had)
    body = await p.session.vaults.get(vault_id)
    return vault_id, str(body["properties"]["vaultUri"]).rstrip("/")


async def observe(p: Pass, secrets: Secrets, name: str, *, fresh: bool) -> Properties | None:
    """Give the current version's properties from the vault's list: one list for all its secrets.

    `fresh` asks for a list begun now, as any write needs; else one of the poll interval will do,
    if it began after our own last write to the secret.
    """
    now = p.world.clock.monotonic()
    newer_than = now if fresh else now - poll_interval(p)
    newer_than = max(newer_than, p.world.written.get(observed_as(p, name).lower(), newer_than))

    async def fetch() -> dict[str, Properties]:
        return {found.lower(): properties for found, properties in (await secrets.list()).items()}

    key = (p.session.subscription_id, "secrets", str(p.status.fields["vaultUri"]).lower())
    snapshot = await p.world.sweeps.read(key, newer_than, fetch)
    poll_again(p, snapshot.begun_at)
    return snapshot.items.get(name.lower())


def observed_as(p: Pass, name: str) -> str:
    """Give the name under which our writes to this secret are remembered."""
    return f"{p.status.fields['vaultUri']}/secrets/{name}"


def soft_deleted(p: Pass) -> Stall:
    """Say that a deleted secret holds the name, and what a person can do (azure.md 10.2)."""
    name = p.azure_name
    return Stall(
        reasons.SECRET_SOFT_DELETED,
        f"A deleted secret still holds spec.azureName {name} in {p.status.fields['vaultUri']}. "
        f"Recover it (az keyvault secret recover --name {name}), purge it (az keyvault secret "
        f"purge --name {name}), or choose another name.",
        after=SOFT_DELETED_RETRY,
    )


def no_data_access(p: Pass, reference: Reference, error: Forbidden) -> Halt:
    """Say that the vault refuses the operator: for a while on a vault of ours, else for good."""
    key = reference.key(p.namespace)
    found = p.world.store.get(key) if key is not None else None
    text = f"The vault refuses the operator ({error.code}): {error.message}"
    if found is not None and (found.status.get("operatorAccess") or {}).get("principalId"):
        return Wait(reasons.OPERATOR_HAS_NO_DATA_ACCESS, text, backoff=True, transient=False)
    return Stall(
        reasons.OPERATOR_HAS_NO_DATA_ACCESS,
        f"{text} Give the account's principal set, list, delete and recover on this vault's "
        "secrets (access policy), or the role Key Vault Secrets Officer.",
        after=NO_ACCESS_RETRY,
    )
