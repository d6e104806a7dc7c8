"""Container groups that are encrypted with a key of a vault that is to be deleted.

Such a group could not read its key any more, so the vault waits for it (design 3.9).
"""

from __future__ import annotations

from urllib.parse import urlsplit

from aci_operator.api import reasons
from aci_operator.api.kinds import CONTAINER_GROUP
from aci_operator.api.objects import Object
from aci_operator.reconcile import patience
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.patience import InTheWay


def wait_until_unused(p: Pass) -> None:
    """Raise Wait, and after ten minutes Stall, that names the groups of ours with such a key."""
    groups = p.world.store.of_kind(CONTAINER_GROUP.kind)
    users = [str(one.key) for one in groups if one.held and _has_key_of(one, p.object)]
    if not users:
        return
    text = f"{len(users)} container groups use a key of this vault: {', '.join(users[:5])}."
    ways_out = (
        "Delete them, or take the key out of their spec.encryptionProperties; set "
        "spec.operator.deletionPolicy to Retain to leave the vault in Azure."
    )
    then = "It is deleted after them."
    raise patience.halt(p, InTheWay(reasons.IN_USE, text, then, ways_out))


def _has_key_of(group: Object, vault: Object) -> bool:
    """Whether the group names the vault for its key: by address, by object or by ARM ID."""
    key = group.spec.get("encryptionProperties") or {}
    named = key.get("keyVaultRef") or {}
    if "name" in named:
        here = group.key.namespace == vault.key.namespace
        return bool(here and named["name"] == vault.key.name)
    if "id" in named:
        return bool(named["id"].lower() == str(vault.status.get("id", "")).lower())
    return _host(key.get("vaultBaseUrl")) in {_host(vault.status.get("vaultUri"))} - {""}


def _host(url: str | None) -> str:
    return (urlsplit(url or "").netloc).lower()
