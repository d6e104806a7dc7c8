"""The rules of confidential groups. Pure.

Without a policy Azure makes its own and shows it: azure.md section 4.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from aci_operator.api import reasons
from aci_operator.kinds.container_group.findings import Finding, Spec

SECTION = "spec.confidentialComputeProperties"


def contradictions(spec: Spec) -> Iterator[Finding]:
    """Find what is wrong with a policy for confidential computing."""
    given = spec.get("confidentialComputeProperties") or {}
    for name in ("ccePolicy", "ccePolicyFrom"):
        if name in given and spec.get("sku") != "Confidential":
            text = (
                "only groups with sku Confidential have a policy. Set spec.sku, or take this out."
            )
            yield Finding(reasons.POLICY_WITHOUT_CONFIDENTIAL, f"{SECTION}.{name}", text)
    if "ccePolicy" in given:
        yield from flaws(f"{SECTION}.ccePolicy", given["ccePolicy"])


def flaws(field: str, policy: str) -> Iterator[Finding]:
    """Find what is wrong with the text of a policy, wherever it comes from."""
    if not policy:
        text = (
            "it is empty. Make one with `az confcom acipolicygen`, or leave the field out: Azure "
            "then makes its own."
        )
        yield Finding(reasons.EMPTY_CCE_POLICY, field, text)
    elif not _is_base64(policy):
        text = "it is not base64, which `az confcom acipolicygen` gives. Paste its output whole."
        yield Finding(reasons.INVALID_CCE_POLICY, field, text)


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True
