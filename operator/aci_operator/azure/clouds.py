"""Microsoft's clouds: where each answers, and the audiences of its tokens.

Sources: the constants of azure-identity (`AzureAuthorityHosts`) and azure-mgmt-core
(`get_arm_endpoints`); the vaults' audiences are the domains of their names. A vault's name is
checked against its audience by the vault client itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CLOUDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "AzurePublic": {},
        "AzureUSGovernment": {
            "resource_manager": "https://management.usgovcloudapi.net",
            "resource_manager_audience": "https://management.core.usgovcloudapi.net",
            "active_directory": "https://login.microsoftonline.us",
            "key_vault_audience": "https://vault.usgovcloudapi.net",
        },
        "AzureChina": {
            "resource_manager": "https://management.chinacloudapi.cn",
            "active_directory": "https://login.chinacloudapi.cn",
            "key_vault_audience": "https://vault.azure.cn",
        },
    }
)
"""Name -> the settings of an account there that differ from the public cloud's."""
