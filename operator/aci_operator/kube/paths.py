"""Where the API server serves our kinds, Secrets, ConfigMaps and events."""

from __future__ import annotations

import re

from aci_operator.api.kinds import KINDS
from aci_operator.api.objects import GROUP, VERSION, Key
from aci_operator.kube.errors import Gone

_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?", re.ASCII)
"""What Secrets and ServiceAccounts can be called (RFC 1123 subdomains): no slash among it."""


def of_kind(kind: str, namespace: str | None = None) -> str:
    """All objects of one of our kinds, in one namespace or in all."""
    place = f"namespaces/{namespace}/" if namespace else ""
    return f"/apis/{GROUP}/{VERSION}/{place}{KINDS[kind].plural}"


def of_object(key: Key) -> str:
    """One object of ours."""
    namespaced = f"namespaces/{key.namespace}/" if key.namespace else ""
    return f"/apis/{GROUP}/{VERSION}/{namespaced}{KINDS[key.kind].plural}/{key.name}"


def of_secrets(namespace: str | None) -> str:
    """The Secrets of one namespace, or of all."""
    return f"/api/v1/namespaces/{namespace}/secrets" if namespace else "/api/v1/secrets"


def of_secret(namespace: str, name: str) -> str:
    """One Secret. Raises `Gone` for a name that none can have."""
    return f"{of_secrets(namespace)}/{_segment(name)}"


def of_config_maps(namespace: str) -> str:
    """The ConfigMaps of one namespace."""
    return f"/api/v1/namespaces/{namespace}/configmaps"


def of_config_map(namespace: str, name: str) -> str:
    """One ConfigMap. Raises `Gone` for a name that none can have."""
    return f"{of_config_maps(namespace)}/{_segment(name)}"


def of_token(namespace: str, name: str) -> str:
    """Where tokens of a ServiceAccount are asked for. Raises `Gone` for a name that none has."""
    return f"/api/v1/namespaces/{namespace}/serviceaccounts/{_segment(name)}/token"


def of_events(namespace: str) -> str:
    """The events of one namespace; those of cluster-scoped objects stand in `default`."""
    return f"/apis/events.k8s.io/v1/namespaces/{namespace or 'default'}/events"


def _segment(name: str) -> str:
    """Keep a name that somebody wrote in a spec from being a way to somewhere else.

    HTTP clients take `..` out of a path before they send it, so `../../other/secrets/theirs` would
    be another namespace's Secret.
    """
    if _NAME.fullmatch(name) is None:
        raise Gone(f"{name!r} is no name that an object of Kubernetes can have", status=404)
    return name
