"""Writes the edited copy of a package of XML parts, visiting the places that reading visits."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO

from piiscan.errors import UnreadableError, UnsafeCopyError
from piiscan.formats._document_package import Document, is_file, parsed, part_items, things
from piiscan.formats._document_pieces import Grid, Passage
from piiscan.formats._ooxml_package import CONTENT_TYPES, Part
from piiscan.formats._ooxml_references import cleaned, left_alone
from piiscan.formats._ooxml_xml import parse, serialise
from piiscan.formats._picture import without_words
from piiscan.formats._xlsx_edit_parts import owner_of, without_overrides, without_relationships
from piiscan.formats._zip_corners import corner_texts
from piiscan.model import Editor, Member, Place, Skipped, Text
from piiscan.zips.zip_copy import ZipCopy


@dataclass(repr=False)
class Copy:
    """A copy being made: new content by part key, the parts that are left out, the answers so far."""

    document: Document
    editor: Editor
    new: dict[str, bytes] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    answers: dict[tuple[Place, str], str | None] = field(default_factory=dict)

    def ask(self, passage: Passage) -> str | None:
        """The new text of a passage, None to leave it; the same text at the same place is asked about once."""
        key = (passage.place, passage.text)
        if passage.repeats and key in self.answers:
            return self.answers[key]
        new = self.editor.text(passage.place, passage.text, passage.first_line)
        self.answers[key] = None if new == passage.text else new
        return self.answers[key]


def rewrite_document(
    document: Document, source: BinaryIO, out: BinaryIO, editor: Editor, leave_out: Callable[[Copy], None]
) -> None:
    """Writes the copy; ``leave_out`` removes what points to the dropped parts.

    Raises ``UnsafeCopyError`` for what cannot be cleaned, and what reading raises.
    """
    if document.package.zip.ambiguous:
        raise UnsafeCopyError("ambiguous_members")
    if any(member.info.header_offset < 0 for member in document.package.zip.members):
        raise UnsafeCopyError("zip_damaged")
    copy = Copy(document, editor)
    for part in document.parts:
        try:
            _edit(copy, part)
        except UnreadableError as error:
            if error.reason == "dtd":
                raise
            raise UnsafeCopyError("part_cannot_be_cleaned", part=part.name) from None
    corners = [editor.text(item.place, item.text, 1) for item in corner_texts(document.package.zip)]
    if not copy.new and not copy.dropped and all(new is None for new in corners):
        source.seek(0)
        shutil.copyfileobj(source, out)
        return
    copy.dropped.update(document.dropped)
    leave_out(copy)
    target = ZipCopy(out)
    archive = document.package.zip
    for member in archive.members:
        if not member.is_folder and member.key in copy.dropped:
            continue
        content = None if member.is_folder else copy.new.get(member.key)
        if content is None:
            target.copy(archive, member)
        else:
            target.write(member, content)
    target.finish()


def _edit(copy: Copy, part: Part) -> None:
    document = copy.document
    if part.key in document.dropped:
        # What it says must still be asked about: whoever collects values sees all that reading saw.
        _ask_about(copy, part)
        if copy.editor.unread(part.name) == "drop":
            copy.dropped.add(part.key)
        return
    root_name = document.roots[part.key]
    fate = "stop" if root_name and not is_file(document, part) else copy.editor.unread(part.name)
    if fate != "stop":
        if fate == "drop":
            copy.dropped.add(part.key)
        return
    if is_file(document, part):
        stream, _ = document.package.zip.open(part.member)
        with stream:
            new = copy.editor.member(part.name, stream)
        if new is not None:
            copy.new[part.key] = new
    elif root_name in document.raw_roots or not root_name:
        if _ask_about(copy, part):
            plain = None if root_name else without_words(document.package.read(part))
            if plain is None:
                raise UnsafeCopyError("part_cannot_be_cleaned", part=part.name)
            copy.new[part.key] = plain
    else:
        _edit_xml(copy, part)


def _ask_about(copy: Copy, part: Part) -> bool:
    """Asks about the texts of a part that is not edited; whether any would have to change."""
    touched = False
    for item in part_items(copy.document, part):
        if isinstance(item, Text):
            passage = Passage(item.place, item.text, lambda _: None, item.first_line)
            touched = copy.ask(passage) is not None or touched
        elif isinstance(item, Member):
            item.stream.close()
        elif isinstance(item, Skipped) and item.partial:
            touched = False  # read in part: whether it is carried over is decided by whoever wants the copy
    if touched and part.key in copy.document.dropped:
        copy.dropped.add(part.key)
    return touched


def _edit_xml(copy: Copy, part: Part) -> None:
    document = copy.document
    sound = True
    try:
        root = parse(document.package.read(part))
    except UnreadableError as error:
        if error.reason == "dtd" or document.roots[part.key] != "xml":
            raise
        root, sound = parsed(document, part), False
    changes: list[tuple[Callable[[str], None], str]] = []
    commits: list[Callable[[], None]] = []
    for thing in things(document, part, root):
        if isinstance(thing, Grid):
            for cell in thing.cells:
                new = copy.editor.cell(thing.location, cell.row, cell.column, cell.text) if cell.text else None
                if new is not None and new != cell.text:
                    changes.append((cell.put, new))
            if thing.commit is not None:
                commits.append(thing.commit)
        elif (new := copy.ask(thing)) is not None:
            changes.append((thing.put, new))
    if not changes:
        return
    if not sound:
        raise UnsafeCopyError("part_cannot_be_cleaned", part=part.name)
    # Backwards, because a cell that becomes words takes its formula with it, whatever was put into that before.
    for put, new in reversed(changes):
        put(new)
    for commit in commits:
        commit()
    copy.new[part.key] = serialise(root)


def _forget(copy: Copy, owner: Part | None, ids: set[str]) -> None:
    """Takes what refers to the relationships that are gone out of the part that had them."""
    if owner is None or owner.key in copy.dropped:
        return
    try:
        root = cleaned(copy.new.get(owner.key) or copy.document.package.read(owner), ids)
    except UnreadableError:
        raise UnsafeCopyError("part_cannot_be_cleaned", part=owner.name) from None
    if root is not None:
        copy.new[owner.key] = serialise(root)


def leave_out_of_package(copy: Copy) -> None:
    """Removes the relationships and content types of dropped parts of an Office Open XML package."""
    package = copy.document.package
    copy.dropped |= left_alone(package, copy.document.roots, copy.dropped)
    for key in list(copy.dropped):
        folder, _, name = key.rpartition("/")
        copy.dropped.add(f"{folder}/_rels/{name}.rels".lstrip("/"))
    gone = frozenset(copy.dropped)
    if not gone & set(package.by_key):
        return
    for part in package.parts:
        if part.key in gone:
            continue
        if copy.document.roots[part.key] == "Relationships":
            new, ids = without_relationships(copy.new.get(part.key) or package.read(part), part, gone)
            if ids:
                copy.new[part.key] = new
                _forget(copy, package.by_key.get(owner_of(part.key)), ids)
        elif part.key == CONTENT_TYPES:
            copy.new[part.key] = without_overrides(package.read(part), gone)
