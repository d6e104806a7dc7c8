"""Container groups that are encrypted with a key of a vault that is to be deleted.

Such a group could not read its key any more, so the vault waits for it (design 3.9).
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from aci_operator.api import reasons
from aci_operator.api.kinds import CONTAINER_GROUP
from aci_operator.api.objects import Object
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.steps import Stall, Wait

LOOK_AGAIN = 60.0
"""Seconds between two looks."""
PATIENCE = 600.0
"""Seconds after which somebody is asked to act (design 3.9)."""


def wait_until_unused(p: Pass) -> None:
    """Raise Wait, and after ten minutes Stall, that names the groups of ours with such a key."""
    host = _host(p.object.status.get("vaultUri"))
    groups = p.world.store.of_kind(CONTAINER_GROUP.kind)
    users = [str(one.key) for one in groups if host and one.held and _key_host(one) == host]
    if not users:
        return
    text = f"{len(users)} container groups use a key of this vault: {', '.join(users[:5])}."
    since = datetime.fromisoformat(str(p.object.deletion_timestamp))
    if (p.world.clock.now() - since).total_seconds() < PATIENCE:
        raise Wait(reasons.IN_USE, f"{text} It is deleted after them.", after=LOOK_AGAIN)
    raise Stall(
        reasons.IN_USE,
        f"{text} Delete them, or take the key out of their spec.encryptionProperties; set "
        "spec.operator.deletionPolicy to Retain to leave the vault in Azure.",
    )


def _key_host(group: Object) -> str:
    return _host((group.spec.get("encryptionProperties") or {}).get("vaultBaseUrl"))


def _host(url: str | None) -> str:
    return (urlsplit(url or "").netloc).lower()
