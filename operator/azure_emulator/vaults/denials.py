"""The error answers of a vault's data plane, with Azure's texts.

Evidence: azure.md sections 7.3 and 10.2; the two recordings for the 401. [inf] in a docstring:
the wording or the status rests on reports of users or on convention.
"""

from __future__ import annotations

from azure_emulator.errors import AzureError
from azure_emulator.wire import Caller

_POLICY_HELP = (
    "For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287"
)
_SECRET_HELP = (
    "If you recently deleted this secret you may be able to recover it using the correct recovery "
    "command. For help resolving this issue, please see "
    "https://go.microsoft.com/fwlink/?linkid=2125182"
)


def unauthorized(message: str, authority: str, resource: str) -> AzureError:
    """401 with the challenge by which clients learn tenant and audience (recorded)."""
    challenge = f'Bearer authorization="{authority}", resource="{resource}"'
    return AzureError(401, "Unauthorized", message, headers={"WWW-Authenticate": challenge})


def forbidden_by_policy(caller: Caller, permission: str, vault: str) -> AzureError:
    """403: no access policy grants it; `vault` is `name;location=place`."""
    return AzureError(
        403,
        "Forbidden",
        f"The user, group or application '{who(caller)}' does not have secrets {permission} "
        f"permission on key vault '{vault}'. {_POLICY_HELP}",
        inner={"code": "ForbiddenByPolicy"},
    )


def forbidden_by_rbac(caller: Caller, action: str, resource: str, vault: str) -> AzureError:
    """403: no role assignment grants the data action."""
    lines = (
        "Caller is not authorized to perform action on resource.",
        "If role assignments, deny assignments or role definitions were changed recently, please "
        "observe propagation time.",
        f"Caller: {who(caller)}",
        f"Action: '{action}'",
        f"Resource: '{resource}'",
        "Assignment: (not found)",
        "DenyAssignmentId: null",
        "DecisionReason: null",
        f"Vault: {vault}",
    )
    return AzureError(403, "Forbidden", "\r\n".join(lines), inner={"code": "ForbiddenByRbac"})


def forbidden_by_firewall(caller: Caller, address: str, vault: str) -> AzureError:
    """403: the vault's network rules deny the address (lines after the first are [inf])."""
    lines = (
        "Client address is not authorized and caller is not a trusted service.",
        f"Client address: {address}",
        f"Caller: {who(caller)}",
        f"Vault: {vault}",
    )
    return AzureError(403, "Forbidden", "\r\n".join(lines), inner={"code": "ForbiddenByFirewall"})


def forbidden_by_connection() -> AzureError:
    """403: public network access is off [inf]."""
    return AzureError(
        403,
        "Forbidden",
        "Public network access is disabled and request is not from a trusted service nor via an "
        "approved private link.",
        inner={"code": "ForbiddenByConnection"},
    )


def secret_not_found(id: str) -> AzureError:
    """404: `id` is the name, or name/version."""
    return AzureError(
        404,
        "SecretNotFound",
        f"A secret with (name/id) {id} was not found in this key vault. {_SECRET_HELP}",
    )


def deleted_secret_not_found(name: str) -> AzureError:
    """404: nothing soft-deleted under this name [inf]."""
    return AzureError(404, "SecretNotFound", f"Deleted Secret not found: {name}")


def secret_disabled(operation: str) -> AzureError:
    """403: the version is switched off."""
    return AzureError(
        403,
        "Forbidden",
        f"Operation {operation} is not allowed on a disabled secret.",
        inner={"code": "SecretDisabled"},
    )


def deleted_but_recoverable(name: str) -> AzureError:
    """409: the name lies in soft-delete (innererror from azure.md, wording reported by users)."""
    return AzureError(
        409,
        "Conflict",
        f"Secret {name} is currently in a deleted but recoverable state, and its name cannot be "
        "reused; in this state, the secret can only be recovered or purged.",
        inner={"code": "ObjectIsDeletedButRecoverable"},
    )


def name_in_use(name: str) -> AzureError:
    """409: a backup or a deleted secret cannot come back over a live one [inf]."""
    return AzureError(
        409, "Conflict", f"A secret with name {name} already exists in this key vault."
    )


def purge_protected() -> AzureError:
    """403: purge protection keeps deleted secrets until their time (reported by users)."""
    return AzureError(
        403,
        "Forbidden",
        'Operation "purge" is not allowed because purge protection is enabled for this vault. '
        "Key Vault service will automatically purge it after the retention period has passed.",
    )


def bad_parameter(message: str) -> AzureError:
    """400 BadParameter [inf wording]."""
    return AzureError(400, "BadParameter", message)


def unknown_version(api_version: str, newest: str) -> AzureError:
    """400: the data plane does not know this api-version [inf]."""
    return bad_parameter(
        f"The specified version ({api_version}) is not recognized. Consider using the latest "
        f"supported version ({newest})."
    )


def not_emulated(method: str, path: str) -> AzureError:
    """404 for what a real vault has, or has not, and this one certainly has not."""
    return AzureError(
        404, "NotFound", f"{method} {path}: this emulated vault answers for secrets only."
    )


def who(caller: Caller) -> str:
    """Name the caller as the data plane does."""
    return f"appid={caller.appid};oid={caller.oid};iss=https://sts.windows.net/{caller.tid}/"
