"""The API server as this operator uses it: reads, status, finalizers, Secrets, events."""
