"""Writing a secret: a new version for a value, a change of the newest one for all else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aci_operator.api import reasons
from aci_operator.azure.secrets import Secrets
from aci_operator.kinds.key_vault_secret import decide, vault
from aci_operator.kinds.key_vault_secret.decide import HASH_TAG, Wanted
from aci_operator.reconcile import observation, ownership
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.drift import Paths
from aci_operator.reconcile.steps import Stall

Properties = Mapping[str, Any]


async def add(
    p: Pass, secrets: Secrets, value: bytes, wanted: Wanted, seen: Properties | None
) -> None:
    """Put one new version with all that the spec says, and with others' tags of the current one.

    `status.updated` goes before the write, so that an operator that starts anew never takes this
    very version for somebody else's.
    """
    name = p.azure_name
    p.status.set(updated=None)
    await p.record(reasons.CREATING, f"Writing secret {name}.")
    written = await secrets.set(
        name,
        _text(p, value),
        content_type=wanted.content_type,
        tags=decide.new_tags(wanted, seen),
        attributes=wanted.sent_attributes,
    )
    observation.wrote(p, vault.observed_as(p, name))
    report(p, written, wanted)


async def change(p: Pass, secrets: Secrets, wanted: Wanted, paths: Paths) -> None:
    """Change these paths of the newest version, and the owner tag; value and the rest stay.

    Its own tags are read once more: a version that somebody has put since the list was read keeps
    the hash that it has, so that the next look still tells its value from ours.
    """
    newest = await find_newest(p, secrets)
    tags = ownership.tags(p, newest.get("tags"), paths)
    body = {"tags": tags, **decide.changes(wanted, paths)}
    changed = await secrets.update(p.azure_name, newest["version"], body)
    observation.wrote(p, vault.observed_as(p, p.azure_name))
    report(p, changed, wanted)


async def find_newest(p: Pass, secrets: Secrets) -> Properties:
    """Give the newest version's properties; of two in one second the one that we know."""
    known = p.object.status.get("version")

    def age(version: Properties) -> tuple[int, bool]:
        return version["attributes"].get("created") or 0, version["version"] == known

    return max(await secrets.versions(p.azure_name), key=age)


def report(p: Pass, properties: Properties, wanted: Wanted) -> None:
    """Say in status which version there is, and what of the spec it was given."""
    p.status.set(
        secretId=f"{p.status.fields['vaultUri']}/secrets/{p.azure_name}",
        version=properties["version"],
        updated=properties["attributes"].get("updated"),
        appliedTags=sorted(p.spec.get("tags") or ()),
        appliedAttributes=sorted(p.spec.get("attributes") or ()),
        appliedHash=wanted.tags[HASH_TAG],
    )


def _text(p: Pass, value: bytes) -> str:
    """Key Vault stores text; anything else is refused by field before it is sent."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise Stall(
            reasons.INVALID_SPEC,
            "spec.valueFrom.secretKeyRef names a value that is not UTF-8 text. Key Vault secrets "
            "are text; store the value as base64 text.",
        ) from None
