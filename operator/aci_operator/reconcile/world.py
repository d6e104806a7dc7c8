"""What every pass can reach: the cluster, the accounts' sessions, shared reads, time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from aci_operator.api.objects import Key, Object
from aci_operator.engine.clock import Clock
from aci_operator.engine.store import Store
from aci_operator.engine.sweeps import Sweeps
from aci_operator.kube.client import Kube
from aci_operator.kube.events import Recorder
from aci_operator.reconcile.batches import Batches
from aci_operator.reconcile.guard import Guard
from aci_operator.reconcile.locks import Locks, Turns
from aci_operator.reconcile.sessions import Sessions
from aci_operator.reconcile.troubles import Troubles


@dataclass(frozen=True)
class Pace:
    """How often settled objects are looked at, in seconds."""

    poll: float = 600.0
    """Between two looks at Azure for drift."""
    health: float = 60.0
    """Between two instance views of a running container group."""
    operation: float = 1.0
    """Between two looks at a resource whose operation is in flight (design 3.7)."""
    settle_rbac: float = 600.0
    """From writing a role assignment until it is held to have effect (azure.md knob 8)."""
    settle_policy: float = 60.0
    """The same for an access policy."""


@dataclass
class Probed:
    """What is remembered of a probe: of which grant, successes in a row, when to look again."""

    of: str
    count: int = 0
    due: float = 0.0
    """Monotonic seconds."""
    failing: float | None = None
    """Monotonic seconds since when no look has read the secret; None after one that has."""


@dataclass(frozen=True)
class Placeholder:
    """What runs in a group that only waits for its access: something that does nothing for ever."""

    image: str = "mcr.microsoft.com/azure-cli"
    """The article's own: it has curl, for a probe."""
    command: tuple[str, ...] = ("tail", "-f", "/dev/null")


@dataclass
class World:
    """The means of a pass. One per operator."""

    kube: Kube
    store: Store
    sessions: Sessions
    sweeps: Sweeps
    recorder: Recorder
    clock: Clock
    learn: Callable[[Object], None]
    """Tell the store and the queue about an object that a write of ours returned."""
    lose: Callable[[Key, str], None]
    """Tell them that the object of that key and uid is gone, before the watch does (or does not:
    what went between our first list and the watch's own is no news to the watch)."""
    wake: Callable[[Key], None]
    """Have another object looked at, for a reason that stands in none of its references."""
    cluster_id: str
    hash_key: bytes
    operator_namespace: str = "aci-operator-system"
    """Where the Secrets and ServiceAccounts of ClusterAzureAccounts are."""
    pace: Pace = field(default_factory=Pace)
    placeholder: Placeholder = field(default_factory=Placeholder)
    writes_stopped: Callable[[], str] = str
    """Why nothing may be written to Azure now; empty if it may."""
    count_refused_update: Callable[[], None] = lambda: None
    """Count a change that Azure refused in place, other than the table of effects said."""
    guard: Guard | None = None
    """Against an emptied folder; None: the setting is off."""
    locks: Locks = field(default_factory=Locks)
    batches: Batches = field(init=False)
    """What several objects write to one resource by one call."""
    turns: Turns = field(default_factory=Turns)
    troubles: Troubles = field(default_factory=dict)
    """What Azure refuses at the moment, by object (`reconcile.moods`)."""
    random: Random = field(default_factory=Random)
    written: dict[str, float] = field(default_factory=dict)
    """ARM ID in lower case -> monotonic time of our last write to it."""
    deleting: dict[str, float] = field(default_factory=dict)
    """ARM ID in lower case -> monotonic time at which Azure took our DELETE."""
    claims: dict[str, tuple[Key, str]] = field(default_factory=dict)
    """ARM ID in lower case -> key and uid of the object that has it (`reconcile.claims`)."""
    viewed: dict[str, float] = field(default_factory=dict)
    """ARM ID in lower case -> monotonic time of the last instance view of a group."""

    warned: dict[str, int] = field(default_factory=dict)
    """uid -> generation whose cautions were said last."""
    capabilities: dict[tuple[str, ...], tuple[float, list[dict[str, Any]]]] = field(
        default_factory=dict
    )
    """Account and region -> monotonic time at which its list was read, and the list."""

    def __post_init__(self) -> None:
        """Let batches wait for the same locks as single writes."""
        self.batches = Batches(self.locks)

    probed: dict[str, Probed] = field(default_factory=dict)
    """uid -> what is remembered of the probe of a grant."""
    probing: int = 0
    """How many probes run at this moment."""
    most_probing: int = 4
    """How many may: each holds a worker for as long as its line takes, a minute at most."""
