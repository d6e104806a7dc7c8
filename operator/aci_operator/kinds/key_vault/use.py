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
    host = _host(p.object.status.get("vaultUri"))
    groups = p.world.store.of_kind(CONTAINER_GROUP.kind)
    users = [str(one.key) for one in groups if host and one.held and _key_host(one) == host]
    if not users:
        return
    text = f"{len(users)} container groups use a key of this vault: {', '.join(users[:5])}."
    ways_out = (
        "Delete them, or take the key out of their spec.encryptionProperties; set "
        "spec.operator.deletionPolicy to Retain to leave the vault in Azure."
    )
    then = "It is deleted after them."
    raise patience.halt(p, InTheWay(reasons.IN_USE, text, then, ways_out))


def _key_host(group: Object) -> str:
    return _host((group.spec.get("encryptionProperties") or {}).get("vaultBaseUrl"))


def _host(url: str | None) -> str:
    return (urlsplit(url or "").netloc).lower()
