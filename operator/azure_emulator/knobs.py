"""The knobs as data: what the sources about Azure leave open, and the answers worth trying.

The twenty of azure.md section 15. Of each, the first value is the default of `Settings`; a client
must be right under every one. A value is the settings that make it, for `Settings(**value)` or
`Settings.change(value)` (names are fixed once the emulator runs, so `vault_rbac_default_from` is
for the former only).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Value = Mapping[str, Any]


@dataclass(frozen=True)
class Knob:
    """One open question: its number, the values to try (the default first), and the evidence."""

    number: int
    title: str
    values: Sequence[Value]
    evidence: str

    @property
    def fields(self) -> tuple[str, ...]:
        """Name the settings that carry the knob."""
        return tuple(self.values[0])

    @property
    def default(self) -> Value:
        """Give the value that `Settings()` has."""
        return self.values[0]


def _each(field: str, *values: Any) -> tuple[Value, ...]:
    return tuple({field: value} for value in values)


def _rows(fields: tuple[str, ...], *rows: tuple[Any, ...]) -> tuple[Value, ...]:
    return tuple(dict(zip(fields, row, strict=True)) for row in rows)


_BUDGETS = (
    "container_writes_per_hour",
    "container_writes_per_5m",
    "container_deletes_per_hour",
    "container_deletes_per_5m",
)

KNOBS: tuple[Knob, ...] = (
    Knob(
        1,
        "a PUT of a live group changes its tags",
        _each("put_updates_tags", True, False),
        "contradictory (section 5): Terraform's code says no, a CLI user saw yes",
    ),
    Knob(
        2,
        "a PUT without identity removes the identities",
        _each("put_without_identity_removes", True, False),
        "[inf] from PUT's rule that what is left out reverts to its default (section 2)",
    ),
    Knob(
        3,
        "a PUT of a live group answers 200, or 201",
        _each("update_answers_200", True, False),
        "[spec] allows both; no second PUT was recorded (section 1)",
    ),
    Knob(
        4,
        "DELETE of a group is done at once (200), or an operation (202)",
        _each("container_delete_seconds", 0, 20),
        "200 in every recording; 202 is allowed by the [spec] (section 1)",
    ),
    Knob(
        5,
        "identities of Windows groups are refused",
        _each("windows_identity_refused", False, True),
        "reported 2019 to 2024 [iss], against the article of 2024-08 (section 7.1)",
    ),
    Knob(
        6,
        "the identity endpoint comes up late, or never again after an update",
        _rows(
            ("identity_endpoint_delay", "update_breaks_identity_endpoint"),
            (0, False),
            (60, False),
            (0, True),
        ),
        "0 to tens of seconds, and broken after an in-place update in 2020 [iss] (section 9)",
    ),
    Knob(
        7,
        "a new principal is not found by role assignments without principalType",
        _each("principal_delay", 0, 120),
        "[rec] the refusal, [code] up to three minutes of retries (sections 7.3, 9)",
    ),
    Knob(
        8,
        "role assignments and access policies take effect later",
        _rows(("role_delay", "policy_delay"), (0, 0), (600, 10), (300, 0)),
        "up to ten minutes, and seconds, by [doc] (section 9)",
    ),
    Knob(
        9,
        "budgets of ACI: creates and deletes by the hour and by five minutes",
        _rows(_BUDGETS, (300, 100, 300, 100), (15000, 1500, 15000, 1500), (12, 4, 12, 4)),
        "300 and 100 by [doc], larger ones [rec]; the 429 was never seen (sections 7.2, 9)",
    ),
    Knob(
        10,
        "token buckets of ARM, as a multiple of the documented ones; 0 for none",
        _each("arm_bucket_scale", 0, 1, 0.2),
        "250 reads and 25/s, 200 writes or deletes and 10/s by [doc]; recorded headers show "
        "larger ones (section 9)",
    ),
    Knob(
        11,
        "events of containers are seen late, so none at Succeeded",
        _each("container_event_lag", 0, 60),
        "[rec]: some operations succeeded without any event (section 1)",
    ),
    Knob(
        12,
        "letter case of user-assigned identities' IDs",
        _rows(
            ("identity_ids_lower_case", "identity_keys_as_sent"),
            (True, True),
            (False, True),
            (True, False),
        ),
        "lower-case `resourcegroups`, echoed as sent by container groups [rec] (sections 2, 8)",
    ),
    Knob(
        13,
        "ports and the number of containers may not change",
        _rows(
            ("ports_immutable", "container_count_immutable"),
            (False, True),
            (True, True),
            (False, False),
        ),
        "[inf] for the count; the text of 2018 forbade ports, later ones do not (section 5)",
    ),
    Knob(
        14,
        "a group whose identity was deleted answers 500",
        _each("deleted_identity_breaks_group", True, False),
        "[doc] of Microsoft's support (section 2)",
    ),
    Knob(
        15,
        "a new vault's address is not known for a while; from when on it goes by roles",
        _rows(
            ("vault_dns_delay", "vault_rbac_default_from"),
            (0, "2026-02-01"),
            (30, "2026-02-01"),
            (0, "9999"),
        ),
        "RegisteringDns [rec]; the default by [doc], with a schema that says otherwise (section "
        "10)",
    ),
    Knob(
        16,
        "a start that takes too long is called Failed, and may heal later",
        _each("provisioning_timeout", 1800, 60),
        "[doc]: 30 minutes, and Failed is not final (section 6)",
    ),
    Knob(
        17,
        "writes on a vault take time, overlapping ones conflict",
        _each("vault_write_seconds", 0, 2),
        "ConflictError as quoted in public logs [iss] (section 7.3)",
    ),
    Knob(
        18,
        "a PUT of a live group must carry the values of secure variables",
        _each("secure_value_required", True, False),
        "[iss]: refused, or lost (section 3)",
    ),
    Knob(
        19,
        "init containers have an identity",
        _each("init_container_identity", False, True),
        "[doc]: they have none (section 13)",
    ),
    Knob(
        20,
        "an identical PUT restarts the containers",
        _each("identical_put_restarts", False, True),
        "pages disagree (sections 5, 15)",
    ),
)

GUISES: tuple[Value, ...] = (
    {"unlisted_fields": True},
    {"shuffled_order": True},
    {"shouted_case": True},
)
"""Not from any source: what a client must bear anyway (see `disguise`)."""
