"""An account of the emulated Azure, as the manifests that a user would write."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Account:
    """A service principal, where it signs in, and the subscription it works in."""

    subscription_id: str
    tenant_id: str
    client_id: str
    client_secret: str = field(repr=False)
    resource_manager: str
    active_directory: str
    ca_file: Path
    public: bool = False
    """Leave the endpoints out: then the operator asks public Azure's."""

    def manifest(self) -> str:
        """Give the Secret `azure-credential` and the AzureAccount `azure`, without a namespace."""
        return f"""\
apiVersion: v1
kind: Secret
metadata:
  name: azure-credential
stringData:
  clientSecret: {self.client_secret}
---
apiVersion: aci-operator.io/v1alpha1
kind: AzureAccount
metadata:
  name: azure
spec:
  subscriptionId: {self.subscription_id}
  tenantId: {self.tenant_id}
  credential:
    servicePrincipal:
      clientId: {self.client_id}
      clientSecretFrom:
        secretKeyRef:
          name: azure-credential
          key: clientSecret
{"" if self.public else self._endpoints()}"""

    def _endpoints(self) -> str:
        ca_bundle = base64.b64encode(self.ca_file.read_bytes()).decode()
        return f"""\
  endpoints:
    resourceManager: {self.resource_manager}
    activeDirectory: {self.active_directory}
    caBundle: {ca_bundle}
"""
