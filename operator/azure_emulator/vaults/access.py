"""Who may do what with a vault's secrets."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from azure_emulator.authorization.rights import Authorization
from azure_emulator.settings import Settings
from azure_emulator.vaults import denials, policies
from azure_emulator.vaults.vault import Vault
from azure_emulator.wire import Caller


@dataclass(frozen=True)
class Operation:
    """One operation on secrets: the word of access policies, and the data action of roles."""

    permission: str
    action: str


def _operation(permission: str, action: str) -> Operation:
    return Operation(permission, f"Microsoft.KeyVault/vaults/secrets/{action}")


GET = _operation("get", "getSecret/action")
LIST = _operation("list", "readMetadata/action")
SET = _operation("set", "setSecret/action")
UPDATE = _operation("set", "update/action")
DELETE = _operation("delete", "delete")
BACKUP = _operation("backup", "backup/action")
RESTORE = _operation("restore", "restore/action")
RECOVER = _operation("recover", "recover/action")
PURGE = _operation("purge", "purge/action")
GET_DELETED = _operation("get", "readMetadata/action")


class Guard:
    """Decides by the vault's model: its access policies, or role assignments."""

    def __init__(self, settings: Settings, authorization: Authorization) -> None:
        self._settings = settings
        self._authorization = authorization

    def admit(self, vault: Vault, caller: Caller, address: str) -> None:
        """Refuse whom the vault's firewall refuses: AzureError 403.

        An address counts as the vault sees it; callers in virtual networks do not exist here.
        """
        if str(vault.properties["publicNetworkAccess"]).lower() == "disabled":
            raise denials.forbidden_by_connection()
        rules = vault.properties["networkAcls"]
        if rules is None or rules["defaultAction"] == "Allow":
            return
        if not any(_covers(rule["value"], address) for rule in rules["ipRules"]):
            raise denials.forbidden_by_firewall(caller, address, vault.label)

    def check(
        self, vault: Vault, caller: Caller, operation: Operation, name: str, now: float
    ) -> None:
        """Refuse a caller without the right; `name` is the secret's, "" for the vault as a whole.

        Raises AzureError 403 with innererror ForbiddenByPolicy or ForbiddenByRbac. Policies are
        ignored on a vault that goes by roles, and roles on one that does not.
        """
        if vault.properties["enableRbacAuthorization"]:
            scope = f"{vault.id}/secrets/{name}" if name else vault.id
            if not self._authorization.allows(caller.oid, operation.action, scope, data=True):
                raise denials.forbidden_by_rbac(caller, operation.action, scope, vault.label)
            return
        held = vault.policies_in_effect(now, self._settings.policy_delay)
        if not policies.allow(held, caller.oid, operation.permission):
            raise denials.forbidden_by_policy(caller, operation.permission, vault.label)


def _covers(network: str, address: str) -> bool:
    return ipaddress.ip_address(address) in ipaddress.ip_network(network, strict=False)
