"""The error answers of Microsoft.KeyVault's management plane, with Azure's texts.

Evidence: azure.md sections 7.3 and 10. A function whose docstring says [inf] has a status or a
wording that rests on reports of users or on convention, not on recorded traffic.
"""

from __future__ import annotations

from collections.abc import Sequence

from azure_emulator.errors import AzureError

SOFT_DELETE_LINK = "https://go.microsoft.com/fwlink/?linkid=2147740"


def invalid(message: str) -> AzureError:
    """400 BadRequest: the body of a vault request cannot be accepted."""
    return AzureError(400, "BadRequest", message)


def invalid_name(name: str) -> AzureError:
    """400 VaultNameNotValid (azure.md section 7.3; the wording is [inf])."""
    return AzureError(
        400,
        "VaultNameNotValid",
        f"The vault name '{name}' is invalid. A vault's name must be between 3-24 alphanumeric "
        "characters. The name must begin with a letter, end with a letter or digit, and not "
        "contain consecutive hyphens.",
    )


def name_taken(name: str) -> AzureError:
    """409 VaultAlreadyExists: names are unique in the world (azure.md 7.3, wording [inf])."""
    return AzureError(409, "VaultAlreadyExists", name_taken_text(name))


def name_taken_text(name: str) -> str:
    """Say that a vault name is in use; checkNameAvailability answers with it, too."""
    return (
        f"The vault name '{name}' is already in use. Vault names are globally unique so it is "
        "possible that the name is already taken. If you are sure that the vault name was not "
        "taken then it is possible that a vault with the same name was recently deleted but not "
        "purged after being placed in a recoverable state. If the vault is in a recoverable "
        "state then the vault will need to be purged before reusing the name. For more "
        f"information on soft delete and purging a vault follow this link {SOFT_DELETE_LINK}."
    )


def exists_deleted() -> AzureError:
    """409 ConflictError: the name lies in soft-delete (azure.md section 7.3)."""
    return AzureError(
        409,
        "ConflictError",
        "A vault with the same name already exists in deleted state. You need to either recover "
        "or purge existing key vault. Follow this link for more information on soft delete "
        f"{SOFT_DELETE_LINK}",
    )


def overlapping(name: str) -> AzureError:
    """409 ConflictError: another write on the same vault is under way (azure.md 7.3)."""
    return AzureError(
        409,
        "ConflictError",
        "A conflict occurred that prevented the operation from completing. The operation failed "
        f"because the Key Vault '{name}' changed from the point the operation began. This can "
        "happen if parallel operations are being performed on the Key Vault. To prevent this "
        "error, serialize the operations so that only one operation is performed on the Key "
        "Vault at a time.",
    )


def retention_is_fixed() -> AzureError:
    """400: softDeleteRetentionInDays is set once (azure.md section 7.3)."""
    return invalid(
        'The property "softDeleteRetentionInDays" has been set already and it can\'t be modified.'
    )


def soft_delete_is_final() -> AzureError:
    """400: soft delete is never switched off [spec; wording inf]."""
    return invalid(
        'The property "enableSoftDelete" cannot be set to false. Enabling soft delete for a '
        "vault is an irreversible action."
    )


def purge_protection_is_final() -> AzureError:
    """400: purge protection never takes the value false [spec; wording inf]."""
    return invalid(
        'The property "enablePurgeProtection" cannot be set to false. Enabling the purge '
        "protection for a vault is an irreversible action."
    )


def missing(property_path: str) -> AzureError:
    """400: a required property is absent (azure.md section 10; wording [inf])."""
    return invalid(f"The parameter {property_path} is not specified.")


def bad_value(property_path: str) -> AzureError:
    """400: a property has a value of a wrong type or outside its range [inf wording]."""
    return invalid(f"An invalid value was provided for '{property_path}'.")


def too_many_policies() -> AzureError:
    """400: more than 1,024 access policies (limit azure.md section 9; wording [inf])."""
    return invalid("A key vault can have at most 1024 access policies.")


def vault_not_found(name: str, group: str) -> AzureError:
    """404 ResourceNotFound by ARM itself (recordings/cli-arm-generic-errors.json)."""
    return AzureError(
        404,
        "ResourceNotFound",
        f"The Resource 'Microsoft.KeyVault/vaults/{name}' under resource group '{group}' was not "
        "found. For more details please go to https://aka.ms/ARMResourceNotFoundFix",
        gateway=True,
    )


def deleted_vault_not_found(name: str) -> AzureError:
    """404: no such soft-deleted vault [inf]."""
    return AzureError(
        404, "DeletedVaultNotFound", f"The specified deleted vault '{name}' does not exist."
    )


def purge_not_allowed() -> AzureError:
    """405: the deleted vault has purge protection [code and text reported, status inf]."""
    return AzureError(405, "MethodNotAllowed", "Operation 'DeletedVaultPurge' is not allowed.")


def operation_not_found(token: str) -> AzureError:
    """404: no such operation result [inf]."""
    return AzureError(404, "NotFound", f"The operation result '{token}' was not found.")


def location_required() -> AzureError:
    """400 LocationRequired, by ARM itself [ARM convention, inf]."""
    return AzureError(
        400,
        "LocationRequired",
        "The location property is required for this definition.",
        gateway=True,
    )


def location_not_available(given: str, known: Sequence[str]) -> AzureError:
    """400: vaults are not offered there, or there is no such place [ARM convention, inf]."""
    return AzureError(
        400,
        "LocationNotAvailableForResourceType",
        f"The provided location '{given}' is not available for resource type "
        "'Microsoft.KeyVault/vaults'. List of available regions for the resource type is "
        f"'{','.join(known)}'.",
        gateway=True,
    )


def location_is_fixed(name: str, stored: str, given: str) -> AzureError:
    """409 InvalidResourceLocation: ARM's refusal to move a resource [ARM convention, inf]."""
    return AzureError(
        409,
        "InvalidResourceLocation",
        f"The resource '{name}' already exists in location '{stored}'. A resource with the same "
        f"name cannot be created in location '{given}'. Please select a new resource name.",
        gateway=True,
    )
