"""PUT, PATCH and DELETE of container groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from azure_emulator.containers import content, quota, rules, updates
from azure_emulator.containers.assigned import Assigned, Wanted, wanted
from azure_emulator.containers.group import Group, body, with_instance_view
from azure_emulator.containers.life import Life
from azure_emulator.containers.links import assigned_ids, subnet_ids
from azure_emulator.containers.normalisation import kept, without_read_only
from azure_emulator.containers.operations import headers
from azure_emulator.containers.run import Actor, Kind, Run
from azure_emulator.containers.store import Store, id_of, transitioning
from azure_emulator.entra.directory import Principal
from azure_emulator.errors import AzureError
from azure_emulator.identities.identity import Identity
from azure_emulator.wire import Caller, Request, Response

WRITE = "Microsoft.ContainerInstance/containerGroups/write"
ASSIGN = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"
JOIN = "Microsoft.Network/virtualNetworks/subnets/join/action"


class Writes:
    """The operations that change what a container group is."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._cloud = store.cloud

    def put(self, request: Request) -> Response:
        """Create a group, or replace a live one in place.

        Order: the caller's right on the identities (ARM), the budgets (spent even by a request
        that is then refused), the body, the quota, what may change, and then everything at once.
        """
        sent = request.body
        if sent is None:
            raise content.refusal("The body is empty.", "", {})
        old = self._store.find(id_of(request))
        region = self._region(request, old)
        self._require_linked(request, sent)
        spent = self._store.budgets.spend(request.parameters["subscription"], region, "write")
        try:
            proposal = self._proposal(request, old)
            if old is None:
                response = self._create(request, proposal, region)
            else:
                response = self._replace(request, proposal, old)
        except AzureError as error:
            error.headers.update(spent)
            raise
        return Response(response.status, response.body, {**response.headers, **spent})

    def make(self, group_id: str, sent: Mapping[str, Any], api_version: str) -> None:
        """Put a group without the checks of ARM and without spending a budget."""
        segments = group_id.strip("/").split("/")
        names = dict(zip(("subscription", "group", "name"), segments[1::2], strict=False))
        names["name"] = segments[-1]
        caller = Caller("", "", "")
        query = {"api-version": api_version}
        request = Request("PUT", group_id, names, query, {}, dict(sent), caller, "")
        old = self._store.find(id_of(request))
        proposal = self._proposal(request, old)
        if old is None:
            self._create(request, proposal, self._region(request, None))
        else:
            self._replace(request, proposal, old)

    def patch(self, request: Request) -> Response:
        """Replace a group's tags; nothing else acts, nothing restarts (recorded)."""
        group = self._store.named(request)
        tags = (request.body or {}).get("tags")
        if tags is not None:
            content.check_tags(tags, request.body)
            group.tags = dict(tags)
        return Response(200, self._body(group, request))

    def delete(self, request: Request) -> Response:
        """Delete a group: 200 with its last body, 204 if it is not there (azure.md section 1)."""
        group = self._store.find(id_of(request))
        if group is None:
            return Response(204)
        spent = self._store.budgets.spend(group.subscription, group.location, "delete")
        try:
            self._store.check_whole(group)
        except AzureError as error:
            error.headers.update(spent)
            raise
        seconds = self._cloud.settings.container_delete_seconds
        if seconds:
            return self._delete_later(group, request, seconds, spent)
        last = self._body(group, request)
        self._store.remove(group)
        return Response(200, last, spent)

    def _delete_later(
        self, group: Group, request: Request, seconds: float, spent: Mapping[str, str]
    ) -> Response:
        now = self._cloud.clock.now()
        if group.gone_at is None:
            self._store.remove_at(group, now + seconds)
        ends = group.gone_at or now
        return Response(202, None, {**self._operation(group, request, ends), **spent})

    def _region(self, request: Request, old: Group | None) -> str:
        """Give the region in its canonical form; ARM's rules, their texts [inf]."""
        location = request.body.get("location")
        if not location or not isinstance(location, str):
            raise _gateway(
                "LocationRequired", "The location property is required for this definition."
            )
        region = location.replace(" ", "").lower()
        if region not in self._cloud.settings.locations:
            known = ",".join(self._cloud.settings.locations)
            raise _gateway(
                "LocationNotAvailableForResourceType",
                f"The provided location '{location}' is not available for resource type "
                "'Microsoft.ContainerInstance/containerGroups'. List of available regions for the "
                f"resource type is '{known}'.",
            )
        if old is not None and old.location != region:
            raise AzureError(
                409,
                "InvalidResourceLocation",
                f"The resource '{old.name}' already exists in location '{old.location}' in "
                f"resource group '{old.resource_group}'. A resource with the same name cannot be "
                f"created in location '{region}'. Please select a new resource name.",
                gateway=True,
            )
        return region

    def _require_linked(self, request: Request, sent: Mapping[str, Any]) -> None:
        linked = ((ASSIGN, assigned_ids(sent)), (JOIN, subnet_ids(sent)))
        for action, ids in linked:
            if ids:
                self._cloud.authorization.require_linked(
                    request.caller, WRITE, id_of(request), action, ids
                )

    def _proposal(self, request: Request, old: Group | None) -> rules.Proposal:
        content.check(request.body, request.api_version)
        if request.body.get("identity") is None and self._keeps_identity(old):
            identity = old.assigned.wanted if old else Wanted()
        else:
            identity = wanted(request.body.get("identity"))
        proposal = rules.Proposal(
            request.parameters["name"],
            request.api_version,
            without_read_only(request.body["properties"]),
            identity,
            self._cloud.settings,
        )
        rules.check(proposal)
        return proposal

    def _keeps_identity(self, old: Group | None) -> bool:
        return old is not None and not self._cloud.settings.put_without_identity_removes

    def _create(self, request: Request, proposal: rules.Proposal, region: str) -> Response:
        sent = dict(proposal.properties)
        names = request.parameters
        group = Group(
            id=id_of(request),
            name=names["name"],
            subscription=names["subscription"],
            resource_group=names["group"],
            location=region,
            sent=sent,
            safe=kept(sent),
            life=self._life(self._run("create", sent)),
            tags=request.body.get("tags"),
            zones=request.body.get("zones"),
        )
        quota.check(self._store, group)
        quota.check_label(self._store, group.id, region, group.label)
        self._assign(group, proposal.identity, self._principals(group, proposal.identity))
        self._store.add(group)
        operation = self._operation(group, request, group.life.finished)
        return Response(201, self._body(group, request), operation)

    def _replace(self, request: Request, proposal: rules.Proposal, old: Group) -> Response:
        self._store.check_whole(old)
        now = self._cloud.clock.now()
        if old.life.busy(now) or old.gone_at is not None:
            raise transitioning(old.name)
        sent = dict(proposal.properties)
        rules.check_secure_values(old.name, old.sent, sent, self._cloud.settings)
        anew = old.life.over(now)
        if not anew:  # what has ended "can't be updated": it is deployed as new (section 5)
            updates.check(old.name, old.sent, sent, self._cloud.settings)
            updates.check_zones(old.name, old.zones, request.body.get("zones"))
        users = self._principals(old, proposal.identity)
        label = Group.label_of(sent)
        quota.check_label(self._store, old.id, old.location, label)
        same = proposal.identity.same_as(old.assigned.wanted)
        changed = updates.differs(old.sent, sent) or not same
        self._take_over(old, request, sent)
        self._assign(old, proposal.identity, users)
        rests = old.life.run.stopped and not self._cloud.settings.put_starts_stopped
        if not rests and (changed or anew or self._cloud.settings.identical_put_restarts):
            run = self._run("create" if anew else "update", sent)
            if old.life.run.stopped:
                run.kills = 0
            old.life.begin(run)
        status = 200 if self._cloud.settings.update_answers_200 else 201
        operation = self._operation(old, request, max(now, old.life.finished))
        return Response(status, self._body(old, request), operation)

    def _take_over(self, group: Group, request: Request, sent: dict[str, Any]) -> None:
        self._store.tally.take(group)
        group.sent, group.safe = sent, kept(sent)
        self._store.tally.add(group)
        if self._cloud.settings.put_updates_tags:
            group.tags = request.body.get("tags")
        group.zones = request.body.get("zones")
        group.changed()

    def _life(self, run: Run) -> Life:
        settings = self._cloud.settings
        pending = min(settings.container_pending_seconds, settings.container_creation_seconds / 2)
        return Life(run, pending=pending, timeout=settings.provisioning_timeout)

    def _run(self, kind: Kind, sent: Mapping[str, Any]) -> Run:
        settings = self._cloud.settings
        seconds = (
            settings.container_update_seconds
            if kind == "update"
            else settings.container_creation_seconds
        )
        return new_run(self._store, kind, sent, seconds)

    def _assign(self, group: Group, identity: Wanted, users: dict[str, Principal]) -> None:
        """Give a group its identities; a system-assigned one is kept while it is wanted."""
        system = group.assigned.system
        if identity.system and system is None:
            system = self._cloud.directory.create_managed_identity(group.name)
        elif not identity.system and system is not None:
            self._cloud.directory.remove(system.oid)
            system = None
        group.assigned = Assigned(identity, system, users)

    def _principals(self, group: Group, identity: Wanted) -> dict[str, Principal]:
        found = {arm_id: self._identity(group, arm_id) for arm_id in identity.ids}
        as_sent = self._cloud.settings.identity_keys_as_sent
        return {arm_id if as_sent else one.id: one.principal for arm_id, one in found.items()}

    def _identity(self, group: Group, arm_id: str) -> Identity:
        identity = self._cloud.identities.find(arm_id)
        if identity is None:  # for a caller with a right above it; the wrapper is section 7.1's
            raise AzureError(
                400,
                "FailedIdentityOperation",
                f"Identity operation for resource '{group.id}' failed with error 'Failed to "
                "perform resource identity operation. Status: 'BadRequest'. Response: "
                f"'Resource '{arm_id}' was not found.''.",
            )
        return identity

    def _operation(self, group: Group, request: Request, ends: float) -> Mapping[str, str]:
        return begin_operation(self._store, group, request, ends)

    def _body(self, group: Group, request: Request) -> dict[str, Any]:
        properties = with_instance_view(group, request.api_version, self._store.moments)
        return body(group, properties, self._cloud.settings.tenant_id)


