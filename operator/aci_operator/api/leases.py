"""A Lease of coordination.k8s.io/v1, as far as an election needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

API_VERSION = "coordination.k8s.io/v1"


@dataclass(frozen=True)
class Lease:
    """Who holds it, since when, and for how many seconds after the last renewal.

    `holder` empty: nobody. Times are the holder's wall clock, for people: nobody measures by them.
    """

    holder: str = ""
    seconds: int = 0
    acquired: datetime | None = None
    renewed: datetime | None = None
    transitions: int = 0
    resource_version: str = ""
    """Of the stored object; empty for one that is to be made."""

    @classmethod
    def parse(cls, body: Mapping[str, Any]) -> Lease:
        """Read the API server's JSON."""
        spec = body.get("spec") or {}
        return cls(
            holder=spec.get("holderIdentity") or "",
            seconds=int(spec.get("leaseDurationSeconds") or 0),
            acquired=_time(spec.get("acquireTime")),
            renewed=_time(spec.get("renewTime")),
            transitions=int(spec.get("leaseTransitions") or 0),
            resource_version=body["metadata"]["resourceVersion"],
        )

    def body(self, namespace: str, name: str) -> dict[str, Any]:
        """Write the JSON; the resourceVersion refuses it if somebody wrote meanwhile."""
        metadata = {"namespace": namespace, "name": name}
        if self.resource_version:
            metadata["resourceVersion"] = self.resource_version
        spec = {
            "holderIdentity": self.holder,
            "leaseDurationSeconds": self.seconds,
            "acquireTime": _micro_time(self.acquired),
            "renewTime": _micro_time(self.renewed),
            "leaseTransitions": self.transitions,
        }
        return {"apiVersion": API_VERSION, "kind": "Lease", "metadata": metadata, "spec": spec}

    def taken(self, holder: str, seconds: int, now: datetime) -> Lease:
        """Give the lease as a new holder writes it; each change of holder is counted."""
        return replace(
            self,
            holder=holder,
            seconds=seconds,
            acquired=now,
            renewed=now,
            transitions=self.transitions + (1 if self.resource_version else 0),
        )

    def kept(self, now: datetime) -> Lease:
        """Give the lease as its holder renews it."""
        return replace(self, renewed=now)

    def let_go(self, now: datetime) -> Lease:
        """Give the lease as its holder leaves it: free for anybody at once."""
        return replace(self, holder="", seconds=1, renewed=now)


def _micro_time(time: datetime | None) -> str | None:
    if time is None:
        return None
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
