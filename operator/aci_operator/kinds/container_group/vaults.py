"""Vaults by reference: what stands for `vaultBaseUrl` and for `secretReferenceUri`.

Azure takes addresses of data planes there, not ARM IDs. A vault's address is its name under the
cloud's domain for vaults (azure.md section 9), so a vault that is not ours costs no request.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from aci_operator.api.kinds import KEY_VAULT
from aci_operator.api.objects import Object
from aci_operator.api.references import Reference
from aci_operator.azure.ids import ArmId
from aci_operator.kinds.container_group import sources
from aci_operator.reconcile import references
from aci_operator.reconcile.context import Pass

OURS = ("keyVaultRef", "secretName", "secretVersion")
"""Fields that ARM does not have."""


def named(group: Object) -> list[Reference]:
    """Give the references to vaults, each with its path."""
    return [
        Reference.parse(path, KEY_VAULT.kind, value) for path, value in sources.vaults(group.spec)
    ]


def resolve(p: Pass) -> dict[str, str]:
    """Give the address of each vault that is named, by the reference's path.

    Raises Wait while a vault of ours has none, Stall for one that the account must not use.
    """
    return {reference.field: _address(p, reference) for reference in named(p.started_as)}


def filled(holder: Mapping[str, Any], address: str) -> dict[str, Any]:
    """Give an object of the spec with ARM's own field in place of ours. Pure."""
    kept = {name: value for name, value in holder.items() if name not in OURS}
    address = address.rstrip("/")
    if "secretName" not in holder:
        return {**kept, "vaultBaseUrl": address}
    parts = (address, "secrets", holder["secretName"], holder.get("secretVersion"))
    return {**kept, "secretReferenceUri": "/".join(part for part in parts if part)}


def _address(p: Pass, reference: Reference) -> str:
    found = references.dependency(p, reference, needs="vaultUri")
    if found is not None:
        return str(found.status["vaultUri"])
    vault = ArmId.parse(references.arm_id(p, reference))
    return f"https://{vault.name.lower()}.{urlsplit(p.session.vault_audience).netloc}"
