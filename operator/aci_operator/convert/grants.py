"""Access policies, role assignments on vaults, and secrets of vaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import schemas
from .carry import ABSENT, Carrier
from .index import Input
from .report import Report, object_name
from .template import Resource
from .values import Late, Refused

SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
"""The built-in role Key Vault Secrets User (azure.md section 11)."""


Given = Mapping[str, Any]
"""Properties of a resource by their names in lower case."""


@dataclass(frozen=True)
class Vault:
    """A vault: `keyVaultRef` and its name."""

    reference: dict[str, str]
    name: str


@dataclass(frozen=True)
class Wish:
    """What somebody may do on a vault, and in which way."""

    vault: Vault
    permissions: dict[str, Any]
    mode: str
    principal_type: Any = None


@dataclass(frozen=True)
class Scene:
    """The input that a grant stands in, and where problems go."""

    among: Input
    report: Report


def secret(resource: Resource, among: Input, report: Report) -> None:
    """Convert `vaults/secrets`; its value becomes a key to fill."""
    found = _vault_and_last(resource, among, report)
    if found is None:
        return
    vault, name = found
    own = report.claim("KeyVaultSecret", name, resource.id or resource.label)
    carrier = Carrier(report, resource.label, "KeyVaultSecret", f"{own}-values")
    body = {str(key).lower(): inner for key, inner in resource.body.items()}
    properties = body.get("properties")
    properties = properties if isinstance(properties, Mapping) else {}
    spec: dict[str, Any] = {"keyVaultRef": vault.reference}
    if own != name:
        spec["azureName"] = name
    rest = {key: inner for key, inner in properties.items() if key.lower() != "value"}
    carried = carrier.carry(
        {"tags": body.get("tags"), "properties": rest}, schemas.spec("KeyVaultSecret"), ""
    )
    spec |= {} if carried is ABSENT else carried
    spec["valueFrom"] = report.secret_key(f"{own}-values", "value", f"the secret {name}")
    report.add("KeyVaultSecret", own, spec)


def policies_of_vault(resource: Resource, among: Input, report: Report) -> None:
    """Convert the policies that stand in a vault's own body."""
    entries = _entries(resource)
    if entries and isinstance(resource.name, str):
        name = among.names.get(resource.id.lower())
        if name:
            vault = Vault({"name": name}, resource.name)
            _policies(resource, entries, vault, Scene(among, report))


def policies(resource: Resource, among: Input, report: Report) -> None:
    """Convert `vaults/accessPolicies`, whose name is `VAULT/add`."""
    found = _vault_and_last(resource, among, report)
    if found is None:
        return
    vault, verb = found
    if verb.lower() != "add":
        why = "only added policies are converted; replace and remove change what others granted"
        report.refuse(resource.label, "name", why)
        return
    _policies(resource, _entries(resource), vault, Scene(among, report))


def role_on_vault(resource: Resource, given: Given, among: Input, report: Report) -> bool:
    """Convert Key Vault Secrets User on a vault; say whether it was that."""
    role = given.get("roledefinitionid")
    vault = _vault_of_scope(resource, among)
    if not isinstance(role, str) or not role.lower().endswith(SECRETS_USER) or vault is None:
        return False
    wish = Wish(vault, {"secrets": ["get", "list"]}, "RBAC", given.get("principaltype"))
    _access(resource, given.get("principalid"), wish, Scene(among, report))
    return True


def _vault_of_scope(resource: Resource, among: Input) -> Vault | None:
    scope = resource.body.get("scope")
    if not isinstance(scope, str):
        return None
    lower = scope.lower().rstrip("/")
    if "microsoft.keyvault/vaults/" not in lower:
        return None
    name = scope.rstrip("/").rsplit("/", 1)[-1]
    if not lower.startswith("/subscriptions/"):
        reference = among.vault_ref(name)
    else:
        own = among.names.get(lower)
        reference = {"name": own} if own else {"id": scope}
    if reference is None or "\ue000" in str(reference):
        return None
    return Vault(reference, name)


