"""The end of the operator at a chosen step."""

from __future__ import annotations

from dataclasses import dataclass


class Ended(BaseException):
    """The operator ended here: nothing catches it."""


@dataclass
class Blade:
    """Ends the operator at its n-th step: before a write to Azure, before and after one of ours.

    What lies between two of these leaves no trace, so these are all the ends that there are.
    """

    at: int = 0
    """The step that is the last; 0 for none."""
    steps: int = 0

    def __call__(self) -> None:
        """Count a step. Raises Ended from the last one on: who has ended does nothing more."""
        self.steps += 1
        if self.fell:
            raise Ended

    @property
    def fell(self) -> bool:
        """Whether the operator has ended."""
        return 0 < self.at <= self.steps
