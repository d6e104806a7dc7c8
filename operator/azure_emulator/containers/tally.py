"""Running sums of what each region holds, so that a create need not look at every group."""

from __future__ import annotations

from collections import Counter

from azure_emulator.containers.group import Group


class Tally:
    """Groups, cores and DNS name labels by subscription and region."""

    def __init__(self) -> None:
        self._groups: Counter[tuple[str, str]] = Counter()
        self._cores: Counter[tuple[str, str, bool]] = Counter()
        self._labels: dict[tuple[str, str], str] = {}

    def add(self, group: Group, sign: int = 1) -> None:
        """Count a group; its body must not change before `take`."""
        place = (group.subscription.lower(), group.location)
        self._groups[place] += sign
        self._cores[(*place, group.spot)] += sign * round(group.cores() * 1000)
        label = group.label
        if label is not None and sign > 0:
            self._labels[(group.location, label)] = group.id.lower()
        elif label is not None:
            self._labels.pop((group.location, label), None)

    def take(self, group: Group) -> None:
        """Count a group no more."""
        self.add(group, -1)

    def groups(self, subscription: str, region: str) -> int:
        """Count the groups of a region."""
        return self._groups[(subscription.lower(), region)]

    def cores(self, subscription: str, region: str, *, spot: bool = False) -> float:
        """Add up the cores of a region's groups."""
        return self._cores[(subscription.lower(), region, spot)] / 1000

    def holder(self, region: str, label: str) -> str | None:
        """Give the lower-case ID of the group that has a DNS name label."""
        return self._labels.get((region, label))
