"""Accounts that the API server refuses, each with a twin that it accepts."""

from __future__ import annotations

from integration.crd_objects import MINIMAL, SECRET, UUID, Case
from integration.crd_refusals import CHINA

WORKLOAD = {"workloadIdentity": {"clientId": UUID, "serviceAccountName": "s"}}
OWN_IDENTITY = (
    'spec: Invalid value: "object": endpoints cannot stand beside credential.managedIdentity or '
    "credential.workloadIdentity, because the operator's own identity is never sent to custom "
    "addresses; use servicePrincipal, or cloud"
)
NO_SCOPE = (
    'spec.allowedScopes[0]: Invalid value: "string": an entry of allowedScopes is not an ARM ID '
    "below a subscription; it begins with /subscriptions/SUBSCRIPTION and has no slash at its end"
)

ACCOUNTS = [
    Case(
        "a-secret-and-a-certificate",
        "AzureAccount",
        {"credential": {"servicePrincipal": {"clientId": UUID, "clientCertificateFrom": SECRET}}},
        {
            "credential": {
                "servicePrincipal": {
                    "clientId": UUID,
                    "clientSecretFrom": SECRET,
                    "clientCertificateFrom": SECRET,
                }
            }
        },
        'spec.credential.servicePrincipal: Invalid value: "object": credential.servicePrincipal '
        "needs exactly one of clientSecretFrom and clientCertificateFrom; remove the other one",
    ),
    Case(
        "two-sources",
        "AzureAccount",
        {"credential": WORKLOAD},
        {"credential": {**WORKLOAD, **MINIMAL["AzureAccount"]["credential"]}},
        'spec.credential: Invalid value: "object": credential needs exactly one source; '
        "give one of servicePrincipal and workloadIdentity",
    ),
    Case(
        "a-cloud-and-endpoints",
        "AzureAccount",
        {"cloud": "AzureChina"},
        {"cloud": "AzureChina", "endpoints": CHINA},
        'spec: Invalid value: "object": cloud and endpoints exclude each other; remove one of the '
        "two",
    ),
    Case(
        "no-such-cloud",
        "ClusterAzureAccount",
        {"cloud": "AzureUSGovernment"},
        {"cloud": "AzureGermany"},
        'spec.cloud: Unsupported value: "AzureGermany": supported values: "AzurePublic", '
        '"AzureUSGovernment", "AzureChina"',
    ),
    Case(
        "the-machines-identity-at-custom-addresses",
        "ClusterAzureAccount",
        {"credential": {"managedIdentity": {}}},
        {"credential": {"managedIdentity": {}}, "endpoints": CHINA},
        OWN_IDENTITY,
    ),
    Case(
        "the-operators-service-account-at-custom-addresses",
        "ClusterAzureAccount",
        {"credential": WORKLOAD},
        {"credential": WORKLOAD, "endpoints": CHINA},
        OWN_IDENTITY,
    ),
    Case(
        "a-scope-with-a-slash-at-its-end",
        "ClusterAzureAccount",
        {"allowedScopes": [f"/SUBSCRIPTIONS/{UUID}", f"/subscriptions/{UUID}/resourceGroups/rg"]},
        {"allowedScopes": [f"/subscriptions/{UUID}/"]},
        NO_SCOPE,
    ),
    Case(
        "a-scope-of-everything",
        "ClusterAzureAccount",
        {"allowedScopes": []},
        {"allowedScopes": ["/"]},
        NO_SCOPE,
    ),
    Case(
        "a-pattern-of-namespaces",
        "ClusterAzureAccount",
        {"allowedNamespaces": ["team-a"]},
        {"allowedNamespaces": ["team-*"]},
        'spec.allowedNamespaces[0]: Invalid value: "string": an entry of allowedNamespaces is not '
        "the name of a namespace; write one name per entry, there are no patterns",
    ),
]
