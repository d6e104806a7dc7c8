"""Deleting a secret: only what is ours, into the vault's soft-delete."""

from __future__ import annotations

from aci_operator.api import reasons
from aci_operator.azure.errors import Absent, Unavailable
from aci_operator.azure.secrets import Secrets
from aci_operator.reconcile import account, ownership
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.policies import deletes


async def remove(p: Pass) -> None:
    """Delete the secret if the policy says so; then let the object go."""
    uri = p.object.status.get("vaultUri")
    if not p.object.held:
        return
    if not deletes(p, default="Delete"):
        p.event(reasons.RETAINED, f"Secret {p.azure_name} stays in the vault.")
        await p.release()
        return
    if uri is not None:
        await account.resolve_stored(p)
        await _delete(p, str(uri))
    await p.release()


async def _delete(p: Pass, uri: str) -> None:
    try:
        deleted = await _delete_if_ours(p, p.session.secrets(uri))
    except (Absent, Unavailable):
        # A deleted vault's address leads nowhere: ask ARM whether there is a vault at all.
        if await _vault_is_there(p):
            raise
        deleted = False
    if deleted:
        p.event(reasons.DELETED, f"Secret {p.azure_name} was deleted from {uri}.")


async def _delete_if_ours(p: Pass, secrets: Secrets) -> bool:
    listed = {name.lower(): found for name, found in (await secrets.list()).items()}
    current = listed.get(p.azure_name.lower())
    if current is None or not ownership.ours(p, current):
        return False
    await secrets.delete(p.azure_name)
    return True


async def _vault_is_there(p: Pass) -> bool:
    vault_id = str(p.object.status["id"]).rpartition("/secrets/")[0]
    try:
        await p.session.vaults.get(vault_id)
    except Absent:
        return False
    return True
