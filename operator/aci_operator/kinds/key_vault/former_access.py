"""Access that the operator gave itself and no longer uses: another model, another principal.

The new access comes first. What is left of the former one is taken away once the vault answers by
the new one, so that no moment is without access and nothing stays behind.
"""

from __future__ import annotations

from typing import Any

from aci_operator.api import reasons
from aci_operator.azure.errors import Absent, Forbidden, Unavailable
from aci_operator.engine.queue import Share
from aci_operator.kinds.key_vault import body as wanted
from aci_operator.kinds.key_vault.operator_access import assignment_of, wrote
from aci_operator.reconcile import observation
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.observation import Body

Access = dict[str, str]
"""`{principalId, permissionModel}`."""
LIMIT = 4
"""Former accesses that status holds; the oldest is forgotten."""
LOOK_AGAIN = 180.0
"""Seconds between two tries of the new access: a try costs three requests."""


async def note(p: Pass, body: Body) -> None:
    """Write into status what the stored status says of access, where that is not so any more.

    Comes before status tells of the vault's model and of the new access.
    """
    before = p.object.status
    principal_id = (before.get("operatorAccess") or {}).get("principalId")
    if principal_id and before.get("permissionModel"):
        had = {"principalId": principal_id, "permissionModel": before["permissionModel"]}
        await _keep(p, body, [*_former(p), had])


async def take_away(p: Pass, arm_id: str, body: Body) -> None:
    """Take former access away once the new one works; until then look again.

    A vault that lets this operator in from nowhere keeps it. Raises AzureErrors but Forbidden.
    """
    await _keep(p, body, _former(p))
    former = _former(p)
    if not former:
        return
    if not await _works(p):
        p.again(LOOK_AGAIN, Share.OPERATION)
        return
    for each in former:
        try:
            await _REMOVE[each["permissionModel"]](p, arm_id, each["principalId"])
        except Forbidden as error:
            text = f"The operator's former access to {arm_id} could not be taken away: {error}"
            p.event(reasons.FORBIDDEN, text, type_="Warning")
            return
    p.status.set(formerAccess=None)


def _former(p: Pass) -> list[Access]:
    return list(p.status.fields.get("formerAccess") or ())


async def _keep(p: Pass, body: Body, former: list[Access]) -> None:
    model = wanted.permission_model(body["properties"])
    now = {"principalId": await p.session.principal_id(), "permissionModel": model}
    rest = [each for n, each in enumerate(former) if each != now and each not in former[:n]]
    p.status.set(formerAccess=rest[-LIMIT:])


async def _works(p: Pass) -> bool:
    """Whether the vault lists its secrets for the operator: no value is read for that."""
    try:
        await p.session.secrets(str(p.status.fields["vaultUri"])).list()
    except (Absent, Forbidden, Unavailable):
        return False
    return True


async def _take_policy(p: Pass, arm_id: str, principal_id: str) -> None:
    """Take what we write out of the entry; what somebody else added to it stays."""
    async with p.world.locks.of(arm_id):
        vault = await p.session.vaults.get(arm_id)
        entries = [each for each in map(_ours, _entries(vault, principal_id)) if each]
        if entries:
            await p.session.vaults.remove_policies(arm_id, entries)
            observation.wrote(p, arm_id)
            _say(p, arm_id, "access policy")


def _entries(vault: Body, principal_id: str) -> list[Any]:
    listed = vault["properties"].get("accessPolicies") or ()
    mine = [each for each in listed if str(each["objectId"]).lower() == principal_id.lower()]
    return [each for each in mine if not each.get("applicationId")]


def _ours(entry: Any) -> dict[str, Any] | None:
    """Give what we once wrote of an entry, in the letter case in which the vault stores it."""
    stored = (entry.get("permissions") or {}).get("secrets") or ()
    ours = [word for word in stored if str(word).lower() in wanted.OPERATOR_SECRET_PERMISSIONS]
    if len(ours) < len(wanted.OPERATOR_SECRET_PERMISSIONS):
        return None  # we write all of them at once, so this is somebody else's
    identity = {"tenantId": entry["tenantId"], "objectId": entry["objectId"]}
    return {**identity, "permissions": {"secrets": ours}}


async def _take_role(p: Pass, arm_id: str, principal_id: str) -> None:
    """Take the assignment whose description says that it is for us; another's stays."""
    assignment_id = assignment_of(p, arm_id, principal_id)
    try:
        found = await p.session.role_assignments.get(assignment_id)
    except Absent:
        return
    if wrote(p, found):
        await p.session.role_assignments.delete(assignment_id)
        _say(p, arm_id, "role")


def _say(p: Pass, arm_id: str, what: str) -> None:
    text = f"The operator's former {what} on {arm_id} was taken away; it uses another access now."
    p.event(reasons.REVOKED, text)


_REMOVE = {"AccessPolicy": _take_policy, "RBAC": _take_role}
