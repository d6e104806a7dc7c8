"""What each recording takes for granted."""

from __future__ import annotations

from azure_emulator.settings import Settings
from emulator.container_preparations import CONTAINER_PREPARATIONS
from emulator.foreign_vaults import delete_vault
from emulator.replay import Preparation, Stage

_RECORDED_NEW_PRINCIPALS = (
    "81009f34-150a-40a1-a60c-20086116e41f",
    "cb5e8216-ad9c-465b-9c8b-ac28ab797075",
)
_CUSTOM_ROLE = {
    "name": "4adcc96e-0796-4b7e-851c-9b43b4a38547",
    "roleName": "restarts machines",
    "assignableScopes": ["/subscriptions/00000000-0000-0000-0000-000000000000"],
    "permissions": [
        {
            "actions": ["Microsoft.Compute/virtualMachines/restart/action"],
            "notActions": [],
            "dataActions": [],
            "notDataActions": [],
        }
    ],
}


def _new_principals(stage: Stage) -> None:
    """Make principals that role assignments cannot see for some seconds yet."""
    for recorded in _RECORDED_NEW_PRINCIPALS:
        principal = stage.azure.create_service_principal("new")
        stage.names.learn(recorded, principal.oid)


def _roles() -> Settings:
    return Settings(principal_delay=5, custom_roles=(_CUSTOM_ROLE,))


def _refusals() -> Settings:
    """A storage account below the group to be deleted was locked, a namespace not registered."""
    account = "providers/Microsoft.Storage/storageAccounts/acliautomationlab1471"
    group = "/subscriptions/00000000-0000-0000-0000-000000000000/resourcegroups"
    settings = _roles()
    settings.locks = ((f"{group}/cliautomation01000001/{account}", "CanNotDelete"),)
    settings.unregistered_namespaces = ("Microsoft.Solutions",)
    return settings


_RECORDED_VAULT_OWNER = "9ac02ab3-5061-4ec6-a3d8-2cdaa5f29efa"


def _vaults() -> Settings:
    """All recorded purges were seen unfinished after 11 seconds, finished after 12."""
    return Settings(vault_purge_seconds=11.5)


def _vault_owner(stage: Stage) -> None:
    """The recorded access policies are for the caller; others' deleted vaults are in the lists."""
    stage.names.learn(_RECORDED_VAULT_OWNER, stage.caller.oid)
    delete_vault(stage, "others-tagged", {"tag1": "1", "tag2": "2", "tag3": "3"}, protected=False)
    delete_vault(stage, "others-protected", {}, protected=True)


PREPARATIONS: dict[str, Preparation] = {
    **CONTAINER_PREPARATIONS,
    "cli-keyvault-mgmt": Preparation(_vaults, _vault_owner),
    "cli-keyvault-secret": Preparation(_vaults, _vault_owner),
    "cli-keyvault-softdelete": Preparation(_vaults, _vault_owner),
    "cli-arm-generic-errors": Preparation(_refusals, _new_principals),
    "cli-role-assignments": Preparation(_roles, _new_principals),
}
