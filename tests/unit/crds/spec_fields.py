"""Writes `fields.json`: the fields of every spec, which `aci-operator check` compares."""

from __future__ import annotations

import json
from pathlib import Path

from aci_operator.commands import schemas
from unit.crds.schemas import CRDS, spec

if __name__ == "__main__":
    found = {kind: sorted(schemas.paths(spec(kind))) for kind in CRDS}
    file = Path(schemas.__file__).with_name("fields.json")
    file.write_text(json.dumps(found, indent=1) + "\n")
