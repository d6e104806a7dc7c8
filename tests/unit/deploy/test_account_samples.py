"""The sample of an account without a secret gives the operator the one right that it takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from unit.deploy.test_kustomize import US

FOLDER = Path(__file__).parents[3] / "deploy" / "samples" / "workload-identity"


def objects() -> dict[str, dict[str, Any]]:
    files = sorted(FOLDER.glob("*.yaml"))
    found = [body for file in files for body in yaml.safe_load_all(file.read_text())]
    return {body["kind"]: body for body in found}


def test_the_operator_may_ask_for_tokens_of_the_account_s_own_service_account_alone() -> None:
    found = objects()
    name = found["AzureAccount"]["spec"]["credential"]["workloadIdentity"]["serviceAccountName"]
    right = {"resources": ["serviceaccounts/token"], "resourceNames": [name], "verbs": ["create"]}
    assert found["ServiceAccount"]["metadata"]["name"] == name
    assert found["Role"]["rules"] == [{"apiGroups": [""], **right}]
    assert found["RoleBinding"]["subjects"] == [US]
    assert found["RoleBinding"]["roleRef"]["name"] == found["Role"]["metadata"]["name"]
