"""What a user of the emulator may choose: names, latencies, and what Azure leaves open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass
class Settings:
    """Choices of one emulated Azure; times in seconds of the emulator's clock.

    Numbers and switches may be changed while it runs (`change`); names may not. "Knob n" means
    azure.md section 15: what the sources leave open, with the likeliest answer as the default.
    """

    tenant_id: str = "6d1b4c1e-6a53-4c0f-9d0b-0a7c2f5e8b10"
    subscription_ids: tuple[str, ...] = ("00000000-0000-0000-0000-000000000000",)
    locations: tuple[str, ...] = ("eastus", "eastus2", "northeurope", "westeurope", "westus")
    unregistered_namespaces: tuple[str, ...] = ()
    """Resource providers that the subscriptions are not registered for (section 7.2)."""
    locks: tuple[tuple[str, str], ...] = ()
    """Locked scopes, each with its level: `CanNotDelete` or `ReadOnly` (section 7.2)."""
    custom_roles: tuple[Mapping[str, Any], ...] = ()
    """Role definitions beside the built-in ones: `{name (a GUID), roleName, permissions}`."""
    management_groups: tuple[tuple[str, str], ...] = ()
    """Subscriptions, each with the name of a management group that it lies below, at any height;
    what is assigned there counts for it ([inf]: sources name the scope, not how it inherits)."""

    token_seconds: float = 3599
    """Lifetime of a token from Entra."""
    instance_token_seconds: float = 28800
    """Lifetime of a token from a container's identity endpoint (section 13: 8 or 24 hours)."""
    identity_endpoint_delay: float = 0
    """Knob 6: a container's identity endpoint refuses connections for this long."""
    update_breaks_identity_endpoint: bool = False
    """Knob 6: after a PUT of a live group its endpoint never answers again (reports of 2020)."""
    principal_delay: float = 0
    """Knob 7: PrincipalNotFound for this long after a principal was made."""
    role_delay: float = 0
    """Knob 8: a role assignment made through ARM takes effect after this long."""
    management_group_delay: float = 0
    """And so much longer for a role with data actions at a management group: hours (section 9
    [doc]; how many is [inf])."""
    policy_delay: float = 0
    """Knob 8: a changed access policy takes effect on a vault's data plane after this long."""
    vault_dns_delay: float = 0
    """Knob 15: a new vault is in RegisteringDns, and cannot be reached, for this long."""
    vault_write_seconds: float = 0
    """Knob 17: how long a write on a vault takes; another one meanwhile gets ConflictError."""
    vault_purge_seconds: float = 0
    """How long the purge of a deleted vault takes (recorded: 7 to 17 seconds)."""
    vault_create_status: int = 200
    """What the PUT of a new vault answers: 200 (recorded) or 201 (allowed by the swagger)."""
    vault_rbac_default_from: str = "2026-02-01"
    """Knob 15: the first api-version in which a new vault goes by roles unless told otherwise."""
    taken_vault_names: tuple[str, ...] = ()
    """Vault names that somebody else in the world has."""
    group_delete_seconds: float = 1
    """How long a deleted resource group stays in `Deleting`."""
    page_size: int = 0
    """Items per page of a list, with `nextLink`; 0 for everything in one page."""
    container_creation_seconds: float = 1
    """From a container group's PUT (or start) until its containers run."""
    container_pending_seconds: float = 0.2
    """How long of that `Pending` is shown before `Creating`; at most half of it."""
    container_update_seconds: float = 1
    """From the PUT of a live group until its containers run again."""
    container_restart_seconds: float = 1
    """From a restart until the containers run again."""
    container_delete_seconds: float = 0
    """Knob 4: 0 deletes a group at once (200), more answers 202 and takes so long."""
    container_back_off_seconds: float = 10
    """The first back-off of a crash loop, which then doubles up to 300; 0 for none (both seen)."""
    container_event_lag: float = 0
    """Knob 11: events are seen so long after they happened."""
    provisioning_timeout: float = 1800
    """Knob 16: a start that is not complete by then is called Failed, and may heal later."""
    put_updates_tags: bool = True
    """Knob 1: a PUT of a live group changes its tags."""
    put_without_identity_removes: bool = True
    """Knob 2: a PUT of a live group without `identity` takes its identities away."""
    update_answers_200: bool = True
    """Knob 3: a PUT of a live group answers 200; else 201."""
    windows_identity_refused: bool = False
    """Knob 5: IdentityNotSupportedOnWindows."""
    container_writes_per_hour: int = 300
    container_writes_per_5m: int = 100
    container_deletes_per_hour: int = 300
    container_deletes_per_5m: int = 100
    """Knob 9: ACI's own budgets, per subscription and region."""
    arm_bucket_scale: float = 0
    """Knob 10: ARM's token buckets as a multiple of the documented ones (see `throttle`); 0: none.
    """
    identity_ids_lower_case: bool = True
    """Knob 12: IDs of user-assigned identities have a lower-case `resourcegroups`."""
    identity_keys_as_sent: bool = True
    """Knob 12: a container group shows its identities' IDs as its PUT wrote them; else as the
    identities themselves do."""
    container_groups_quota: int = 100
    """Container groups per subscription and region."""
    container_cores_quota: int = 100
    """Standard cores per subscription and region."""
    ports_immutable: bool = False
    container_count_immutable: bool = True
    """Knob 13: what a PUT of a live group may not change."""
    deleted_identity_breaks_group: bool = True
    """Knob 14: a group whose user-assigned identity was deleted answers 500."""
    secure_value_required: bool = True
    """Knob 18: a PUT of a live group must carry the values of its secure variables."""
    init_container_identity: bool = False
    """Knob 19: the identity endpoint answers while init containers run, too."""
    identical_put_restarts: bool = False
    """Knob 20: a PUT without any difference restarts the containers."""
    put_starts_stopped: bool = True
    """A PUT of a stopped group starts it [inf]: no source says."""
    start_changes_ip: bool = True
    """A group that is started again gets another IP address ("may change")."""
    subnet_links_stay: bool = False
    """The link of container groups stays in a subnet that has none any more [inf]."""
    signed_operation_urls: bool = True
    """From api-version 2024 on, URLs of operations carry a signature (recorded)."""
    unlisted_fields: bool = False
    """Answers of ARM and of vaults carry members that nobody listed."""
    shuffled_order: bool = False
    """Answers have their members, and the elements of lists without an order, in another order."""
    shouted_case: bool = False
    """Answers have IDs, resource types and locations in upper case."""
    exec_shell: bool = False
    """Commands of exec run on this machine, as whoever runs the emulator; chosen at the start only.
    """
    exec_path: tuple[str, ...] = ()
    """Folders before this machine's PATH, for commands of exec."""
    exec_sessions: int = 16
    """How many sockets of exec and attach may be open at once."""
    exec_output_bytes: int = 64 * 1024 * 1024
    """How much output one session may give before it is ended."""
    calls_kept: int = 200_000
    """How many calls the list of calls holds before it forgets the oldest."""

    def change(self, values: Mapping[str, Any]) -> None:
        """Set numbers and switches by name.

        Raises ValueError for a name that is unknown or fixed, or a value of another kind; then
        nothing is changed.
        """
        kinds = {field.name: str(field.type) for field in fields(self)}
        for name, value in values.items():
            kind = "" if name in _FIXED else kinds.get(name, "")
            if kind not in _FITS:
                raise ValueError(f"{name} is no setting that can be changed")
            if not _FITS[kind](value):
                raise ValueError(f"{name} wants a {kind}")
        for name, value in values.items():
            setattr(self, name, value)


_FIXED = frozenset({"exec_shell"})
"""What nobody may switch on over the control API."""


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


_FITS: Mapping[str, Callable[[object], bool]] = {
    "bool": lambda value: isinstance(value, bool),
    "int": lambda value: _is_number(value) and isinstance(value, int),
    "float": _is_number,
}
"""By a field's annotation: whether a value may be set."""
