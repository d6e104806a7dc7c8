"""Who may do what: the check behind every call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from azure_emulator.authorization.assignment import RoleAssignment, RoleAssignments, covers
from azure_emulator.authorization.definition import RoleDefinition, RoleDefinitions
from azure_emulator.authorization.wire_form import definition_id
from azure_emulator.clock import Clock
from azure_emulator.errors import AzureError
from azure_emulator.settings import Settings
from azure_emulator.wire import Caller

MANAGEMENT_GROUPS = "/providers/Microsoft.Management/managementGroups"


class Authorization:
    """Role definitions, role assignments, and the rights that follow from both."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.definitions = RoleDefinitions(settings.custom_roles)
        self.assignments = RoleAssignments()
        self._settings = settings
        self._clock = clock
        self.exists: Callable[[str], bool] = lambda resource_id: True
        """Set by the emulator: says whether the resource that a body refers to exists."""
        self._decided: dict[tuple[str, str, bool], bool] = {}

    def allows(self, oid: str, action: str, scope: str, *, data: bool = False) -> bool:
        """Say whether a principal may do an action: by a role at the scope or above it.

        Actions and scopes are compared without letter case, `*` stands for anything, and an
        assignment counts only after `settings.role_delay` (knob 8).
        """
        return any(
            self._role_allows(assignment.role, action, data)
            for assignment in self._effective(oid, scope)
        )

    def roles(self, oid: str, scope: str) -> list[RoleDefinition]:
        """List the roles that a principal has at a scope or above it, each once, by name."""
        names = sorted({assignment.role for assignment in self._effective(oid, scope)})
        return [role for name in names if (role := self.definitions.find(name)) is not None]

    def require(self, caller: Caller, action: str, scope: str) -> None:
        """Refuse a caller without the right.

        Raises AzureError 403 AuthorizationFailed (text: recordings/cli-arm-generic-errors.json).
        """
        if not self.allows(caller.oid, action, scope):
            raise AzureError(
                403,
                "AuthorizationFailed",
                f"The client '{caller.appid}' with object id '{caller.oid}' does not have "
                f"authorization to perform action '{action}' over scope '{scope}' or the scope is "
                "invalid. If access was recently granted, please refresh your credentials.",
                gateway=True,
            )

    def require_linked(
        self,
        caller: Caller,
        action: str,
        scope: str,
        linked_action: str,
        linked_scopes: Sequence[str],
    ) -> None:
        """Refuse a caller who may not use the resources that a body refers to.

        A resource that does not exist is refused alike, unless the caller has the right on the
        whole subscription. Raises AzureError 403 LinkedAuthorizationFailed (section 7.2).
        """
        refused = [
            linked
            for linked in linked_scopes
            if not self.allows(
                caller.oid, linked_action, linked if self.exists(linked) else _subscription(linked)
            )
        ]
        if refused:
            raise AzureError(
                403,
                "LinkedAuthorizationFailed",
                f"The client '{caller.appid}' with object id '{caller.oid}' has permission to "
                f"perform action '{action}' on scope '{scope}'; however, it does not have "
                f"permission to perform action(s) '{linked_action}' on the linked scope(s) "
                f"'{','.join(refused)}' (respectively) or the linked scope(s) are invalid.",
                gateway=True,
            )

    def assign(
        self, principal_id: str, role: str, scope: str, *, name: str, principal_type: str
    ) -> RoleAssignment:
        """Give a role at once, as the emulator's user; `role` is a display name or a GUID.

        Raises ValueError for an unknown role.
        """
        found = self.definitions.find(role) or self.definitions.named(role)
        if found is None:
            raise ValueError(f"there is no role {role}")
        now = self._clock.now()
        assignment = RoleAssignment(
            name=name,
            scope="/" + scope.strip("/"),
            role=found.name.lower(),
            principal_id=principal_id,
            principal_type=principal_type,
            created_at=now,
            effective_at=now,
            created_by=principal_id,
            updated_by=principal_id,
            role_definition_id=definition_id(found, scope),
        )
        self.assignments.add(assignment)
        return assignment

    def _effective(self, oid: str, scope: str) -> Iterator[RoleAssignment]:
        now = self._clock.now()
        for assignment in self.assignments.of(oid):
            if assignment.effective_at <= now and self.above(assignment.scope, scope):
                yield assignment

    def above(self, upper: str, scope: str) -> bool:
        """Say whether what is assigned at a scope counts for another one, as it lies above it."""
        return covers(upper, scope) or any(
            upper.lower() == f"{MANAGEMENT_GROUPS}/{group}".lower()
            and covers(f"/subscriptions/{subscription}", scope)
            for subscription, group in self._settings.management_groups
        )

    def _role_allows(self, role: str, action: str, data: bool) -> bool:
        key = (role, action, data)
        decided = self._decided.get(key)
        if decided is None:
            found = self.definitions.find(role)
            decided = found is not None and found.allows(action, data=data)
            if len(self._decided) < 100_000:
                self._decided[key] = decided
        return decided


def _subscription(resource_id: str) -> str:
    return "/".join(resource_id.split("/")[:3])
