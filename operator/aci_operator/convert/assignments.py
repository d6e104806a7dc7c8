"""Role assignments of any role on any scope."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from . import grants
from .grants import Given, Scene
from .index import GROUP, IDENTITY, VAULT, Input
from .report import Report, object_name
from .template import Resource
from .values import Refused, missing

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_SCOPES = {GROUP: "containerGroupRef", IDENTITY: "userAssignedIdentityRef", VAULT: "keyVaultRef"}
_ABSOLUTE = ("/subscriptions/", "/providers/microsoft.management/managementgroups/")
_WORDS = {
    "description": "description",
    "condition": "condition",
    "conditionversion": "conditionVersion",
}


def convert(resource: Resource, among: Input, report: Report) -> None:
    """Convert one: KeyVaultAccess for Key Vault Secrets User on a vault, else RoleAssignment."""
    properties = resource.body.get("properties")
    given = {k.lower(): v for k, v in properties.items()} if isinstance(properties, Mapping) else {}
    if grants.role_on_vault(resource, given, among, report):
        return
    role = _role(given.get("roledefinitionid"))
    scope = _scope(resource, among)
    if isinstance(role, Refused):
        report.refuse(resource.label, "roleDefinitionId", role.reason)
    if isinstance(scope, Refused):
        report.refuse(resource.label, "scope", scope.reason)
    if isinstance(role, Refused) or isinstance(scope, Refused):
        return
    _add(resource, given, {"scope": scope, "roleDefinitionId": role}, Scene(among, report))


def _add(resource: Resource, given: Given, spec: dict[str, Any], scene: Scene) -> None:
    report = scene.report
    who, type_ = given.get("principalid"), given.get("principaltype")
    principal = grants.principal_of(resource, who, type_, scene)
    if principal is None:
        return
    spec["principal"] = principal
    for name, ours in _WORDS.items():
        if isinstance(given.get(name), str):
            spec[ours] = given[name]
        elif given.get(name) is not None:
            report.refuse(resource.label, ours, "a text that can be evaluated is expected")
            return  # a role without its condition would give more than was meant
    (target,) = spec["scope"].values()
    where = target if isinstance(target, str) else next(iter(target.values()))
    where = where.rsplit("/", 1)[-1]
    wanted = f"{grants.subject(principal)}-{spec['roleDefinitionId'][:8]}-on-{object_name(where)}"
    name = report.claim("RoleAssignment", wanted, str(sorted(spec.items(), key=str)))
    report.add("RoleAssignment", name, spec)


def _role(value: Any) -> str | Refused:
    """Give the GUID at the end of a role's ID: the subscription before it means nothing."""
    if isinstance(value, Refused):
        return value
    last = value.rsplit("/", 1)[-1] if isinstance(value, str) else ""
    if not _GUID.fullmatch(last):
        return Refused("the ID of a role, which ends in a UUID, is expected")
    return last


def _scope(resource: Resource, among: Input) -> dict[str, Any] | Refused:
    """Give `scope` of ours; without one the deployment's resource group is meant."""
    value = resource.body.get("scope")
    if value is None:
        return {"resourceGroupRef": dict(among.group_ref)}
    if not isinstance(value, str):
        return value if isinstance(value, Refused) else Refused("a text is expected")
    id_ = value.rstrip("/")
    if not id_.lower().startswith(_ABSOLUTE):
        found = next((r.id for r in among.resources if _relative(r) == id_.lower()), None)
        id_ = found or f"{among.place.group_id}/providers/{id_}"
    if name := among.names.get(id_.lower()):
        return {next(ref for type_, ref in _SCOPES.items() if type_ in id_.lower()): {"name": name}}
    reason = missing(id_)
    return Refused(reason) if reason else {"id": id_}


def _relative(resource: Resource) -> str:
    return f"{resource.type}/{resource.name}".lower()
