"""Carry a resource's fields over into a spec, as the CRD's schema says, whatever their case.

The rules of the shapes: `properties` is flattened, a write-only `x` becomes `xFrom`, an ARM ID
becomes a reference where the schema wants one, `userAssignedIdentities` becomes a list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .report import Report
from .schemas import Schema, is_files, is_reference, is_source
from .values import Hidden, Late, Refused, missing

ABSENT = object()
READ_ONLY = frozenset(
    [
        *("id", "type", "etag", "apiversion", "dependson", "comments", "metadata"),
        *("systemdata", "additional_properties", "provisioningstate", "instanceview"),
        *("iscustomprovisioningtimeout", "provisioningtimeoutinseconds"),
        *("iscreatedfromstandbypool", "ip", "fqdn", "principalid", "clientid", "tenantid"),
    ]
)
"""What an answer or a template's resource holds beside the fields that can be set (azure.md
sections 2 and 4)."""

_RENAMED = {"userassignedidentities": "userAssigned"}
_HIDDEN = {"value": "securevaluefrom"}
"""Field that shows its value -> the one that takes it from a Secret instead."""
_ALWAYS_THERE = ("secureValueFrom", "passwordFrom", "storageAccountKeyFrom", "workspaceKeyFrom")
"""Sources of values that a group had for sure when Azure shows the rest of the entry (azure.md
section 3)."""
_SAID_ELSEWHERE = frozenset(("resourceGroupRef", "azureName", "keyVaultRef", "valueFrom"))


@dataclass
class Carrier:
    """Carries one resource over; `resource` is its label and `secret` its Secret's name."""

    report: Report
    resource: str
    kind: str
    secret: str
    names: Mapping[str, str] = field(default_factory=dict)
    """ARM ID in lower case -> name of an object of ours."""
    read_back: bool = False
    """Whether Azure gave the resource: then write-only values are missing from it."""

    def carry(self, value: Any, schema: Schema, path: str) -> Any:
        """Carry a value over; ABSENT where there is none or where it was refused."""
        if value is None:
            return ABSENT
        if isinstance(value, Refused | Hidden | Late):
            return self._refuse(path, _why(value))
        if is_reference(schema) and isinstance(value, str):
            return self._reference(value, path)
        carry = _BY_TYPE.get(schema.get("type", ""), Carrier._free)
        return carry(self, value, schema, path)

    def refuse(self, path: str, reason: str) -> None:
        """List a field that is not carried over."""
        self.report.refuse(self.resource, path, reason)

    def source(self, path: str, purpose: str) -> dict[str, Any]:
        """Give a `...From` for a field, and list its key."""
        return self.report.secret_key(self.secret, _key(path), purpose)

    def _refuse(self, path: str, reason: str) -> object:
        self.refuse(path, reason)
        return ABSENT

    def _reference(self, value: str, path: str) -> Any:
        if reason := missing(value):
            if name := self.names.get(value.lower()):
                return {"name": name}
            return self._refuse(path, reason)
        name = self.names.get(value.lower())
        return {"name": name} if name else {"id": value}

    def _object(self, value: Any, schema: Schema, path: str) -> Any:
        if not isinstance(value, Mapping):
            return self._refuse(path, "an object is expected")
        fields = schema.get("properties")
        if fields is None:
            return self._map(value, schema, path)
        given = self._flat(value, fields, path)
        result: dict[str, Any] = {}
        for key, (inner, where) in given.items():
            self._field(key, inner, fields, where, result)
        self._fill(given, schema, path, result)
        for name in sorted(set(schema.get("required", ())) - set(result) - _SAID_ELSEWHERE):
            if name.lower() not in given:
                self.refuse(f"{path}.{name}" if path else name, "it is required, and not there")
        return result

    def _flat(self, value: Mapping[str, Any], fields: Schema, path: str) -> dict[str, Any]:
        """Give key in lower case -> (value, path), with `properties` flattened."""
        flat: dict[str, Any] = {}
        for key, inner in value.items():
            where = f"{path}.{key}" if path else key
            if key.lower() == "properties" and "properties" not in fields:
                if isinstance(inner, Mapping):
                    items = {k: (v, f"{path}.{k}" if path else k) for k, v in inner.items()}
                else:
                    items = {}
                    self._refuse(where, "an object is expected")
            else:
                items = {key: (inner, where)}
            for name, item in items.items():
                if name.lower() in flat:
                    self._refuse(item[1], "it is given twice")
                flat.setdefault(name.lower(), item)
        return flat

    def _field(
        self, key: str, value: Any, fields: Schema, path: str, result: dict[str, Any]
    ) -> None:
        known = {name.lower(): name for name in fields}
        name = known.get(_RENAMED.get(key, key).lower())
        sourced = known.get(f"{key}from")
        hidden = known.get(_HIDDEN.get(key, ""))
        referred = known.get(f"{key.removesuffix('id')}ref")
        if name and is_files(fields[name]) and self.read_back and not value:
            self.refuse(path, "Azure does not tell the files of a volume; list them here")
        elif name is None and sourced and is_source(fields[sourced]):
            self._write_only(value, sourced, path, result)
        elif name is None and referred and isinstance(value, str | Refused | Hidden | Late):
            carried = self.carry(value, fields[referred], path)
            if carried is not ABSENT:
                result[referred] = carried
        elif name is None:
            self._unknown(key, value, path)
        elif isinstance(value, Hidden) and hidden:
            result[hidden] = self.source(path, value.source)
        else:
            carried = self.carry(value, fields[name], path)
            if carried is not ABSENT and not self._filled_in(key, carried):
                result[name] = carried
                self._hint(key, value, result, path)

    def _filled_in(self, key: str, carried: Any) -> bool:
        """Say whether Azure puts this in by itself (azure.md section 4)."""
        empty = carried in ([], {}) and key != "emptydir"
        return self.read_back and (empty or (key, carried) == ("sku", "Standard"))

    def _write_only(self, value: Any, name: str, path: str, result: dict[str, Any]) -> None:
        if value is None and not self.read_back:
            return
        purpose = value.source if isinstance(value, Hidden) else "the value that stood there"
        if isinstance(value, Refused | Late):
            purpose = _why(value)
        result[name] = self.source(path, purpose)

    def _unknown(self, key: str, value: Any, path: str) -> None:
        if key in READ_ONLY or value is None or value in ("", [], {}):
            return
        if key == "api-version":
            self.report.note(self.resource, path, "unknown key, left out; apiVersion was meant")
            return
        self.refuse(path, f"{self.kind} has no such field in this version")

    def _hint(self, key: str, value: Any, result: Mapping[str, Any], path: str) -> None:
        """Say so when a plain variable has the name of a secret."""
        name = str(result.get("name", "")).lower()
        secret = any(word in name for word in ("password", "secret", "token", "_key", "apikey"))
        if key == "value" and value and secret and path.endswith("].value"):
            self.report.note(
                self.resource,
                path,
                "its name is that of a secret, and its value stands in the spec; use "
                "secureValueFrom in place of value",
            )

    def _fill(
        self, given: Mapping[str, Any], schema: Schema, path: str, result: dict[str, Any]
    ) -> None:
        """Add the sources of write-only values that Azure did not tell."""
        if not self.read_back:
            return
        fields = schema["properties"]
        for name in fields:
            if not name.endswith("From") or not is_source(fields[name]) or name in result:
                continue
            if name not in _ALWAYS_THERE:
                why = "Azure does not tell whether it is set; add it if it was"
                self.report.note(self.resource, f"{path}.{name}", why)
                continue
            plain = name.removesuffix("From")
            instead = {"secureValue": ("value",), "password": ("identity",)}.get(plain, ())
            others = (plain, f"{plain}Reference", *instead)
            if not any(given.get(other.lower(), (None,))[0] is not None for other in others):
                where = f"{path}.{plain}"
                result[name] = self.source(where, "a value that Azure does not tell")

    def _map(self, value: Mapping[str, Any], schema: Schema, path: str) -> Any:
        inner = schema.get("additionalProperties")
        if not isinstance(inner, Mapping):
            return self._free(value, schema, path)
        result: dict[str, Any] = {}
        for key, item in value.items():
            where = f"{path}[{key}]"
            if is_source(inner):
                purpose = item.source if isinstance(item, Hidden) else "the value that stood there"
                result[key] = self.source(where, purpose)
                continue
            carried = self.carry(item, inner, where)
            if carried is not ABSENT:
                result[key] = carried
        return result

    def _array(self, value: Any, schema: Schema, path: str) -> Any:
        items = schema.get("items", {})
        if is_reference(items) and isinstance(value, Mapping):
            # A key that could not be evaluated stands as it was, with what became of it.
            value = [of if isinstance(of, Refused) else key for key, of in value.items()]
        if not isinstance(value, list):
            return self._refuse(path, "a list is expected")
        result = []
        for place, item in enumerate(value):
            where = f"{path}[{_label(item, place)}]"
            carried = self.carry(item, items, where)
            if isinstance(carried, dict) and not path.endswith("ontainers"):
                carried = self._complete(carried, items, where)
            if carried is not ABSENT:
                result.append(carried)
        return result

    def _complete(self, item: dict[str, Any], schema: Schema, path: str) -> Any:
        """Leave out an entry that lacks what it needs; never a container, which must be seen."""
        lacking = [name for name in schema.get("required", ()) if name not in item]
        return self._refuse(path, f"left out, without {lacking[0]}") if lacking else item

    def _string(self, value: Any, schema: Schema, path: str) -> Any:
        if isinstance(value, bool):
            value = "true" if value else "false"
        if isinstance(value, int | float):
            value = str(value)
        if not isinstance(value, str):
            return self._refuse(path, "a text is expected")
        if reason := missing(value):
            return self._refuse(path, reason)
        words = schema.get("enum")
        if not words:
            return value
        for word in words:
            if _squeezed(word) == _squeezed(value):
                return word
        return self._refuse(path, f"{value!r} is none of {', '.join(words)}")

    def _number(self, value: Any, schema: Schema, path: str) -> Any:
        if isinstance(value, str):
            try:
                value = float(value)
            except ValueError:
                return self._refuse(path, _not_a_number(value))
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
            return self._refuse(path, "a number is expected")
        if isinstance(value, float) and value.is_integer():
            return int(value)
        if schema.get("type") == "integer" and not isinstance(value, int):
            return self._refuse(path, "a whole number is expected")
        return value

    def _boolean(self, value: Any, schema: Schema, path: str) -> Any:
        if isinstance(value, str) and value.lower() in ("true", "false"):
            return value.lower() == "true"
        if isinstance(value, bool):
            return value
        return self._refuse(path, "true or false is expected")

    def _free(self, value: Any, schema: Schema, path: str) -> Any:
        """Carry JSON over that the schema leaves open."""
        if isinstance(value, Mapping):
            inner = {key: self.carry(item, {}, f"{path}.{key}") for key, item in value.items()}
            return {key: item for key, item in inner.items() if item is not ABSENT}
        if isinstance(value, list):
            items = [self.carry(item, {}, f"{path}[{place}]") for place, item in enumerate(value)]
            return [item for item in items if item is not ABSENT]
        if isinstance(value, str) and (reason := missing(value)):
            return self._refuse(path, reason)
        return value


_BY_TYPE: Mapping[str, Callable[[Carrier, Any, Schema, str], Any]] = {
    "object": Carrier._object,
    "array": Carrier._array,
    "string": Carrier._string,
    "integer": Carrier._number,
    "number": Carrier._number,
    "boolean": Carrier._boolean,
}


def _why(value: Refused | Hidden | Late) -> str:
    if isinstance(value, Refused):
        return value.reason
    if isinstance(value, Hidden):
        return f"{value.source} is a secret, and this field takes none"
    return f"{value.text} is known only once Azure has made it"


def _not_a_number(value: str) -> str:
    return missing(value) or f"{value!r} is no number"


def _squeezed(text: str) -> str:
    return text.replace(" ", "").lower()


def _label(item: Any, place: int) -> str:
    if isinstance(item, Mapping):
        for key in ("name", "server"):
            for name, value in item.items():
                if name.lower() == key and isinstance(value, str):
                    return value
    return str(place)


def _key(path: str) -> str:
    """Make a Secret's key of a path: the names in it, and the field."""
    names = [piece.split("]")[0] for piece in path.split("[")[1:]]
    last = path.rsplit(".", 1)[-1] if not path.endswith("]") else ""
    return ".".join([*names, last] if last else names) or last
