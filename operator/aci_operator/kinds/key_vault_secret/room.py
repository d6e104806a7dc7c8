"""KeyVaultSecret: written when its source, content type or tags say so, never read."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from aci_operator.api import conditions, reasons
from aci_operator.api.kinds import KEY_VAULT, KEY_VAULT_SECRET
from aci_operator.api.objects import Key, Object
from aci_operator.api.references import Reference, SecretKeyReference, keys
from aci_operator.azure.errors import Forbidden, Rejected
from aci_operator.azure.ids import ArmId
from aci_operator.azure.secrets import Secrets
from aci_operator.kinds.key_vault_secret import decide, removal, vault
from aci_operator.kinds.key_vault_secret.decide import HASH_TAG, Wanted
from aci_operator.reconcile import account, observation, ownership, references, wishes
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.hashing import keyed_hash
from aci_operator.reconcile.policies import refuse_unsupported
from aci_operator.reconcile.room import Room
from aci_operator.reconcile.sessions import read_secret_key
from aci_operator.reconcile.steps import Stall
from aci_operator.reconcile.target import aim


def published(secret: Object) -> Hashable:
    """Others need to know that the secret is there."""
    ready = conditions.is_true(secret.status, conditions.READY)
    return (ready, secret.deleting, secret.status.get("secretId"))


async def reconcile(p: Pass) -> None:
    """Bring the vault's secret to the spec."""
    refuse_unsupported(p)
    await account.resolve(p)
    # The Secret first: while it is missing, Azure is not asked at all.
    source = SecretKeyReference.parse("spec.valueFrom", p.spec["valueFrom"])
    value = await read_secret_key(p.world.kube, p.namespace, source)
    vault_id, uri = await vault.locate(p, _vault(p.started_as))
    references.resolved(p)
    aim(p, ArmId.parse(f"{vault_id}/secrets/{p.azure_name}"))
    p.status.set(vaultUri=uri)
    try:
        await _converge(p, p.session.secrets(uri), value)
    except Forbidden as error:
        raise vault.no_data_access(p, _vault(p.started_as), error) from error
    except Rejected as error:
        if error.code == "ObjectIsDeletedButRecoverable":
            raise vault.soft_deleted(p) from error
        raise
    p.ready = (reasons.AVAILABLE, f"The vault holds {p.status.fields['secretId']}.")


async def _converge(p: Pass, secrets: Secrets, value: bytes) -> None:
    wanted = _wanted(p, value)
    fresh = wishes.requested(p) or not p.settled
    observed = await vault.observe(p, secrets, p.azure_name, fresh=fresh)
    paths = _compare(p, wanted, observed)
    if p.settled and paths != ():
        observed = await vault.observe(p, secrets, p.azure_name, fresh=True)
        paths = _compare(p, wanted, observed)
    _refuse_foreign(p, observed)
    await p.hold()
    if paths == ():
        await _report_found(p, secrets, wanted)
        return
    await _write(p, secrets, value, wanted)
    event = reasons.CREATED if paths is None else reasons.UPDATED
    p.event(event, f"Secret {p.azure_name} was written ({', '.join(paths or ('new',))}).")


def _compare(p: Pass, wanted: Wanted, observed: Mapping[str, Any] | None) -> tuple[str, ...] | None:
    """Give the paths that differ; None for a secret that is not there."""
    return None if observed is None else decide.differences(wanted, observed)


def _refuse_foreign(p: Pass, observed: Mapping[str, Any] | None) -> None:
    known = p.object.status.get("secretId")
    if observed is None or not decide.foreign(ownership.owner_value(p), known, observed):
        return
    raise Stall(
        reasons.ALREADY_EXISTS,
        f"The vault already holds a secret {p.azure_name} that is not this object's. Choose "
        "another spec.azureName, or delete the secret. It is left as it is.",
    )


async def _write(p: Pass, secrets: Secrets, value: bytes, wanted: Wanted) -> None:
    name = p.azure_name
    await p.record(reasons.CREATING, f"Writing secret {name}.")
    written = await secrets.set(
        name, _text(p, value), content_type=wanted.content_type, tags=dict(wanted.tags)
    )
    observation.wrote(p, vault.observed_as(p, name))
    _report(p, written, wanted)


async def _report_found(p: Pass, secrets: Secrets, wanted: Wanted) -> None:
    """A version of ours that status does not name yet is one written just before a crash."""
    if p.object.status.get("appliedHash") == wanted.tags[HASH_TAG]:
        return
    versions = await secrets.versions(p.azure_name)
    newest = max(versions, key=lambda version: version["attributes"].get("created") or 0)
    _report(p, newest, wanted)


def _report(p: Pass, properties: Mapping[str, Any], wanted: Wanted) -> None:
    attributes = properties["attributes"]
    p.status.set(
        secretId=f"{p.status.fields['vaultUri']}/secrets/{p.azure_name}",
        version=properties["version"],
        updated=attributes.get("updated"),
        appliedTags=sorted(p.spec.get("tags") or ()),
        appliedHash=wanted.tags[HASH_TAG],
    )


def _wanted(p: Pass, value: bytes) -> Wanted:
    digest = keyed_hash(p.world.hash_key, value)
    tags = ownership.tags(p, None, **{HASH_TAG: digest})
    dropped = frozenset(p.object.status.get("appliedTags") or ()) - frozenset(tags)
    return Wanted(p.spec.get("contentType") or None, tags, dropped)


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


def _vault(secret: Object) -> Reference:
    return Reference.parse("spec.keyVaultRef", KEY_VAULT.kind, secret.spec["keyVaultRef"])


def _references(secret: Object) -> frozenset[Key]:
    return keys(secret.key.namespace, _vault(secret))


ROOM = Room(
    kind=KEY_VAULT_SECRET,
    references=_references,
    published=published,
    reconcile=reconcile,
    remove=removal.remove,
)
