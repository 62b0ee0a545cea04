"""Detectors that a company writes without Python, read from ``detectors*.toml``.

::

    [member_card]                           # the entity's id
    label = "会員証番号"
    group = "member_id"
    shapes = ["M-?[0-9]{8}"]                # a whole cell; the dialect of built-in shapes
    search = "(?<![0-9A-Z])(?P<value>M-[0-9]{8})(?![0-9])"   # in running text
    headers = ["会員証番号", "会員証No"]
    weight = { mental = 1, economic = 1 }   # levels of the damage model
    yes = ["M-01234567"]
    no = ["M-0123"]
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from piiscan.model import Detector
from piiscan.policy import _fields as fields
from piiscan.policy import patterns
from piiscan.policy._files import KeyPath, RuleFile, TomlTable
from piiscan.policy.weights import Item

_KEYS = (
    "label", "label_en", "group", "shapes", "search", "headers", "cues", "needs_context", "weight", "yes", "no"
)  # fmt: skip
_GROUPS = (
    "name", "contact", "place", "date", "attribute", "identifier", "member_id", "secret", "sensitive", "organisation"
)  # fmt: skip
_ID = re.compile(r"[a-z][a-z0-9_]{1,39}")


@dataclass(frozen=True)
class OwnDetectors:
    """Detectors from rule files, and their levels in the damage model by entity."""

    detectors: tuple[Detector, ...]
    items: Mapping[str, Item]


def read(files: Iterable[RuleFile], builtin: Collection[str]) -> OwnDetectors:
    """All detectors of the files; one of a later file replaces one of the same id."""
    found: dict[str, Detector] = {}
    items: dict[str, Item] = {}
    for file in files:
        for name, value in file.data.items():
            if name in builtin:
                file.report((name,), "rule_id_taken", name)
            elif not _ID.fullmatch(name):
                file.report((name,), "rule_id", name)
            else:
                entries = fields.table(file, (name,), value)
                found[name] = _detector(file, name, entries)
                items[name] = _weight(file, name, entries)
    return OwnDetectors(tuple(found.values()), items)


def _detector(file: RuleFile, name: str, entries: TomlTable) -> Detector:
    path: KeyPath = (name,)
    fields.only_keys(file, path, entries, _KEYS)
    group = fields.string(file, path, entries, "group", "member_id")
    fields.one_of(file, (name, "group"), group, _GROUPS, "rule_unknown_group")
    label = fields.string(file, path, entries, "label")
    shapes = fields.strings(file, path, entries, "shapes")
    wrong = [p for i, shape in enumerate(shapes) if (p := _report(file, (name, "shapes", i), shape, False))]
    search = fields.string(file, path, entries, "search", "")
    if search:
        _report(file, (name, "search"), search, True)
    headers = fields.strings(file, path, entries, "headers")
    if not (shapes or search or headers):
        file.report(path, "rule_no_recogniser")
    yes, no = fields.strings(file, path, entries, "yes"), fields.strings(file, path, entries, "no")
    if shapes and not wrong:
        _examples(file, name, shapes, yes, no)
    return Detector(
        id=name,
        group=group,
        label=label,
        label_en=fields.string(file, path, entries, "label_en", label),
        shapes=shapes,
        search=search or None,
        needs_context=fields.flag(file, path, entries, "needs_context"),
        cues=fields.strings(file, path, entries, "cues"),
        headers=headers,
        yes=yes,
        no=no,
    )


def _report(file: RuleFile, path: KeyPath, pattern: str, free_text: bool) -> bool:
    """Whether the pattern is wrong; the mistake is noted."""
    found = patterns.problem(pattern, free_text)
    if found:
        file.report(path, *found)
    return found is not None


def _examples(file: RuleFile, name: str, shapes: tuple[str, ...], yes: tuple[str, ...], no: tuple[str, ...]) -> None:
    """Every ``yes`` must fit a shape and no ``no`` may: an example is a test that the author wrote."""
    compiled = [re.compile(shape) for shape in shapes]
    for key, examples, wanted in (("yes", yes, True), ("no", no, False)):
        for index, example in enumerate(examples):
            if any(shape.fullmatch(example) for shape in compiled) is not wanted:
                file.report((name, key, index), "rule_example")


def _weight(file: RuleFile, name: str, entries: TomlTable) -> Item:
    path: KeyPath = (name, "weight")
    weight = fields.table(file, path, entries.get("weight", {}))
    fields.only_keys(file, path, weight, ("mental", "economic"))
    mental = fields.whole(file, path, weight, "mental", 1, 1, 3)
    return Item(mental, fields.whole(file, path, weight, "economic", 1, 1, 3), "piiscan")
