"""Where the emulator answers otherwise than a recording, and why: a reviewed list.

`(recording, item, path, reason)`: the item is the exchange's place in the recording, counted from
0; the path is what a failing replay prints, `*` stands for any part of it, and `out of scope`
keeps a request from being sent at all. An entry that no longer applies fails the tests.
"""

from __future__ import annotations

from emulator.container_differences import CONTAINER_DIFFERENCES

OUT_OF_SCOPE = "out of scope"
_STORAGE = "storage accounts are not emulated"
_OLD_GROUP = "resource groups had no type in 2018; they have one in all recordings since"
_POLICY = "policies are not emulated"

DIFFERENCES: tuple[tuple[str, int, str, str], ...] = (
    *CONTAINER_DIFFERENCES,
    ("cli-arm-generic-errors", 2, OUT_OF_SCOPE, _POLICY),
    ("cli-container_create_with_msi_scope", 0, "$.type", _OLD_GROUP),
    ("cli-container_create_with_msi_scope", 1, "$.type", _OLD_GROUP),
    ("cli-container_create_with_msi_scope", 2, OUT_OF_SCOPE, _STORAGE),
    ("cli-container_create_with_msi_scope", 3, "$.type", _OLD_GROUP),
    ("cli-container_create_msi", 0, "$.type", _OLD_GROUP),
    ("cli-container_create_msi", 1, "$.type", _OLD_GROUP),
    ("cli-container_create_msi", 5, "$.type", _OLD_GROUP),
    ("cli-container_create_msi", 9, "$.type", _OLD_GROUP),
)
