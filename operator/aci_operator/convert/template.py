"""An ARM template, evaluated: its resources with every expression replaced by what it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from . import functions
from .expressions import (
    Call,
    Literal,
    Member,
    Node,
    Unparsable,
    is_expression,
    parse,
    spelled,
    unescaped,
)
from .place import Place, extension_resource_id, joined
from .values import Hidden, Late, Refusal, Refused, readable

_SECURE = ("securestring", "secureobject")
_SECRETS_OF_AZURE = ("listkeys", "listadminkeys", "listcredentials", "listsecrets")
_MOST_NODES = 200_000


@dataclass(frozen=True)
class Resource:
    """One resource of a template, evaluated: `body` may hold Refused, Hidden and Late."""

    type: str
    name: Any
    id: str
    body: Mapping[str, Any]
    api_version: str = ""

    @property
    def label(self) -> str:
        """Type and name, for messages."""
        shown = readable(self.name) if isinstance(self.name, str) else "?"
        return f"{self.type} {shown}"


@dataclass
class Template:
    """A template with what was given for it. Raises Refusal from `resources` only for the whole."""

    document: Mapping[str, Any]
    place: Place
    given: Mapping[str, Any] = field(default_factory=dict)
    """Parameter, in lower case -> its value, or Hidden."""

    def __post_init__(self) -> None:
        self._parameters = _lowered(self.document.get("parameters"))
        self._variables = _lowered(self.document.get("variables"))
        self._busy: list[str] = []
        self._symbols: dict[str, str] = {}
        self._nodes = 0

    def unknown_parameters(self) -> list[str]:
        """Give the names that were given and are not the template's."""
        return sorted(set(self.given) - set(self._parameters))

    def resources(self) -> tuple[list[Resource], list[tuple[str, str]]]:
        """Evaluate: the resources, and (what, why) for those that are refused as a whole."""
        declared = self.document.get("resources") or []
        if isinstance(declared, Mapping):
            declared = [{**dict(value), "$symbol": name} for name, value in declared.items()]
        found: list[Resource] = []
        refused: list[tuple[str, str]] = []
        self._name_all(declared)
        for resource in declared:
            self._take(resource, "", "", found, refused)
        return found, refused

    def _name_all(self, declared: Any) -> None:
        """Learn the IDs first: `reference` may name a resource by its name or its symbol."""
        for resource in declared:
            if not isinstance(resource, Mapping):
                continue
            name = self.evaluated(resource.get("name"))
            id_ = self._id(str(resource.get("type", "")), name, resource)
            for key in (resource.get("$symbol"), name, id_):
                if isinstance(key, str) and id_:
                    self._symbols.setdefault(key.lower(), id_)

    def _take(
        self, raw: Any, type: str, name: str, found: list[Resource], refused: list[tuple[str, str]]
    ) -> None:
        """Evaluate one resource and those inside it."""
        if not isinstance(raw, Mapping):
            return refused.append(("resources", "an entry is no object"))
        kind = "/".join(filter(None, (type, str(raw.get("type", "")))))
        own = self.evaluated(raw.get("name"))
        whole = f"{name}/{own}" if name and isinstance(own, str) else own
        label = f"{kind} {readable(whole) if isinstance(whole, str) else '?'}"
        if "copy" in raw:
            return refused.append((label, "copy loops are not evaluated; write the copies out"))
        if not self._wanted(raw, label, refused):
            return None
        if isinstance(whole, str):
            id_ = self._id(kind, whole, raw)
            self._symbols.setdefault(id_.lower(), id_)
        else:
            id_ = ""
        skipped = ("resources", "condition", "name", "$symbol")
        body = {key: self.evaluated(value) for key, value in raw.items() if key not in skipped}
        if not raw.get("existing"):
            found.append(Resource(kind, whole, id_, body, str(raw.get("apiVersion", ""))))
        for inner in raw.get("resources") or []:
            self._take(inner, kind, whole if isinstance(whole, str) else "", found, refused)
        return None

    def _wanted(self, raw: Mapping[str, Any], label: str, refused: list[tuple[str, str]]) -> bool:
        wanted = self.evaluated(raw.get("condition", True))
        if isinstance(wanted, bool):
            return wanted
        why = wanted.reason if isinstance(wanted, Refused) else "it is neither true nor false"
        refused.append((label, f"condition: {why}"))
        return False

    def _id(self, type: str, name: Any, raw: Mapping[str, Any]) -> str:
        """Build the ID, or give the empty string where type or name is not plain."""
        try:
            own = joined(type, [name]) if isinstance(name, str) else ""
        except Refusal:
            return ""
        scope = self.place.group_id
        if isinstance(raw.get("scope"), str):
            return ""
        return f"{scope}/providers/{own}" if own else ""

    def evaluated(self, value: Any) -> Any:
        """Evaluate a value and all that is in it; Refused stands where an expression was."""
        self._nodes += 1
        if self._nodes > _MOST_NODES:
            raise Refusal(f"more than {_MOST_NODES} values")
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, Mapping):
            return self._object(value)
        if isinstance(value, list):
            return [self.evaluated(item) for item in value]
        return value

    def _object(self, value: Mapping[str, Any]) -> Any:
        if isinstance(value.get("copy"), list):
            return Refused("copy loops are not evaluated; write the copies out")
        result: dict[str, Any] = {}
        for raw, inner in value.items():
            key = self._text(str(raw))
            if not isinstance(key, str):
                key, inner = str(raw), Refused(getattr(key, "reason", "the key is not plain text"))
            result[key] = self.evaluated(inner) if not isinstance(inner, Refused) else inner
        return result

    def _text(self, text: str) -> Any:
        if not is_expression(text):
            return unescaped(text)
        try:
            return self._value(parse(text))
        except Unparsable as error:
            return Refused(f"not an expression of a template: {error}")
        except Refusal as error:
            return Refused(str(error))

    def _value(self, node: Node) -> Any:
        if isinstance(node, Literal):
            return node.value
        if isinstance(node, Member):
            return _member(self._value(node.target), self._value(node.key), node)
        name = node.name.lower()
        if name == "if":
            return self._choice(node)
        if name in _SECRETS_OF_AZURE:
            return Hidden(spelled(node))
        arguments = [self._value(argument) for argument in node.arguments]
        if (scope := self.place.scope(name)) is not None and not arguments:
            return scope
        if name in self._OWN:
            return self._OWN[name](self, arguments)
        return functions.call(node.name, arguments, spelled(node))

    def _choice(self, node: Call) -> Any:
        if len(node.arguments) != 3:
            raise Refusal("if needs a condition and two values")
        chosen = self._value(node.arguments[0])
        if not isinstance(chosen, bool):
            raise Refusal("the condition of if is neither true nor false")
        return self._value(node.arguments[1 if chosen else 2])

    def _parameter(self, arguments: list[Any]) -> Any:
        name = _name("parameters", arguments)
        if name not in self._parameters:
            raise Refusal(f"the template has no parameter {arguments[0]}")
        declared = self._parameters[name]
        declared = declared if isinstance(declared, Mapping) else {}
        if str(declared.get("type", "")).lower() in _SECURE:
            return Hidden(f"parameters('{arguments[0]}')")
        if name in self.given:
            return self.given[name]
        if "defaultValue" not in declared:
            raise Refusal(f"the parameter {arguments[0]} has no value; {_set(arguments[0])}")
        try:
            return self._once(f"parameter {arguments[0]}", declared["defaultValue"])
        except Refusal as error:
            raise Refusal(f"{error} (or {_set(arguments[0])})") from None

    def _variable(self, arguments: list[Any]) -> Any:
        name = _name("variables", arguments)
        if name not in self._variables:
            raise Refusal(f"the template has no variable {arguments[0]}")
        return self._once(f"variable {arguments[0]}", self._variables[name])

    def _once(self, label: str, value: Any) -> Any:
        """Evaluate what a name stands for, and refuse a name that stands for itself."""
        if label in self._busy:
            raise Refusal(f"the {label} is made from itself")
        self._busy.append(label)
        try:
            result = self.evaluated(value)
        finally:
            self._busy.pop()
        if isinstance(result, Refused):
            raise Refusal(result.reason)
        return result

    def _reference(self, arguments: list[Any]) -> Any:
        target = arguments[0] if arguments else None
        id_ = self._symbols.get(_tidy(target)) if isinstance(target, str) else None
        if id_ is None:
            shown = readable(target) if isinstance(target, str) else "what is not known here"
            raise Refusal(f"reference to {shown}, which is no resource of this template")
        full = len(arguments) == 3 and str(arguments[2]).lower() == "full"
        return Late(id_, () if full else ("properties",))

    def _resource_id(self, arguments: list[Any]) -> str:
        return self.place.resource_id(arguments)

    def _subscription_resource_id(self, arguments: list[Any]) -> str:
        return self.place.subscription_resource_id(arguments)

    def _extension_resource_id(self, arguments: list[Any]) -> str:
        return extension_resource_id(arguments)

    _OWN: ClassVar[dict[str, Any]] = {
        "parameters": _parameter,
        "variables": _variable,
        "reference": _reference,
        "resourceid": _resource_id,
        "subscriptionresourceid": _subscription_resource_id,
        "extensionresourceid": _extension_resource_id,
    }


def _set(parameter: Any) -> str:
    return f"give it with --set {parameter}=VALUE"


def _tidy(id: str) -> str:
    return id.lower().replace("//", "/")


def _lowered(section: Any) -> dict[str, Any]:
    return {str(name).lower(): value for name, value in (section or {}).items()}


def _name(function: str, arguments: list[Any]) -> str:
    if len(arguments) != 1 or not isinstance(arguments[0], str):
        raise Refusal(f"{function} needs one name")
    return arguments[0].lower()


def _member(target: Any, key: Any, node: Member) -> Any:
    """Give a member; names are compared without letter case, as Azure does."""
    if isinstance(target, Hidden):
        return Hidden(spelled(node))
    if isinstance(target, Late):
        return Late(target.id, (*target.path, str(key)))
    if isinstance(target, Mapping) and isinstance(key, str):
        for name, value in target.items():
            if name.lower() == key.lower():
                return _settled(value)
    if isinstance(target, list) and isinstance(key, int) and 0 <= key < len(target):
        return _settled(target[key])
    raise Refusal(f"{spelled(node)} is not there")


def _settled(value: Any) -> Any:
    if isinstance(value, Refused):
        raise Refusal(value.reason)
    return value
