"""Kubernetes as the operator writes it: status, finalizers, events, secrets, lists."""
