"""Whether a grant has effect: Azure shows it at once, and acts by it only after a while.

RBAC takes up to ten minutes, access policies some seconds (azure.md section 15, knob 8); how long
is [inf], so both are settings. Nobody sees the effect but a process with the principal's token: a
grant is held to be effective after the settle time, counted from a time in status, so that a
restart of the operator loses nothing and waiting writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aci_operator.api import conditions, reasons
from aci_operator.engine.queue import Share
from aci_operator.kinds.key_vault_access import firewall
from aci_operator.kinds.key_vault_access import permissions as perms
from aci_operator.kinds.key_vault_access.plan import Grant
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.observation import Body

FORMAT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True)
class Standing:
    """A grant as it was found or made in this pass."""

    grant: Grant
    mode: str
    """AccessPolicy or RBAC: each settles in its own time."""
    vault: Body


def wrote(p: Pass) -> None:
    """Take note that something was given in this pass: what was effective counts anew."""
    p.status.set(grantWrittenAt=None)


def say(p: Pass, standing: Standing) -> None:
    """Say `AccessEffective`, and come back when the settle time is over. Asks nobody.

    To be called once Azure shows the grant, before status says so.
    """
    written = _written_at(p, standing)
    p.status.set(grantWrittenAt=written.strftime(FORMAT))
    settle = timedelta(seconds=settle_seconds(p, standing.mode))
    left = (written + settle - p.world.clock.now()).total_seconds()
    told = firewall.told(p, standing.vault)
    if left > 0:
        until = (written + settle).strftime(FORMAT)
        message = f"Azure shows the grant; it is held to have effect at {until}.{told}"
        _set(p, "Unknown", reasons.PROPAGATING, message)
        p.again(left, Share.OPERATION)
    else:
        message = f"It was written {_minutes(settle)} ago or more; nobody has looked.{told}"
        _set(p, "True", reasons.SETTLED, message)


def settle_seconds(p: Pass, mode: str) -> float:
    """Give how long a grant of that mode takes until it is held to have effect."""
    return p.world.pace.settle_rbac if mode == "RBAC" else p.world.pace.settle_policy


def withdrawn(p: Pass) -> None:
    """Take back what was said: there is no grant."""
    p.status.set(grantWrittenAt=None)
    p.status.unsay(conditions.ACCESS_EFFECTIVE)


def _written_at(p: Pass, standing: Standing) -> datetime:
    """Give when the grant was written, as status has it; what is new counts from now."""
    stored = p.status.fields.get("grantWrittenAt")
    if stored and _stood(p, standing):
        return datetime.fromisoformat(str(stored))
    now = p.world.clock.now().astimezone(UTC)
    return now if now.microsecond == 0 else now.replace(microsecond=0) + timedelta(seconds=1)


def _stood(p: Pass, standing: Standing) -> bool:
    """Whether status, as last written, says that at least this grant stood.

    A write announces itself first (AccessGranted: False), so that a crash right after it is not
    taken for a grant that has stood since.
    """
    status, grant = p.object.status, standing.grant
    where = (status.get("vaultId"), status.get("principalId"), status.get("effectiveMode"))
    here = (grant.vault_id, grant.principal_id, standing.mode)
    more = perms.minus(grant.permissions, perms.parse(status.get("granted")))
    given = conditions.is_true(status, conditions.ACCESS_GRANTED)
    return where == here and given and perms.empty(more)


def _set(p: Pass, status: str, reason: str, message: str) -> None:
    p.status.say(conditions.ACCESS_EFFECTIVE, status, reason, message)
    before = conditions.find(p.started_as.status, conditions.ACCESS_EFFECTIVE)
    if reason == reasons.SETTLED and before.get("reason") != reason:
        p.event(reason, message)


def _minutes(settle: timedelta) -> str:
    seconds = settle.total_seconds()
    return f"{seconds / 60:g} min" if seconds >= 60 else f"{seconds:g} s"