def _vault_and_last(resource: Resource, among: Input, report: Report) -> tuple[Vault, str] | None:
    """Split `VAULT/NAME` and give the vault's reference; None and a line if that fails."""
    name = resource.name
    if not isinstance(name, str) or name.count("/") != 1 or "\ue000" in name:
        why = name.reason if isinstance(name, Refused) else "VAULT/NAME is expected"
        report.refuse(resource.label, "name", why)
        return None
    vault, last = name.split("/")
    reference = among.vault_ref(vault)
    if reference is None:
        report.refuse(resource.label, "name", "give --resource-group as an ARM ID")
        return None
    return Vault(reference, vault), last


def _entries(resource: Resource) -> Any:
    properties = resource.body.get("properties")
    if not isinstance(properties, Mapping):
        return []
    for key, value in properties.items():
        if key.lower() == "accesspolicies":
            return value
    return []


def _policies(resource: Resource, entries: Any, vault: Vault, scene: Scene) -> None:
    report = scene.report
    if not isinstance(entries, list):
        report.refuse(resource.label, "accessPolicies", "a list that can be evaluated is expected")
        return
    for place, entry in enumerate(entries):
        path = f"accessPolicies[{place}]"
        if not isinstance(entry, Mapping):
            report.refuse(resource.label, path, "an object is expected")
            continue
        given = {key.lower(): value for key, value in entry.items()}
        if given.get("applicationid"):
            report.refuse(resource.label, f"{path}.applicationId", "no kind of ours has this field")
            continue
        permissions = _permissions(resource, given.get("permissions"), path, report)
        if permissions:
            wish = Wish(vault, permissions, "AccessPolicy")
            _access(resource, given.get("objectid"), wish, scene)


def _permissions(resource: Resource, given: Any, path: str, report: Report) -> dict[str, Any]:
    carrier = Carrier(report, resource.label, "KeyVaultAccess", "unused")
    schema = schemas.spec("KeyVaultAccess")["properties"]["permissions"]
    carried = carrier.carry(given, schema, f"{path}.permissions")
    lists = carried if isinstance(carried, Mapping) else {}
    return {name: list(dict.fromkeys(words)) for name, words in lists.items() if words}


def _access(resource: Resource, who: Any, wish: Wish, scene: Scene) -> None:
    report = scene.report
    principal = principal_of(resource, who, wish.principal_type, scene)
    if principal is None:
        return
    wanted = f"{subject(principal)}-on-{object_name(wish.vault.name)}"
    owner = f"{wish.mode} {sorted(principal.items(), key=str)} {wish.permissions}"
    spec: dict[str, Any] = {"keyVaultRef": wish.vault.reference, "principal": principal}
    spec |= {"permissions": wish.permissions, "mode": wish.mode}
    report.add("KeyVaultAccess", report.claim("KeyVaultAccess", wanted, owner), spec)


def principal_of(resource: Resource, who: Any, type: Any, scene: Scene) -> dict[str, Any] | None:
    """Give a `principal` of ours; None and a line where it is not known."""
    principal = scene.among.principal(who)
    if principal is None:
        why = who.reason if isinstance(who, Refused) else _unknown_principal(who)
        scene.report.refuse(resource.label, "principal", why)
        return None
    if "principalType" in principal and isinstance(type, str):
        principal["principalType"] = type
    elif "principalType" in principal:
        why = "taken for a ServicePrincipal; check principalType"
        scene.report.note(resource.label, "principal", why)
    return principal


def subject(principal: Mapping[str, Any]) -> str:
    """Name a principal for an object's name."""
    for value in principal.values():
        if isinstance(value, Mapping):
            return str(value["name"])
    return str(principal["principalId"])[:8]


def _unknown_principal(who: Any) -> str:
    if isinstance(who, Late):
        return f"{who.text} is not the principal ID of a group or identity of this template"
    return "it is not known here"
