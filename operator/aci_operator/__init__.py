"""The operator: custom resources in, Azure Container Instances with managed identities out."""
