"""`spec.probe`: whether the grant has effect is seen from inside a container of the principal's.

How often it succeeded in a row is kept in memory: an operator that starts anew begins at none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from aci_operator.engine.queue import Share
from aci_operator.kinds.key_vault_access import exec_look, first_read, outcome, vantage
from aci_operator.kinds.key_vault_access.plan import Grant
from aci_operator.kinds.key_vault_access.vantage import Nowhere, Vantage
from aci_operator.reconcile import wishes
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.observation import Body
from aci_operator.reconcile.world import Probed

TURN = (2.0, 10.0)
"""Seconds, the least and the most, after which a probe that found no room asks again."""


@dataclass(frozen=True)
class Standing:
    """A grant as it was found or made in this pass."""

    grant: Grant
    mode: str
    """AccessPolicy or RBAC: each settles in its own time."""
    vault: Body


async def say(p: Pass, it: Standing, settle: outcome.Settle) -> None:
    """Look, if a look is due and possible, and say `AccessEffective` by what was seen."""
    first_read.begin(p, stood=settle.stood)
    try:
        place = vantage.find(p, it.grant.principal_id)
    except Nowhere as nowhere:
        outcome.nowhere(p, settle, nowhere)
        return
    known = _known(p, place)
    now = p.world.clock.monotonic()
    if now < known.due and not wishes.requested(p):
        p.again(known.due - now, Share.HEALTH)
        return
    if p.world.probing >= p.world.most_probing:
        p.again(p.world.random.uniform(*TURN), Share.HEALTH)
        return
    p.world.probing += 1
    try:
        tool, verdict = await exec_look.ask(p, place, it.vault, it.mode)
    finally:
        p.world.probing -= 1
    if verdict is None:
        outcome.succeeded(p, known, outcome.Read(tool, place.started))
    else:
        outcome.failed(p, known, verdict, over=_over(p, settle.seconds))
    p.again(max(known.due - p.world.clock.monotonic(), 0.0), Share.HEALTH)


def _over(p: Pass, seconds: float) -> bool:
    """Whether the settle time is over; Azure's own delay may be longer all the same."""
    return p.world.clock.now() >= first_read.written(p) + timedelta(seconds=seconds)


def _known(p: Pass, place: Vantage) -> Probed:
    """Give what is remembered of the probe; another grant, spec or run of the container begins
    anew."""
    key = f"{p.status.fields['grantWrittenAt']}/{p.generation}/{place}"
    if p.world.probed.get(p.object.uid, Probed("")).of != key:
        p.world.probed[p.object.uid] = Probed(key)
    return p.world.probed[p.object.uid]
