"""What becomes of the things in a file that piiscan cannot clean, when a copy is wanted all the same.

Macros, embedded objects, pictures, files inside that are encrypted or of a format that is not written: ``stop`` refuses
the copy, ``drop`` leaves them out, ``keep`` leaves them in. Whatever is left out or in is said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from piiscan.errors import UnsafeCopyError
from piiscan.model import FileReport, Format, Skipped, Status
from piiscan.shaped import later

STOP, DROP, KEEP = "stop", "drop", "keep"
#: Reasons of things with a place of their own, which a copy can do without.
REASONS = frozenset(
    {
        "macros",
        "embedded_object",
        "unknown_part",
        "encrypted_member",
        "damaged_attachment",
        "special_member",
        "zip_method",
        "image",
    }
)
#: Formats that can leave something out.
CARRIERS = frozenset({"xlsx", "docx", "pptx", "ods", "odt", "zip", "tar", "eml"})
#: Parts of packages that no document needs and no program reads: a copy does without them, whatever was asked.
LITTER = later(r"(?:.*/)?(?:\.DS_Store|Thumbs\.db|desktop\.ini)|\[trash\]/.*", re.IGNORECASE)
#: What a changed copy never carries → what is said about that.
GONE = {"signature": "signature_left_out", "thumbnail": "preview_left_out"}

#: Formats that are only read → the way to a copy.
WAYS_OUT = {
    "xls": "copy_wants_convert",
    "xlsb": "copy_wants_convert",
    "doc": "copy_wants_convert",
    "msg": "copy_wants_eml",
    "pdf": "copy_wants_source",
}

Fates = Mapping[tuple[str | None, str], str]


@dataclass(frozen=True)
class Unread:
    """What was decided. ``fates``: (the file it is in, None for the outermost; its place) → ``drop`` or ``keep``."""

    policy: str = STOP
    fates: Fates = field(default_factory=dict)

    def fate(self, member: str | None, location: str) -> str:
        """``drop``, ``keep``, or ``stop`` for all that nothing was decided about."""
        return self.fates.get((member, location), STOP)

    def decided(self, place: str) -> bool:
        """Whether a place, in words, is or is in something that was decided about."""
        return any(place == one or place.startswith(f"{one}/") for one in (way(*key) for key in self.fates))

    def kept(self, place: str) -> bool:
        """Whether a place, in words, is in something that stays as it was."""
        kept = (way(*key) for key, fate in self.fates.items() if fate == KEEP)
        return any(place == one or place.startswith((f"{one}/", f"{one}:")) for one in kept)


def way(member: str | None, location: str) -> str:
    """A place in a file inside, as one text."""
    return f"{member}/{location}" if member else location


def decide(
    reports: Sequence[FileReport], formats: Mapping[str, Format], policy: str, refusal: str = "copy_not_read_whole"
) -> Unread:
    """What becomes of everything that was not read in a source and the files in it, whose reports these are.

    Raises ``UnsafeCopyError`` with the reason ``refusal`` when a copy cannot be made that way.
    """
    fates: dict[tuple[str | None, str], str] = {}
    known = {report.member: report for report in reports}
    gone: set[str] = set()
    for report in reports:
        if report.member is not None and any(report.member == w or report.member.startswith(f"{w}/") for w in gone):
            continue
        parts = [s for s in report.skipped if _is_part(s)]
        if policy == STOP and _is_litter(report):
            fates.update(((report.member, s.location), DROP) for s in parts if s.partial)
            continue
        if not _is_stuck(report, formats, policy):
            if policy != STOP:
                fates.update(((report.member, s.location), policy) for s in parts)
            continue
        found = _carrier(report, known, policy) if policy != STOP else None
        if found is None:
            raise UnsafeCopyError(refusal, place=report.member or "", why=report.status_reason or "")
        fates[found] = policy
        gone.add(way(*found))
    return Unread(policy, fates)


def _is_part(one: Skipped) -> bool:
    return one.reason in REASONS and bool(one.location) and (one.partial or one.reason == "image")


def _is_litter(report: FileReport) -> bool:
    """Whether all that was not read in a file was left in it by a file manager, or thrown away by Office itself."""
    wanted = [s for s in report.skipped if s.partial]
    return (
        report.status is Status.PARTIAL
        and report.format in CARRIERS
        and all(_is_part(s) and LITTER.fullmatch(s.location) for s in wanted)
    )


def _is_stuck(report: FileReport, formats: Mapping[str, Format], policy: str) -> bool:
    """Whether a file as a whole cannot be cleaned by doing without some of its parts."""
    if policy == STOP:
        return report.status is not Status.SCANNED
    format_ = formats.get(report.format or "")
    if report.member is not None and format_ is not None and format_.rewrite is None and _holds_anything(report):
        return True
    if report.status is Status.SCANNED:
        return False
    wanted = [s for s in report.skipped if s.partial]
    placed = bool(wanted) and all(map(_is_part, wanted))
    return report.status is not Status.PARTIAL or not placed or (policy == DROP and report.format not in CARRIERS)


def _holds_anything(report: FileReport) -> bool:
    return bool(report.findings) or any(c.entity and c.values for t in report.tables for c in t.columns)


def _carrier(report: FileReport, known: Mapping[str | None, FileReport], policy: str) -> tuple[str | None, str] | None:
    """Where a whole file stands in the nearest one around it that can do without; None when there is none."""
    while report.member is not None:
        place = report.member
        outer = max((m for m in known if m is not None and place.startswith(f"{m}/")), key=len, default=None)
        around = known[outer]
        if policy == KEEP or around.format in CARRIERS:
            return outer, place[len(outer) + 1 :] if outer else place
        report = around
    return None


def check_gone(reports: Sequence[FileReport]) -> None:
    """Raises ``UnsafeCopyError`` when a copy from which such things were left out still holds one."""
    for report in reports:
        for one in report.skipped:
            if _is_part(one):
                raise UnsafeCopyError("copy_part_left", place=way(report.member, one.location), why=one.reason)


def notes(reports: Sequence[FileReport], unread: Unread, copy: Sequence[FileReport]) -> tuple[Skipped, ...]:
    """What is to be said: what was left out, what was kept unread, and the pictures that nobody looked into."""
    said = {DROP: "unread_left_out", KEEP: "unread_kept"}
    found = [Skipped(way(*key), said[fate], partial=fate == KEEP) for key, fate in unread.fates.items()]
    there = {(s.location, s.reason) for r in copy for s in r.skipped}
    for report in reports:
        for s in report.skipped:
            place = way(report.member, s.location) if s.location else report.member or ""
            if s.reason in GONE and (s.location, s.reason) not in there:
                found.append(Skipped(place, GONE[s.reason], partial=False))
            elif s.reason == "image" and (unread.policy == STOP or not s.location) and not unread.decided(place):
                found.append(Skipped(place, "picture_kept", partial=False))
    return tuple(dict.fromkeys(found))
