"""Where answers about container groups differ from a recording, and why; see `differences`."""

from __future__ import annotations

_SCRUBBED = "the recording holds a word in its place"
_LOG = "containers do not run here: a fixed line stands for every log"
_USED = "what else the recorded subscription held"
_EARLY = "builds of October 2018 left it out of the first answer; no later one did"
_SPLIT = "a build of October 2018 listed Created and Started once per start, with container ids"
_ENDED = "builds of October 2018 said so of a crash loop under Always; those of 2019 say Running"
_AHEAD = "the service counted an event or two after the end of the operation; ours ends with it"
_VIEW = "$.properties.containers[0].properties.instanceView"
_MSI = "cli-container_create_msi"
_WITH_MSI = "cli-container_create_with_msi"
_SCOPE = "cli-container_create_with_msi_scope"
_LIFECYCLE = "ps-container-lifecycle-2024-05-01-preview"

CONTAINER_DIFFERENCES: tuple[tuple[str, int, str, str], ...] = (
    (_MSI, 2, "$.properties.instanceView.events", _EARLY),
    (_MSI, 6, "$.properties.instanceView.events", _EARLY),
    (_MSI, 7, "$.properties.events*", _SPLIT),
    (_MSI, 8, f"{_VIEW}.events*", _SPLIT),
    (_MSI, 10, "$.properties.instanceView.events", _EARLY),
    (_MSI, 11, "$.properties.events*", _SPLIT),
    (_MSI, 12, f"{_VIEW}.events*", _SPLIT),
    (_MSI, 12, "$.properties.instanceView.state", _ENDED),
    (_WITH_MSI, 4, "$.properties.events[0].count", _AHEAD),
    (_WITH_MSI, 12, "$.properties.events*", _AHEAD),
    (_SCOPE, 5, "$.properties.instanceView.events", _EARLY),
    (_SCOPE, 8, "$.properties.events[0].count", _AHEAD),
    (_SCOPE, 9, "$.properties.instanceView.state", _ENDED),
    ("cli-container_exec-2023-05-01", 4, "$.password", _SCRUBBED),
    (_LIFECYCLE, 10, "$.value[*].currentValue", _USED),
    (_LIFECYCLE, 12, "$.content", _LOG),
)
