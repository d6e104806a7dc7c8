"""Resolving what the body needs: group, location, identities, secrets."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator

from aci_operator.api import reasons
from aci_operator.api.kinds import USER_ASSIGNED_IDENTITY
from aci_operator.api.objects import Key, Object
from aci_operator.api.references import Reference, SecretKeyReference, keys
from aci_operator.kinds.container_group import (
    awaited,
    confidential,
    identities_named,
    injection,
    inline_access,
    preflight,
    sources,
    vaults,
)
from aci_operator.kinds.container_group.body import Inputs, Spec
from aci_operator.kinds.container_group.completion import completed
from aci_operator.reconcile import references
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.credentials import read_secret_key
from aci_operator.reconcile.policies import observes
from aci_operator.reconcile.steps import Stall
from aci_operator.reconcile.target import group_of, group_reference

NEVER_EMPTY = (".passwordFrom", ".storageAccountKeyFrom", ".workspaceKeyFrom")
"""Azure refuses these without a value: azure.md sections 3 and 7.1."""


async def resolve(p: Pass) -> tuple[str, Inputs]:
    """Give the resource group's ARM ID and the inputs. Raises Wait or Stall by field."""
    identity_ids = tuple(references.arm_id(p, ref) for ref in identity_references(p.started_as))
    _refuse_doubles(identity_ids)
    arm_ids = {ref.field: references.arm_id(p, ref) for ref in inner_references(p.started_as)}
    _refuse_unassigned(p, arm_ids, identity_ids)
    vault_urls = vaults.resolve(p)
    secrets = {}
    sends_none = observes(p.object) or completed(p)
    for path, source in secret_sources(p.spec):
        if sends_none:
            secrets[path] = ""  # nothing is sent, and no answer shows a secret to compare with
            continue
        value = await read_secret_key(p.world.kube, p.namespace, source)
        secrets[path] = as_sent(source, value)
    # Last, since it may ask Azure: what is missing here shall not cost a request at each look.
    group_id, location = await group_of(p)
    variables = await injection.resolve(p, identity_ids)
    references.resolved(p)
    return group_id, Inputs(location, identity_ids, secrets, arm_ids, vault_urls, variables)


def identity_references(group: Object) -> list[Reference]:
    """Give the references to the user-assigned identities."""
    entries = (group.spec.get("identity") or {}).get("userAssigned") or ()
    return [
        Reference.parse(f"spec.identity.userAssigned[{place}]", USER_ASSIGNED_IDENTITY.kind, entry)
        for place, entry in enumerate(entries)
    ]


def inner_references(group: Object) -> list[Reference]:
    """Give the references to identities that stand elsewhere than in `spec.identity`."""
    return [
        Reference.parse(path, USER_ASSIGNED_IDENTITY.kind, value)
        for path, value in sources.references(group.spec)
    ]


def referenced(group: Object) -> frozenset[Key]:
    """Give all objects of ours that the group names."""
    identities = (*identity_references(group), *inner_references(group))
    told = injection.reference(group)
    others = (group_reference(group), told, *vaults.named(group))
    named = keys(group.key.namespace, *others, *identities)
    return named | inline_access.keys(group) | frozenset(awaited.keys(group))


def secret_sources(spec: Spec) -> Iterator[tuple[str, SecretKeyReference]]:
    """Walk the `...From` fields and the files of secret volumes: path and source."""
    for path, value in sources.secrets(spec):
        yield path, SecretKeyReference.parse(path, value)


def as_sent(source: SecretKeyReference, value: bytes) -> str:
    """Give a secret as the body takes it: base64 for a file, JSON or text for all else.

    Raises Stall, which never shows the value, for what Azure cannot take there.
    """
    path = source.field.removesuffix(".secretKeyRef")
    if path.startswith("spec.volumes[") and path.endswith("]"):
        return base64.b64encode(value).decode()
    text = _text(source, value)
    if not text and path.endswith(NEVER_EMPTY):
        raise Stall(
            reasons.INVALID_SPEC,
            f"{source.field} names key {source.key} of Secret {source.name}, which is empty. Azure "
            "takes no empty value here: fill it in.",
        )
    if path.endswith(".ccePolicyFrom"):
        text = text.strip()  # a file that a tool has written ends its line
        _refuse_policy(source, text)
    if path.endswith(".protectedSettingsFrom") and not _is_json_object(text):
        raise Stall(
            reasons.INVALID_SPEC,
            f"{source.field} names a value that is no JSON object, which protected settings are. "
            "Write one into the Secret.",
        )
    return text


def _refuse_policy(source: SecretKeyReference, policy: str) -> None:
    for finding in confidential.flaws(source.field, policy):
        value = f"the value of key {source.key} of Secret {source.name}"
        raise Stall(finding.reason, f"{finding.field}: {value}: {finding.text}")


def _is_json_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _refuse_unassigned(p: Pass, arm_ids: dict[str, str], assigned: tuple[str, ...]) -> None:
    """What names alone could not tell: a name here and an ID there may be the same identity."""
    found = [] if observes(p.object) else list(identities_named.resolved(arm_ids, assigned))
    if found:
        raise Stall(found[0].reason, preflight.told(found))


def _refuse_doubles(identity_ids: tuple[str, ...]) -> None:
    """Azure compares IDs without letter case, so two spellings are one identity."""
    if len({id_.lower() for id_ in identity_ids}) < len(identity_ids):
        raise preflight.of_doubles("spec.identity.userAssigned")


def _text(source: SecretKeyReference, value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise Stall(
            reasons.INVALID_SPEC,
            f"{source.field} names a value that is not UTF-8 text, which Azure cannot take here.",
        ) from None
