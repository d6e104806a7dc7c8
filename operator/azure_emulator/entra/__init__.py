"""Microsoft Entra ID: principals, their secrets, and signed tokens."""
