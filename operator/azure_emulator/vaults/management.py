"""Live vaults as ARM serves them: create, replace, merge, recover, delete, access policies.

Evidence: azure.md section 10, the keyvault recordings and the swagger of 2023-07-01.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from azure_emulator.cloud import Cloud
from azure_emulator.vaults import policies, refusals
from azure_emulator.vaults import properties as vault_properties
from azure_emulator.vaults.deletion import DeletedVaults
from azure_emulator.vaults.paging import page
from azure_emulator.vaults.store import VaultStore, subscription_of, vault_id
from azure_emulator.vaults.vault import Stamp, Vault, is_valid_name, plain_location
from azure_emulator.wire import Request, Response

_CHANGES = {"add": policies.add, "replace": policies.replace, "remove": policies.remove}
_HEADERS = {"x-ms-keyvault-service-version": "1.5.1361.0"}


class LiveVaults:
    """Handlers of vaults; `uri` gives the data plane's address for a vault's name."""

    def __init__(
        self,
        cloud: Cloud,
        store: VaultStore,
        deleted: DeletedVaults,
        uri: Callable[[str], str],
    ) -> None:
        self._cloud = cloud
        self._store = store
        self._deleted = deleted
        self._uri = uri

    def put(self, request: Request) -> Response:
        """Create, replace or recover a vault: 200 with its body."""
        self._cloud.groups.get(request.parameters["subscription"], request.parameters["group"])
        body = _object(request.body)
        given = _object(body.get("properties"), "properties")
        vault = self._store.find(request.parameters)
        if vault is not None:
            return self._replace(request, vault, body)
        name = request.parameters["name"]
        if not is_valid_name(name):
            raise refusals.invalid_name(name)
        location = self._location(body)
        deleted = self._deleted_vault(name)
        if str(given.get("createMode") or "default").lower() == "recover":
            return self._recover(request, deleted, location)
        self._refuse_taken(request, deleted)
        return self._create(request, body, location)

    def patch(self, request: Request) -> Response:
        """Merge into a vault: what is given replaces, the rest stays."""
        vault = self._found(request)
        body = _object(request.body)
        given = _object(body.get("properties") or {}, "properties")
        tags = _tags(body, vault.tags)
        changed = vault_properties.merged(vault.properties, given)
        self._write(request, vault)
        self._apply(vault, changed, tags)
        return self._show(request, vault)

    def get(self, request: Request) -> Response:
        """Show a vault; AzureError 404 ResourceNotFound or ResourceGroupNotFound."""
        return self._show(request, self._found(request))

    def delete(self, request: Request) -> Response:
        """Delete into soft-delete: 200 without body; 204 when there is none [spec]."""
        self._cloud.groups.get(request.parameters["subscription"], request.parameters["group"])
        vault = self._store.find(request.parameters)
        if vault is None:
            return Response(204)
        self._write(request, vault)
        self.drop(vault)
        return Response(200, headers=_HEADERS)

    def change_policies(self, request: Request) -> Response:
        """PUT accessPolicies/{add|replace|remove}: 200 with the resulting list."""
        vault = self._found(request)
        change = _CHANGES.get(request.parameters["kind"].lower())
        if change is None:
            raise refusals.bad_value("operationKind")
        given = _object(_object(request.body).get("properties"), "properties")
        policies.check(given.get("accessPolicies"), vault.properties["tenantId"])
        changed = change(vault.properties["accessPolicies"], given["accessPolicies"])
        policies.check_count(changed)
        self._write(request, vault)
        vault.set_policies(changed, self._cloud.clock.now())
        return Response(200, vault.show_policies(), _HEADERS)

    def list_in_group(self, request: Request) -> Response:
        """List the vaults of a resource group."""
        given = request.parameters
        return self._list(request, self._cloud.groups.get(given["subscription"], given["group"]).id)

    def list_in_subscription(self, request: Request) -> Response:
        """List the vaults of a subscription."""
        return self._list(request, f"/subscriptions/{request.parameters['subscription']}")

    def check_name(self, request: Request) -> Response:
        """Say whether a name may be used for a new vault."""
        name = str(_object(request.body).get("name") or "")
        if not is_valid_name(name):
            message = refusals.invalid_name(name).message
            return _unavailable("AccountNameInvalid", message)
        taken = self._store.named(name) or self._deleted_vault(name)
        if taken is not None or self._is_taken_elsewhere(name):
            return _unavailable("AlreadyExists", refusals.name_taken_text(name))
        return Response(200, {"nameAvailable": True}, _HEADERS)

    def _create(self, request: Request, body: Mapping[str, Any], location: str) -> Response:
        settings, now = self._cloud.settings, self._cloud.clock.now()
        stored = vault_properties.created(
            body["properties"],
            request.api_version,
            rbac_default_from=settings.vault_rbac_default_from,
        )
        name = request.parameters["name"]
        vault = Vault(
            id=vault_id(request.parameters),
            name=name,
            location=location,
            tags=_tags(body, {}),
            properties=stored,
            uri=self._uri(name),
            created=Stamp(request.caller.appid, now),
            modified=Stamp(request.caller.appid, now),
            registered_at=now + settings.vault_dns_delay,
            busy_until=now + settings.vault_write_seconds,
        )
        self._store.add(vault)
        shown = vault.show(request.api_version, now, base_url=request.base_url, new=True)
        return Response(settings.vault_create_status, shown, _HEADERS)

    def _replace(self, request: Request, vault: Vault, body: Mapping[str, Any]) -> Response:
        location = self._location(body)
        if not vault.is_at(location):
            raise refusals.location_is_fixed(vault.name, vault.place, location)
        changed = vault_properties.replaced(vault.properties, body["properties"])
        self._write(request, vault)
        self._apply(vault, changed, _tags(body, {}))
        return self._show(request, vault)

    def _recover(self, request: Request, vault: Vault | None, location: str) -> Response:
        """Bring a vault back as it was; whatever else was sent is ignored (recorded)."""
        name = request.parameters["name"]
        if vault is None or not vault.is_at(location):
            raise refusals.deleted_vault_not_found(name)
        if vault.id.lower() != vault_id(request.parameters).lower():
            raise refusals.exists_deleted()
        if self._deleted.is_purging(vault):
            raise refusals.overlapping(name)
        self._write(request, vault)
        self._store.recover(vault)
        return self._show(request, vault)

    def _refuse_taken(self, request: Request, deleted: Vault | None) -> None:
        name = request.parameters["name"]
        if self._store.named(name) is not None or self._is_taken_elsewhere(name):
            raise refusals.name_taken(name)
        if deleted is None:
            return
        if subscription_of(deleted).lower() != request.parameters["subscription"].lower():
            raise refusals.name_taken(name)
        raise refusals.exists_deleted()

    def _is_taken_elsewhere(self, name: str) -> bool:
        taken = self._cloud.settings.taken_vault_names
        return name.lower() in {other.lower() for other in taken}

    def _found(self, request: Request) -> Vault:
        self._cloud.groups.get(request.parameters["subscription"], request.parameters["group"])
        return self._store.get(request.parameters)

    def _deleted_vault(self, name: str) -> Vault | None:
        self._deleted.settle()
        return self._store.deleted_named(name, self._cloud.clock.now())

    def _write(self, request: Request, vault: Vault) -> None:
        """Begin a write: it takes its time, and another one meanwhile is refused (knob 17)."""
        now = self._cloud.clock.now()
        if now < vault.busy_until:
            raise refusals.overlapping(vault.name)
        vault.busy_until = now + self._cloud.settings.vault_write_seconds
        vault.modified = Stamp(request.caller.appid, now)

    def _apply(self, vault: Vault, changed: dict[str, Any], tags: dict[str, str]) -> None:
        wanted = changed.pop("accessPolicies")
        vault.properties.update(changed)
        vault.set_policies(wanted, self._cloud.clock.now())
        vault.tags = tags

    def drop(self, vault: Vault) -> None:
        """Delete; role assignments on it are lost for good (azure.md section 10)."""
        self._store.delete(vault, self._cloud.clock.now())
        self._cloud.authorization.assignments.remove_under(vault.id)

    def _show(self, request: Request, vault: Vault) -> Response:
        now = self._cloud.clock.now()
        shown = vault.show(request.api_version, now, base_url=request.base_url)
        return Response(200, shown, _HEADERS)

    def _list(self, request: Request, scope: str) -> Response:
        now = self._cloud.clock.now()
        shown = [
            vault.show(request.api_version, now, base_url=request.base_url)
            for vault in self._store.under(scope)
        ]
        return page(request, shown, self._cloud.settings.page_size)

    def _location(self, body: Mapping[str, Any]) -> str:
        location = body.get("location")
        if not isinstance(location, str) or not location:
            raise refusals.location_required()
        known = self._cloud.settings.locations
        if plain_location(location) not in known:
            raise refusals.location_not_available(location, known)
        return location


def _object(value: Any, name: str = "") -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise refusals.missing(name) if name else refusals.invalid("The request has no body.")
    return value


def _tags(body: Mapping[str, Any], default: dict[str, str]) -> dict[str, str]:
    tags = body.get("tags")
    if tags is None:
        return dict(default)
    if not isinstance(tags, dict) or not all(isinstance(tag, str) for tag in tags.values()):
        raise refusals.bad_value("tags")
    return dict(tags)


def _unavailable(reason: str, message: str) -> Response:
    body = {"nameAvailable": False, "reason": reason, "message": message}
    return Response(200, body, _HEADERS)
