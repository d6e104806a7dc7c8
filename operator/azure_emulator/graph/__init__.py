"""Microsoft Graph, as far as the Azure CLI and the SDKs need it to look principals up."""
