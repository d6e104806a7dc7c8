"""The article's lines for the shell inside the container; see ORIGIN.md."""

from __future__ import annotations

TOKEN_OF_CLIENT = (
    'curl "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01'
    '&resource=https%3A%2F%2Fvault.azure.net&client_id=$client_id" -H Metadata:true -s'
)
TOKEN = (
    "TOKEN=$(curl 'http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01"
    "&resource=https%3A%2F%2Fvault.azure.net' -H Metadata:true | jq -r '.access_token')"
)
SECRET = (
    "curl https://mykeyvault.vault.azure.net/secrets/SampleSecret/?api-version=7.4 "
    '-H "Authorization: Bearer $TOKEN"'
)
LOGIN = "az login --identity"
SECRET_BY_CLI = """\
az keyvault secret show \\
  --name SampleSecret \\
  --vault-name mykeyvault --query value"""
