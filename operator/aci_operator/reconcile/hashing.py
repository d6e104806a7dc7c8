"""Keyed hashes: how a secret input is recognised without being kept anywhere."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any


def keyed_hash(key: bytes, value: bytes) -> str:
    """Give 32 hex digits of HMAC-SHA-256; without the key they tell nothing about the value."""
    return hmac.new(key, value, hashlib.sha256).hexdigest()[:32]


def keyed_hash_of(key: bytes, value: Mapping[str, Any]) -> str:
    """Hash JSON in its canonical form."""
    return keyed_hash(key, json.dumps(value, sort_keys=True, separators=(",", ":")).encode())
