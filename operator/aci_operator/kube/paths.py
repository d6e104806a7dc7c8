"""Where the API server serves our kinds, Secrets and events."""

from __future__ import annotations

from aci_operator.api.kinds import KINDS
from aci_operator.api.objects import GROUP, VERSION, Key


def of_kind(kind: str, namespace: str | None = None) -> str:
    """All objects of one of our kinds, in one namespace or in all."""
    place = f"namespaces/{namespace}/" if namespace else ""
    return f"/apis/{GROUP}/{VERSION}/{place}{KINDS[kind].plural}"


def of_object(key: Key) -> str:
    """One object of ours."""
    namespaced = f"namespaces/{key.namespace}/" if key.namespace else ""
    return f"/apis/{GROUP}/{VERSION}/{namespaced}{KINDS[key.kind].plural}/{key.name}"


def of_secrets(namespace: str) -> str:
    """The Secrets of one namespace."""
    return f"/api/v1/namespaces/{namespace}/secrets"


def of_secret(namespace: str, name: str) -> str:
    """One Secret."""
    return f"{of_secrets(namespace)}/{name}"


def of_events(namespace: str) -> str:
    """The events of one namespace; those of cluster-scoped objects stand in `default`."""
    return f"/apis/events.k8s.io/v1/namespaces/{namespace or 'default'}/events"
