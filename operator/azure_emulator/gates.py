"""What ARM refuses before a provider is asked: namespaces not registered, scopes that are locked.

Both are settings of the emulator's user: nothing registers or locks by requests here. Texts:
recordings/cli-arm-generic-errors.json; what a ReadOnly lock says is [inf] (azure.md section 7.2).
"""

from __future__ import annotations

import re

from azure_emulator.authorization.assignment import covers
from azure_emulator.errors import AzureError
from azure_emulator.settings import Settings

_NAMESPACE = re.compile(r".*/providers/([^/]+)/", re.IGNORECASE)
READ_ONLY = "ReadOnly"
_READS = ("GET", "HEAD")


def check(settings: Settings, method: str, path: str) -> None:
    """Refuse what a lock forbids, or a PUT of a resource of an unregistered namespace.

    Raises AzureError 409 ScopeLocked or MissingSubscriptionRegistration.
    """
    if settings.locks and method not in _READS:
        _check_locks(settings, method, path.rstrip("/"))
    if settings.unregistered_namespaces and method == "PUT":
        _check_registration(settings, path)


def _check_locks(settings: Settings, method: str, path: str) -> None:
    deletes = method == "DELETE"
    locked = [
        scope
        for scope, level in settings.locks
        if (deletes or level == READ_ONLY)
        and (covers(scope, path) or (deletes and covers(path, scope)))
    ]
    if locked:
        raise AzureError(
            409,
            "ScopeLocked",
            f"The scope '{path}' cannot perform {'delete' if deletes else 'write'} operation "
            f"because following scope(s) are locked: '{','.join(locked)}'. Please remove the lock "
            "and try again.",
            gateway=True,
        )


def _check_registration(settings: Settings, path: str) -> None:
    found = _NAMESPACE.match(path)
    unregistered = {name.lower(): name for name in settings.unregistered_namespaces}
    name = unregistered.get(found[1].lower()) if found else None
    if name is not None:
        text = (
            f"The subscription is not registered to use namespace '{name}'. See "
            "https://aka.ms/rps-not-found for how to register subscriptions."
        )
        code = "MissingSubscriptionRegistration"
        detail = {"code": code, "target": name, "message": text}
        raise AzureError(409, code, text, details=[detail], gateway=True)
