"""Microsoft.KeyVault: vaults, access policies, soft delete, and secrets on a data plane."""

from azure_emulator.vaults.provider import Vaults

__all__ = ["Vaults"]