def new_run(store: Store, kind: Kind, sent: Mapping[str, Any], seconds: float) -> Run:
    """Start all containers of a body, to be ready after so many seconds."""
    now = store.cloud.clock.now()
    actors = _actors(store, sent["containers"])
    policy = sent.get("restartPolicy", "Always")
    back_off = store.cloud.settings.container_back_off_seconds
    kills = 1 if kind == "update" else 0
    starters = _actors(store, sent.get("initContainers") or ())
    return Run(
        kind, now, now + seconds, policy, actors, back_off=back_off, kills=kills, starters=starters
    )


def _actors(store: Store, containers: Iterable[Mapping[str, Any]]) -> tuple[Actor, ...]:
    images = [(each["name"], each["properties"].get("image", "")) for each in containers]
    return tuple(Actor(name, image, store.behaviours.of(image)) for name, image in images)


def begin_operation(store: Store, group: Group, request: Request, ends: float) -> Mapping[str, str]:
    """Begin an operation on a group and give the headers that name it."""
    now = store.cloud.clock.now()
    operation = store.operations.begin(group, request.api_version, now, ends)
    return headers(operation, request, signed=store.cloud.settings.signed_operation_urls)


def _gateway(code: str, message: str) -> AzureError:
    return AzureError(400, code, message, gateway=True)
