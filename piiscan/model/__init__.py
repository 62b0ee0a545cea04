"""The nouns of piiscan: what a format yields, what a judge decides, what a report says. All frozen.

``raw`` things hold the user's data and never leave the process that read them; ``results`` hold places, counts and
shapes, never a value; ``plugins`` are what the three folders of plug-ins bring; ``options`` what a run is told.
"""

from __future__ import annotations

from piiscan.model.options import (
    CopyOptions,
    Progress,
    ScanOptions,
)
from piiscan.model.plugins import (
    Action,
    Detector,
    Draw,
    Format,
    Keyed,
)
from piiscan.model.raw import (
    Batch,
    CellRange,
    Editor,
    Item,
    Limits,
    Member,
    Place,
    Sheet,
    Skipped,
    Source,
    Text,
)
from piiscan.model.results import (
    Anonymity,
    Change,
    Column,
    CopyResult,
    CopyStatus,
    FileReport,
    Finding,
    Level,
    Records,
    Severity,
    Status,
    Summary,
    Table,
    Trigger,
)

__all__ = [
    "Action",
    "Anonymity",
    "Batch",
    "CellRange",
    "Change",
    "Column",
    "CopyOptions",
    "CopyResult",
    "CopyStatus",
    "Detector",
    "Draw",
    "Editor",
    "FileReport",
    "Finding",
    "Format",
    "Item",
    "Keyed",
    "Level",
    "Limits",
    "Member",
    "Place",
    "Progress",
    "Records",
    "ScanOptions",
    "Severity",
    "Sheet",
    "Skipped",
    "Source",
    "Status",
    "Summary",
    "Table",
    "Text",
    "Trigger",
]
