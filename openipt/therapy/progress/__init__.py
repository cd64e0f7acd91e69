"""Progress: what a change in a score means. Each number comes from the measure's own data, with its source."""

from openipt.therapy.progress.change import (
    Progress,
    cutoff,
    fall_pct,
    half_up_pct,
    is_clinical,
    progress,
    reliable_change,
    reliable_change_index,
    rises,
)

__all__ = [
    "Progress",
    "cutoff",
    "fall_pct",
    "half_up_pct",
    "is_clinical",
    "progress",
    "reliable_change",
    "reliable_change_index",
    "rises",
]
