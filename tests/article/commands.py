"""The article's commands, in order; see ORIGIN.md."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One block of the article: `name` for us, `text` for the shell, and the variables it sets."""

    name: str
    text: str
    sets: tuple[str, ...] = ()


VAULT = (
    Step(
        "group create",
        "az group create --name myResourceGroup --location eastus",
    ),
    Step(
        "keyvault create",
        """\
az keyvault create \\
  --name mykeyvault \\
  --resource-group myResourceGroup \\
  --location eastus""",
    ),
    Step(
        "secret set",
        """\
az keyvault secret set \\
  --name SampleSecret \\
  --value "Hello Container Instances" \\
  --description ACIsecret --vault-name mykeyvault""",
    ),
)

USER_ASSIGNED = (
    Step(
        "identity create",
        """\
az identity create \\
  --resource-group myResourceGroup \\
  --name myACIId""",
    ),
    Step(
        "identity show",
        """\
# Get service principal ID of the user-assigned identity
SP_ID=$(az identity show \\
  --resource-group myResourceGroup \\
  --name myACIId \\
  --query principalId --output tsv)

# Get resource ID of the user-assigned identity
RESOURCE_ID=$(az identity show \\
  --resource-group myResourceGroup \\
  --name myACIId \\
  --query id --output tsv)""",
        ("SP_ID", "RESOURCE_ID"),
    ),
    Step(
        "set-policy for the user-assigned identity",
        """\
az keyvault set-policy \\
    --name mykeyvault \\
    --resource-group myResourceGroup \\
    --object-id $SP_ID \\
    --secret-permissions get""",
    ),
    Step(
        "container create with the user-assigned identity",
        """\
az container create \\
  --resource-group myResourceGroup \\
  --name mycontainer \\
  --image mcr.microsoft.com/azure-cli \\
  --assign-identity $RESOURCE_ID \\
  --command-line "tail -f /dev/null\"""",
    ),
    Step(
        "container show with the user-assigned identity",
        """\
az container show \\
  --resource-group myResourceGroup \\
  --name mycontainer""",
    ),
)

SYSTEM_ASSIGNED = (
    Step(
        "container create with the system-assigned identity",
        """\
# Get the resource ID of the resource group
RG_ID=$(az group show --name myResourceGroup --query id --output tsv)

# Create container group with system-managed identity
az container create \\
  --resource-group myResourceGroup \\
  --name mycontainer \\
  --image mcr.microsoft.com/azure-cli \\
  --assign-identity --scope $RG_ID \\
  --command-line "tail -f /dev/null\"""",
        ("RG_ID",),
    ),
    Step(
        "container show with the system-assigned identity",
        """\
az container show \\
  --resource-group myResourceGroup \\
  --name mycontainer""",
    ),
    Step(
        "principal of the system-assigned identity",
        """\
SP_ID=$(az container show \\
  --resource-group myResourceGroup \\
  --name mycontainer \\
  --query identity.principalId --out tsv)""",
        ("SP_ID",),
    ),
    Step(
        "set-policy for the system-assigned identity",
        """\
az keyvault set-policy \\
   --name mykeyvault \\
   --resource-group myResourceGroup \\
   --object-id $SP_ID \\
   --secret-permissions get""",
    ),
)

EXEC = """\
az container exec \\
  --resource-group myResourceGroup \\
  --name mycontainer \\
  --exec-command "/bin/bash\""""
