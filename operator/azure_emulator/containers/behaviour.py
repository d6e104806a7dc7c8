"""What tests tell about images: how long their containers run, and what they exit with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

RestartPolicy = Literal["Always", "OnFailure", "Never"]


@dataclass(frozen=True)
class Behaviour:
    """How containers of one image behave; times in seconds.

    `exit_code` None: they run for ever. Else they exit with it `after` their start, and are
    started again as the group's restart policy says. `pull_fails_for`: the image cannot be
    pulled for so long after the group's start (`inf` for ever). `start_fails`: they are pulled
    and never start, for the reason that the event then gives. `probe`: which probe fails, at each
    exit (Liveness) or from `after` on (Readiness); such events are named as in Kubernetes [inf].
    `programs`: what exec finds in the image, by the names that this machine has them under; None:
    all that this machine has. Without `sh` among them no shell opens.
    """

    exit_code: int | None = None
    after: float = 0.0
    pull_fails_for: float = 0.0
    start_fails: str = ""
    probe: Literal["", "Liveness", "Readiness"] = ""
    programs: tuple[str, ...] | None = None

    def ends_under(self, policy: RestartPolicy) -> bool:
        """Tell whether a container stays ended once it has exited.

        Under Never it always does here, though "the platform might restart the container"
        after an exit other than 0 (azure.md section 6).
        """
        if self.exit_code is None:
            return False
        return policy == "Never" or (policy == "OnFailure" and self.exit_code == 0)


class Behaviours:
    """The behaviours told so far, by image, as the body names it."""

    def __init__(self) -> None:
        self._told: dict[str, Behaviour] = {}

    def tell(self, image: str, behaviour: Behaviour) -> None:
        """Let an image behave so from its next start on; an asterisk stands for all others."""
        self._told[image] = behaviour

    def of(self, image: str) -> Behaviour:
        """Give an image's behaviour: by default it runs for ever."""
        return self._told.get(image) or self._told.get("*") or Behaviour()
