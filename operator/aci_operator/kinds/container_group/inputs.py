"""Resolving what the body needs: group, location, identities, secrets."""

from __future__ import annotations

from collections.abc import Iterator

from aci_operator.api import reasons
from aci_operator.api.kinds import RESOURCE_GROUP, USER_ASSIGNED_IDENTITY
from aci_operator.api.objects import Key, Object
from aci_operator.api.references import Reference, SecretKeyReference, keys
from aci_operator.kinds.container_group.body import Inputs, Spec, environment_path, password_path
from aci_operator.reconcile import references
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.credentials import read_secret_key
from aci_operator.reconcile.policies import observes
from aci_operator.reconcile.steps import Stall
from aci_operator.reconcile.target import group_of


async def resolve(p: Pass) -> tuple[str, Inputs]:
    """Give the resource group's ARM ID and the inputs. Raises Wait or Stall by field."""
    identity_ids = tuple(references.arm_id(p, ref) for ref in identity_references(p.started_as))
    _refuse_doubles(identity_ids)
    secrets = {}
    for path, source in secret_sources(p.spec):
        if observes(p.object):
            secrets[path] = ""  # nothing is sent, and no answer shows a secret to compare with
            continue
        value = await read_secret_key(p.world.kube, p.namespace, source)
        secrets[path] = _text(source, value)
    # Last, since it may ask Azure: what is missing here shall not cost a request at each look.
    group_id, location = await group_of(p, group_reference(p.started_as))
    references.resolved(p)
    return group_id, Inputs(location, identity_ids, secrets)


def group_reference(group: Object) -> Reference:
    """Give the reference to the resource group."""
    value = group.spec["resourceGroupRef"]
    return Reference.parse("spec.resourceGroupRef", RESOURCE_GROUP.kind, value)


def identity_references(group: Object) -> list[Reference]:
    """Give the references to the user-assigned identities."""
    entries = (group.spec.get("identity") or {}).get("userAssigned") or ()
    return [
        Reference.parse(f"spec.identity.userAssigned[{place}]", USER_ASSIGNED_IDENTITY.kind, entry)
        for place, entry in enumerate(entries)
    ]


def referenced(group: Object) -> frozenset[Key]:
    """Give all objects of ours that the group names."""
    return keys(group.key.namespace, group_reference(group), *identity_references(group))


def secret_sources(spec: Spec) -> Iterator[tuple[str, SecretKeyReference]]:
    """Walk the `...From` fields: path and source."""
    for container in spec["containers"]:
        for variable in container.get("environmentVariables") or ():
            if "secureValueFrom" in variable:
                path = environment_path(container["name"], variable["name"])
                yield path, SecretKeyReference.parse(path, variable["secureValueFrom"])
    for credential in spec.get("imageRegistryCredentials") or ():
        if "passwordFrom" in credential:
            path = password_path(credential["server"])
            yield path, SecretKeyReference.parse(path, credential["passwordFrom"])


def _refuse_doubles(identity_ids: tuple[str, ...]) -> None:
    """Azure compares IDs without letter case, so two spellings are one identity."""
    if len({id_.lower() for id_ in identity_ids}) < len(identity_ids):
        raise Stall(
            reasons.INVALID_SPEC,
            "spec.identity.userAssigned names the same identity twice. Take one out.",
        )


def _text(source: SecretKeyReference, value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise Stall(
            reasons.INVALID_SPEC,
            f"{source.field} names a value that is not UTF-8 text, which Azure cannot take here.",
        ) from None
