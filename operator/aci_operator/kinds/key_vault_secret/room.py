"""KeyVaultSecret: written when its source, content type or tags say so, never read."""

from __future__ import annotations

from collections.abc import Hashable

from aci_operator.api import conditions, reasons
from aci_operator.api.kinds import KEY_VAULT, KEY_VAULT_SECRET
from aci_operator.api.objects import Key, Object
from aci_operator.api.references import Reference, SecretKeyReference, keys
from aci_operator.azure.errors import Forbidden, Rejected
from aci_operator.azure.ids import ArmId
from aci_operator.kinds.key_vault_secret import convergence, recovery, removal, vault
from aci_operator.reconcile import account, references
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.credentials import read_secret_key
from aci_operator.reconcile.policies import observes
from aci_operator.reconcile.room import Room
from aci_operator.reconcile.target import aim


def published(secret: Object) -> Hashable:
    """Others need to know that the secret is there."""
    ready = conditions.is_true(secret.status, conditions.READY)
    return (ready, secret.deleting, secret.status.get("secretId"))


async def reconcile(p: Pass) -> None:
    """Bring the vault's secret to the spec."""
    await account.resolve(p)
    # The Secret first: while it is missing, Azure is not asked at all.
    value = None if observes(p.object) else await _source(p)
    vault_id, uri = await vault.locate(p, _vault(p.started_as))
    references.resolved(p)
    aim(p, ArmId.parse(f"{vault_id}/secrets/{p.azure_name}"))
    p.status.set(vaultUri=uri)
    try:
        if value is None:
            await convergence.watch(p, p.session.secrets(uri))
        else:
            await convergence.converge(p, p.session.secrets(uri), value)
    except Forbidden as error:
        raise vault.no_data_access(p, _vault(p.started_as), error) from error
    except Rejected as error:
        if error.code == "ObjectIsDeletedButRecoverable":
            raise await recovery.settle(p, p.session.secrets(uri)) from error
        raise
    p.ready = (reasons.AVAILABLE, f"The vault holds {p.status.fields['secretId']}.")


async def _source(p: Pass) -> bytes:
    source = SecretKeyReference.parse("spec.valueFrom", p.spec["valueFrom"])
    return await read_secret_key(p.world.kube, p.namespace, source)


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
    compared=(
        "valueFrom",
        "contentType",
        "attributes.enabled",
        "attributes.exp",
        "attributes.nbf",
        "tags.*",
    ),
)
