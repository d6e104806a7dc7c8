"""Write a report: manifests as YAML with comments, or all of it as JSON."""

from __future__ import annotations

import json
from typing import Any

import yaml

from .report import Line, Report


def as_yaml(report: Report) -> str:
    """Give documents of YAML; above them, as comments, what was not carried over."""
    pieces = [_remarks(report), *(_skeleton(report, item) for item in report.skeletons())]
    pieces += [_dumped(manifest) for manifest in report.manifests]
    return "---\n".join(piece for piece in pieces if piece)


def as_json(report: Report) -> str:
    """Give one object: `manifests` (a List for kubectl), `refused`, `notes`, `secrets`."""
    items = [*report.skeletons(), *report.manifests]
    whole = {
        "manifests": {"apiVersion": "v1", "kind": "List", "items": items},
        "refused": [_line(line) for line in report.refused],
        "notes": [_line(line) for line in report.notes],
        "secrets": [
            {"name": name, "keys": [{"key": key, "holds": text} for key, text in keys.items()]}
            for name, keys in report.secrets.items()
        ],
    }
    return json.dumps(whole, indent=2) + "\n"


def told(report: Report) -> list[str]:
    """Give the lines for a person who reads along."""
    lines = [f"not carried over: {line}" for line in report.refused]
    lines += [f"note: {line}" for line in report.notes]
    for name, keys in report.secrets.items():
        lines.append(f"to fill: Secret {name}, keys {', '.join(keys)}")
    return lines


def _line(line: Line) -> dict[str, str]:
    return {"resource": line.resource, "path": line.path, "reason": line.reason}


def _remarks(report: Report) -> str:
    lines = [f"not carried over: {line}" for line in report.refused]
    lines += [f"note: {line}" for line in report.notes]
    return "".join(_comment(line) for line in lines)


def _skeleton(report: Report, manifest: dict[str, Any]) -> str:
    name = manifest["metadata"]["name"]
    keys = "".join(_comment(f"  {key}: {text}") for key, text in report.secrets[name].items())
    return f"# Holds no value yet. Keys to fill, and what belongs there:\n{keys}{_dumped(manifest)}"


def _comment(text: str) -> str:
    """One line: what a template holds must not end a comment."""
    indent = "  " if text.startswith("  ") else ""
    return f"# {indent}{' '.join(text.split())}\n"


def _dumped(manifest: dict[str, Any]) -> str:
    return yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True, width=100)
