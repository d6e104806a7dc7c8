"""The README shows the samples, with what can be left out left out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]


def shown() -> list[dict[str, Any]]:
    blocks = re.findall(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    return [body for block in blocks for body in yaml.safe_load_all(block)]


def samples() -> dict[tuple[str, str], dict[str, Any]]:
    files = sorted((ROOT / "deploy" / "samples").glob("*/*.yaml"))
    found = [body for file in files for body in yaml.safe_load_all(file.read_text())]
    return {
        (body["kind"], body["metadata"]["name"]): body["spec"] for body in found if "spec" in body
    }


@pytest.mark.parametrize(
    "body", shown(), ids=lambda body: f"{body['kind']}-{body['metadata']['name']}"
)
def test_what_the_readme_shows_is_a_sample(body: dict[str, Any]) -> None:
    sample = samples()[body["kind"], body["metadata"]["name"]]
    left_out = set(sample) - set(body["spec"])
    assert {**sample, **body["spec"]} == sample
    assert left_out <= {"location"}
