"""Microsoft.ManagedIdentity, and the identity endpoint inside containers."""
