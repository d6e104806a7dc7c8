"""`spec.probe`: whether the grant has effect is seen from inside a container of the principal's.

How often it succeeded in a row is kept in memory: an operator that starts anew begins at none.
"""

from __future__ import annotations

from datetime import timedelta

from aci_operator.api import conditions, reasons
from aci_operator.api.kinds import CONTAINER_GROUP
from aci_operator.api.references import Reference
from aci_operator.azure.errors import AzureError
from aci_operator.engine.queue import Share
from aci_operator.kinds.key_vault_access import look
from aci_operator.kinds.key_vault_access.look import Seen
from aci_operator.kinds.key_vault_access.plan import Grant
from aci_operator.reconcile import authority, references, settling
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.observation import Body
from aci_operator.reconcile.steps import Halt
from aci_operator.reconcile.world import Probed

SUCCESSES = 3
"""In a row, until a grant counts as proved (design 3.6)."""
PAUSE = 5.0
"""Seconds between two of them."""
RETRY = 15.0
"""Seconds after one that failed, while the grant may still propagate."""
NOT_ALLOWED = " spec.probe is not run: the account does not have allowExec."


def wanted(p: Pass) -> bool:
    """Whether there is a probe that may be run."""
    return "probe" in p.spec and p.allows_exec


async def say(p: Pass, grant: Grant, vault: Body, *, settle: float, stood: bool) -> None:
    """Look, if a look is due, and say `AccessEffective` by what was seen."""
    written = settling.written_at(p, stood=stood)
    p.status.set(grantWrittenAt=written.strftime(settling.FORMAT))
    known = _known(p)
    now = p.world.clock.monotonic()
    if now < known.due:
        p.again(known.due - now, Share.HEALTH)
        return
    seen = await _look(p, grant, vault)
    over = p.world.clock.now() >= written + timedelta(seconds=settle)
    if seen is not None and seen.token and seen.status == 200:
        _succeeded(p, known)
    else:
        _failed(p, known, seen, over=over)
    p.again(known.due - now, Share.HEALTH)


def _known(p: Pass) -> Probed:
    """Give what is remembered of the probe; another grant begins anew."""
    key = f"{p.object.uid}/{p.status.fields['grantWrittenAt']}"
    if p.world.probed.get(p.object.uid, Probed("")).of != key:
        p.world.probed[p.object.uid] = Probed(key)
    return p.world.probed[p.object.uid]


def _succeeded(p: Pass, known: Probed) -> None:
    known.count += 1
    before = conditions.find(p.started_as.status, conditions.ACCESS_EFFECTIVE)
    proved = known.count >= SUCCESSES or before.get("reason") == reasons.PROVED
    now = p.world.clock.monotonic()
    known.due = now + (p.world.pace.poll if known.count >= SUCCESSES else PAUSE)
    if not proved:
        _say(p, "Unknown", reasons.PROPAGATING, "A probe reads the secret; it is looked at again.")
        return
    message = "A probe read the secret from inside the container, three times in a row."
    if before.get("reason") != reasons.PROVED:
        p.status.set(provedAt=p.world.clock.now().strftime(settling.FORMAT))
        p.event(reasons.PROVED, message)
    _say(p, "True", reasons.PROVED, message)


def _failed(p: Pass, known: Probed, seen: Seen | None, *, over: bool) -> None:
    """A failure is a fault once the settle time is over, or where it was proved before."""
    known.count = 0
    now = p.world.clock.monotonic()
    before = conditions.find(p.started_as.status, conditions.ACCESS_EFFECTIVE)
    worked = before.get("reason") == reasons.PROVED or before.get("status") == "False"
    if seen is None and worked:
        known.due = now + p.world.pace.health
        return  # nobody could look: what was seen before stands
    if not (over or worked):
        known.due = now + RETRY
        _say(p, "Unknown", reasons.PROPAGATING, "A probe looks; it has not read the secret yet.")
        return
    known.due = now + p.world.pace.health
    reason = reasons.PROBE_FAILED if seen is None else look.cause(seen)
    message = f"A probe from inside the container cannot read the secret: {_told(seen)}"
    _say(p, "False", reason, message)
    if before.get("reason") != reason:
        p.event(reason, message, type_="Warning")


def _told(seen: Seen | None) -> str:
    if seen is None:
        return "it gave no answer. It needs /bin/sh, curl, sed and grep, and port 19390."
    if not seen.token:
        return "the identity endpoint gives no token."
    return f"the vault answers {seen.status} {seen.cause}".rstrip() + "."


async def _look(p: Pass, grant: Grant, vault: Body) -> Seen | None:
    """Run the probe; None if there is no answer."""
    probe = p.spec["probe"]
    ref = Reference.parse(
        "spec.probe.containerGroupRef", CONTAINER_GROUP.kind, probe["containerGroupRef"]
    )
    try:
        group_id = _group_id(p, ref)
        authority.require_scope(p, ref.field, group_id)
        url = f"{str(vault['properties']['vaultUri']).rstrip('/')}/secrets/{probe['secretName']}"
        line = look.line(p.session.vault_audience, grant.principal_id, url)
        return look.read(await p.session.exec(group_id, probe["container"], line))
    except (AzureError, Halt, ValueError):
        return None


def _group_id(p: Pass, ref: Reference) -> str:
    """Give the group's ARM ID, also while it is no more than a placeholder."""
    key = ref.key(p.namespace)
    found = p.world.store.get(key) if key is not None else None
    if found is not None and found.status.get("id"):
        return str(found.status["id"])
    return references.arm_id(p, ref)


def _say(p: Pass, status: str, reason: str, message: str) -> None:
    p.status.say(conditions.ACCESS_EFFECTIVE, status, reason, message)
