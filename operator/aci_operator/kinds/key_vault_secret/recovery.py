"""A deleted secret that holds the name: brought back if it is this object's, else left alone."""

from __future__ import annotations

from aci_operator.api import reasons
from aci_operator.azure.errors import Absent
from aci_operator.azure.secrets import Secrets
from aci_operator.kinds.key_vault_secret import vault
from aci_operator.reconcile import ownership, policies
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.steps import Halt, Wait

LOOK_AGAIN = 2.0
"""Seconds until the recovered secret is looked for: recovery takes a while."""


async def settle(p: Pass, secrets: Secrets) -> Halt:
    """Recover a deleted secret that carries our owner tag; say how the pass ends.

    One without any owner is taken by `adoptionPolicy: Adopt`. The value is not read: the next pass
    compares its keyed hash, and writes a new version only if it is another one. Raises AzureErrors.
    """
    deleted = await secrets.find_deleted(p.azure_name)
    if deleted is None or not _may_have(p, deleted.get("tags") or {}):
        return vault.soft_deleted(p)
    await p.record(reasons.RECOVERING, f"Bringing back the deleted secret {p.azure_name}.")
    try:
        await secrets.recover(p.azure_name)
    except Absent:
        return vault.soft_deleted(p)
    p.event(reasons.RECOVERED, f"Secret {p.azure_name} was deleted, and was brought back.")
    text = f"The deleted secret {p.azure_name} is coming back."
    return Wait(reasons.RECOVERING, text, after=LOOK_AGAIN)


def _may_have(p: Pass, tags: dict[str, str]) -> bool:
    owner = tags.get(ownership.OWNER_TAG)
    if owner is None:
        return policies.adopts(p.object)
    return owner == ownership.owner_value(p)
