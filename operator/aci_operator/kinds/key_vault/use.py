"""Container groups that need a vault that is to be deleted, for their key or their secrets.

Azure itself reads both, with an identity of the group, and could not any more: so the vault waits
for such a group (design 3.9). Grants on the vault and its secrets do not hold it: they go with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from aci_operator.api import reasons
from aci_operator.api.kinds import CONTAINER_GROUP
from aci_operator.api.objects import Object
from aci_operator.reconcile import patience
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.patience import InTheWay


def wait_until_unused(p: Pass) -> None:
    """Raise Wait, and after ten minutes Stall, that names the groups of ours that need it."""
    groups = p.world.store.of_kind(CONTAINER_GROUP.kind)
    users = [str(one.key) for one in groups if one.held and _needs(one, p.object)]
    if not users:
        return
    text = f"{len(users)} container groups need this vault: {', '.join(users[:5])}."
    ways_out = (
        "Delete them, or take it out of their spec.encryptionProperties and spec.secretReferences; "
        "set spec.operator.deletionPolicy to Retain to leave the vault in Azure."
    )
    then = "It is deleted after them."
    raise patience.halt(p, InTheWay(reasons.IN_USE, text, then, ways_out))


def _needs(group: Object, vault: Object) -> bool:
    """Whether the group names the vault for its key or for one of its secrets."""
    key = group.spec.get("encryptionProperties") or {}
    holders = (key, *(group.spec.get("secretReferences") or ()))
    return any(_named(holder, group, vault) for holder in holders)


def _named(holder: Mapping[str, Any], group: Object, vault: Object) -> bool:
    """Whether that is the vault: by address, by object or by ARM ID."""
    named = holder.get("keyVaultRef") or {}
    if "name" in named:
        here = group.key.namespace == vault.key.namespace
        return bool(here and named["name"] == vault.key.name)
    if "id" in named:
        return bool(named["id"].lower() == str(vault.status.get("id", "")).lower())
    address = holder.get("vaultBaseUrl") or holder.get("secretReferenceUri")
    return _host(address) in {_host(vault.status.get("vaultUri"))} - {""}


def _host(url: str | None) -> str:
    return (urlsplit(url or "").netloc).lower()
