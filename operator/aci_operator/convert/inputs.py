"""Make what a file or an answer holds into resources to convert."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aci_operator.azure.ids import ArmId

from . import documents
from .documents import Unreadable
from .expressions import Literal, Unparsable, is_expression, parse
from .index import Input
from .place import Place
from .report import Report
from .template import Resource, Template
from .values import Refusal, Refused

_TYPE = "Microsoft.ContainerInstance/containerGroups"


@dataclass(frozen=True)
class Reader:
    """Reads inputs for one call of the command; problems go to `report`."""

    report: Report
    place: Place = field(default_factory=Place)
    group_ref: Mapping[str, str] | None = None
    """`resourceGroupRef` as asked for; None: as the input says."""
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def file(self, path: Path) -> list[Input]:
        """Read a file. Raises Unreadable."""
        inputs = []
        for document in documents.read(path):
            if documents.is_template(document):
                inputs.append(self._template(path, document))
            elif documents.is_body(document):
                inputs.append(self.body(document, path.stem))
            else:
                what = "an ARM template, ACI's YAML or a container group's body is expected"
                raise Unreadable(f"{path.name}: {what}")
        return inputs

    def body(self, body: Mapping[str, Any], stem: str) -> Input:
        """Take one group's body: ACI's YAML, what `az container export` writes, or an answer.

        `stem` names a body without name. Raises Unreadable if nobody says the resource group.
        """
        given = {str(key).lower(): value for key, value in body.items()}
        name = given.get("name")
        label = f"{_TYPE} {name or stem}"
        if not isinstance(name, str):
            self.report.note(label, "name", "the body has none; the file's name is taken")
            name = stem.lower()
        place, group_ref = self._where(given.get("id"), label)
        id_ = f"{place.group_id}/providers/{_TYPE}/{name}"
        resource = Resource(_TYPE, name, id_, _unevaluated(body), str(given.get("apiversion", "")))
        return Input([resource], place, group_ref, read_back=_is_answer(given))

    def _where(self, id: Any, label: str) -> tuple[Place, dict[str, str]]:
        if isinstance(id, str) and self.group_ref is None:
            try:
                arm = ArmId.parse(id)
            except ValueError as error:
                raise Unreadable(f"{label}: id {error}") from None
            place = Place(arm.subscription, arm.resource_group)
            return place, {"id": arm.group_id}
        return self.place, self._group_ref(label)

    def _group_ref(self, label: str) -> dict[str, str]:
        if self.group_ref is None:
            raise Unreadable(f"{label}: it does not say its resource group; give --resource-group")
        return dict(self.group_ref)

    def _template(self, path: Path, document: Mapping[str, Any]) -> Input:
        group_ref = self._group_ref(path.name)
        template = Template(document, self.place, self.parameters)
        if unknown := template.unknown_parameters():
            raise Unreadable(f"{path.name} has no parameter {', '.join(unknown)}")
        try:
            found, refused = template.resources()
        except (Refusal, RecursionError, AttributeError, TypeError) as error:
            why = str(error) if isinstance(error, Refusal) else "it is no template"
            raise Unreadable(f"{path.name}: {why}") from None
        for what, why in refused:
            self.report.refuse(what, "", why)
        if document.get("outputs"):
            self.report.note(path.name, "outputs", "status of the objects tells what outputs would")
        return Input(found, self.place, group_ref)


def _unevaluated(value: Any) -> Any:
    """Refuse expressions in what is no template, as a body cut out of one has them."""
    if isinstance(value, Mapping):
        return {key: _unevaluated(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_unevaluated(item) for item in value]
    if isinstance(value, str) and is_expression(value):
        with suppress(Unparsable):
            if not isinstance(parse(value), Literal):
                return Refused("an expression, and this is no template; write its result here")
    return value


def _is_answer(body: Mapping[str, Any]) -> bool:
    """Say whether Azure wrote a body: it tells an ID or a state, and no write-only values."""
    properties = body.get("properties")
    inner = {key.lower() for key in properties} if isinstance(properties, Mapping) else set()
    return bool(body.get("id")) or bool(inner & {"provisioningstate", "instanceview"})
