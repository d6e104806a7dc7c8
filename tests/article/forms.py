"""The article's identity blocks for templates and YAML files, each in a whole group; see ORIGIN.md.

The article shows `identity` alone and says "specify a minimum apiVersion of 2018-10-01". Around it
stands its own container. `myResourceID1` is the ID of the user-assigned identity.
"""

from __future__ import annotations

API_VERSION = "2018-10-01"

TEMPLATE_IDENTITIES = {
    "template-user": """\
"identity": {
    "type": "UserAssigned",
    "userAssignedIdentities": {
        "myResourceID1": {
            }
        }
    }""",
    "template-system": """\
"identity": {
    "type": "SystemAssigned"
    }""",
    "template-both": """\
"identity": {
    "type": "SystemAssigned, UserAssigned",
    "userAssignedIdentities": {
        "myResourceID1": {
            }
        }
    }""",
}
YAML_IDENTITIES = {
    "yaml-user": """\
identity:
  type: UserAssigned
  userAssignedIdentities:
    {'myResourceID1':{}}
""",
    "yaml-system": """\
identity:
  type: SystemAssigned
""",
    "yaml-both": """\
identity:
  type: SystemAssigned, UserAssigned
  userAssignedIdentities:
   {'myResourceID1':{}}
""",
}


def template_resource(name: str, identity_id: str) -> str:
    """Give the resource of a Resource Manager template, as `az rest --body` takes it."""
    identity = TEMPLATE_IDENTITIES[name].replace("myResourceID1", identity_id)
    return f"""\
{{
  "location": "eastus",
  {identity},
  "properties": {{
    "osType": "Linux",
    "containers": [
      {{
        "name": "{name}",
        "properties": {{
          "image": "mcr.microsoft.com/azure-cli",
          "command": ["tail", "-f", "/dev/null"],
          "resources": {{"requests": {{"cpu": 1, "memoryInGB": 1.5}}}}
        }}
      }}
    ]
  }}
}}
"""


def yaml_file(name: str, identity_id: str) -> str:
    """Give the file for `az container create --file`."""
    identity = YAML_IDENTITIES[name].replace("myResourceID1", identity_id)
    return f"""\
apiVersion: {API_VERSION}
location: eastus
name: {name}
{identity}properties:
  osType: Linux
  containers:
  - name: {name}
    properties:
      image: mcr.microsoft.com/azure-cli
      command: [tail, -f, /dev/null]
      resources:
        requests:
          cpu: 1
          memoryInGB: 1.5
"""


TEMPLATE = f"""\
{{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {{
      "type": "Microsoft.ContainerInstance/containerGroups",
      "apiVersion": "{API_VERSION}",
      "name": "deployed",
      "location": "eastus",
      {TEMPLATE_IDENTITIES["template-system"]},
      "properties": {{}}
    }}
  ]
}}
"""
"""A whole template, for a deployment that the emulator refuses."""
