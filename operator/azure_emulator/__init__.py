"""A stand-in for the parts of Azure that run container groups with managed identities."""
