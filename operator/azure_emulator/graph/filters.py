"""The `$filter` expressions by which principals are looked up."""

from __future__ import annotations

import re
from collections.abc import Callable

from azure_emulator.entra.directory import Principal

_NAMES = re.compile(r"servicePrincipalNames/any\((\w+):\s*\1 eq '((?:[^']|'')*)'\)", re.IGNORECASE)
_PROPERTY = re.compile(r"(appId|displayName|id) eq '((?:[^']|'')*)'", re.IGNORECASE)


def principal_filter(text: str) -> Callable[[Principal], bool] | None:
    """Read `servicePrincipalNames/any(c:c eq 'X')`, `appId`, `displayName` or `id eq 'X'`.

    Values are compared without letter case. Gives None for anything else.
    """
    expression = text.strip()
    if not expression:
        return lambda principal: True
    found = _NAMES.fullmatch(expression)
    if found is not None:
        return _equals("appid", found[2])
    found = _PROPERTY.fullmatch(expression)
    return None if found is None else _equals(found[1].lower(), found[2])


def _equals(name: str, quoted: str) -> Callable[[Principal], bool]:
    wanted = quoted.replace("''", "'").lower()

    def fits(principal: Principal) -> bool:
        values = {
            "appid": principal.appid,
            "displayname": principal.display_name,
            "id": principal.oid,
        }
        return values[name].lower() == wanted

    return fits
