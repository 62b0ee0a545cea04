"""Writes the edited copy of a spreadsheet package, visiting the places that reading visits."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import BinaryIO

from piiscan.errors import UnreadableError, UnsafeCopyError
from piiscan.formats._ooxml_package import CONTENT_TYPES, Package, Part
from piiscan.formats._ooxml_references import cleaned, left_alone, without_references
from piiscan.formats._ooxml_xml import DECLARATION, serialise
from piiscan.formats._xlsx_edit_cells import Amendments, Ask, SheetEdit, amend, edit_cells
from piiscan.formats._xlsx_edit_names import new_names
from piiscan.formats._xlsx_edit_parts import (
    DROPPED_ROOTS,
    Asker,
    edit_binary,
    edit_part,
    edit_tree,
    owner_of,
    without_overrides,
    without_relationships,
)
from piiscan.formats._xlsx_edit_strings import Claims, table
from piiscan.formats._xlsx_layout import PICTURE_ROOTS, Layout, OpenSheet, open_sheets, read_layout
from piiscan.formats._xlsx_names import Renames
from piiscan.formats._xlsx_places import formula_with
from piiscan.formats._xlsx_read import link_cells
from piiscan.formats._xlsx_sheet import opening_tag
from piiscan.formats._xlsx_tables import TableNames, read_tables
from piiscan.formats._zip_corners import corner_texts
from piiscan.model import Editor, Place, Skipped
from piiscan.zips.zip_copy import Packed, ZipCopy, pack, packed_around


@dataclass(repr=False)
class _Plan:
    """The copy so far: new content by part, and what is left out."""

    layout: Layout
    new: dict[str, bytes | Packed] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    sheets: list[tuple[OpenSheet, SheetEdit]] = field(default_factory=list)

    def close(self) -> None:
        """Forgets what was spooled."""
        for content in [*self.new.values(), *(edit.rows for _, edit in self.sheets)]:
            if isinstance(content, Packed):
                content.close()


def rewrite_package(package: Package, source: BinaryIO, out: BinaryIO, editor: Editor) -> None:
    """Writes the copy. Raises ``UnsafeCopyError`` for what cannot be cleaned, and what reading raises."""
    if package.zip.ambiguous:
        raise UnsafeCopyError("ambiguous_members")
    layout = read_layout(package)
    ask = Asker(editor)
    plan = _Plan(layout)
    try:
        _make(plan, editor, ask)
        corners = [ask(item.place, item.text) for item in corner_texts(package.zip)]
        if not plan.new and not plan.dropped and all(new is None for new in corners):
            source.seek(0)
            shutil.copyfileobj(source, out)
            return
        _leave_out(plan)
        _write(plan, out)
    finally:
        plan.close()


def _make(plan: _Plan, editor: Editor, ask: Asker) -> None:
    layout = plan.layout
    tables = list(read_tables(layout))
    claims = Claims(layout.book.strings)
    sheets = plan.sheets
    for sheet in open_sheets(layout):
        if isinstance(sheet, Skipped):
            if not sheet.partial:
                continue
            raise UnsafeCopyError("part_cannot_be_cleaned", part=sheet.location)
        ask_cell = _asker(sheet.location, editor, tables)
        sheets.append((sheet, edit_cells(sheet.file, layout.book, claims, ask_cell)))
    # Every cell is answered: from here on the editor knows which values must not survive anywhere else.
    renames, cells = new_names(layout, ask, tables)
    for part in layout.package.parts:
        if not layout.roots[part.key] or layout.roots[part.key] in PICTURE_ROOTS:
            _keep(plan, part, edit_binary(layout, part, ask, editor))
    plan.dropped |= left_alone(layout.package, layout.roots, plan.dropped)
    done = {sheet.file.part.key for sheet, _ in sheets}
    silenced = _silence(sheets, claims, ask)
    for sheet, edit in sheets:
        amended = Amendments(
            _formula_change(sheet, edit, ask, renames),
            {ref: text for (name, ref), text in cells.items() if name == sheet.location},
            frozenset(ref for name, ref in silenced if name == sheet.location),
        )
        _edit_sheet(plan, sheet, edit, amended, ask, renames)
    if (strings := layout.book.strings_part) is not None:
        done.add(strings.key)
        _edit_strings(plan, strings, claims, ask)
    named = {names.part.key: names for names in tables}
    links = link_cells(sheet for sheet, _ in sheets)
    for part in layout.package.parts:
        root = layout.roots[part.key]
        if root and root not in PICTURE_ROOTS and part.key not in done and part.key not in plan.dropped:
            before = named[part.key].put if part.key in named else None
            _keep(plan, part, edit_part(layout, part, ask, renames, before, links))
    if any(edit.formulas_dropped for _, edit in sheets):
        plan.dropped.update(p.key for p in layout.package.parts if layout.roots[p.key] == "calcChain")


def _keep(plan: _Plan, part: Part, content: bytes | str | None) -> None:
    if isinstance(content, bytes):
        plan.new[part.key] = content
    elif content is not None:
        plan.dropped.add(part.key)


# ---------------------------------------------------------------- cells


def _asker(location: str, editor: Editor, tables: list[TableNames]) -> Ask:
    """The editor's cells of one sheet, with the names of table columns kept distinct."""
    headers = {
        (names.corner[0], names.corner[1] + index): (names, index)
        for names in tables
        if names.headed and names.sheet == location
        for index in range(len(names.old))
    }
    if not headers:
        return lambda rows, column, texts: editor.cells(location, rows, column, texts)

    def ask(rows: Sequence[int], column: int, texts: Sequence[str]) -> Sequence[str | None]:
        answers = list(editor.cells(location, rows, column, texts))
        for place, (row, old, new) in enumerate(zip(rows, texts, answers, strict=True)):
            if new is not None and new != old and (row, column) in headers:
                names, index = headers[row, column]
                answers[place] = names.settle(index, new)
        return answers

    return ask


def _silence(sheets: list[tuple[OpenSheet, SheetEdit]], claims: Claims, ask: Asker) -> set[tuple[str, str]]:
    """Asks about the readings of cells whose text stays; gives the cells with inline text whose reading goes."""
    found = set()
    for sheet, edit in sheets:
        for ref, reading, index in edit.notes.readings:
            if ask(Place(f"{sheet.location}!{ref}", "furigana", hidden=True), reading) is None:
                continue
            if index < 0:
                found.add((sheet.location, ref))
            else:
                claims.silenced.add(index)
    return found


def _edit_strings(plan: _Plan, part: Part, claims: Claims, ask: Asker) -> None:
    """Asks about the strings that no cell uses, and writes the table again when anything changed."""
    strings = claims.strings
    for index, text in enumerate(strings.texts):
        if index in claims.slots:
            continue
        if text.strip() and (new := ask(Place(part.name, "orphan_string", hidden=True), text)) is not None:
            claims.slots[index] = new
        if index in strings.readings and ask(Place(part.name, "furigana", hidden=True), strings.readings[index]):
            claims.silenced.add(index)
    if claims.changed:
        plan.new[part.key] = pack(table(plan.layout.package, part, claims))


# ---------------------------------------------------------------- sheets


def _formula_change(sheet: OpenSheet, edit: SheetEdit, ask: Asker, renames: Renames) -> Callable[[str], str] | None:
    """How the formulas of a sheet change, None when they do not."""
    literals: dict[str, str] = {}
    for literal, ref in edit.notes.literals.items():
        new = ask(Place(f"{sheet.location}!{ref}", "other", hidden=True), literal)
        if new is not None:
            literals[literal] = new
    if not literals and not renames:
        return None
    return lambda formula: renames.apply(formula_with(formula, literals))


def _edit_sheet(
    plan: _Plan, sheet: OpenSheet, edit: SheetEdit, amendments: Amendments, ask: Asker, renames: Renames
) -> None:
    file, rows = sheet.file, edit.rows
    if (amendments.formula or amendments.cells or amendments.silent) and file.closing:
        old = (piece.decode() for piece in _whole_rows(rows)) if rows else (chunk for chunk, _ in file.rows())
        amended = amend(old, amendments)
        if amended is not None:
            if rows:
                rows.close()
            rows = edit.rows = amended
    root = sheet.root
    changed = edit_tree(root, file.part, "worksheet", sheet.location, ask, renames, lambda _: False)
    gone = {r.id for r in plan.layout.package.relationships(file.part.key) if r.part and r.part in plan.dropped}
    changed = (bool(gone) and without_references(root, gone)) or changed
    if rows is None and not changed:
        return
    frame = serialise(root) if changed else DECLARATION + file.frame.lstrip()
    around = _around(sheet, frame, rewritten=rows is not None)
    if rows is None or around is None:
        before, after = around or (frame, b"")
        plan.new[file.part.key] = pack(chain([before], file.content() if around else (), [after]))
        return
    before, after = around
    plan.new[file.part.key] = packed_around(before, rows, after)
    rows.close()
    edit.rows = None


def _whole_rows(rows: Packed) -> Iterator[bytes]:
    rest = b""
    for piece in rows.content():
        rest += piece
        at = rest.rfind(b"</row>") + 6
        if at > 5:
            yield rest[:at]
            rest = rest[at:]
    yield rest


def _around(sheet: OpenSheet, frame: bytes, *, rewritten: bool) -> tuple[bytes, bytes] | None:
    """What stands before the rows and behind them; None where there are none."""
    file = sheet.file
    tag = opening_tag(frame) if file.closing else None
    if tag is None:
        return None
    opening = file.opening
    if rewritten and file.closing != b"</sheetData>":
        # Rewritten rows have no prefix, so they need the default namespace.
        namespace = sheet.root.tag
        stated = str(namespace)[1:].partition("}")[0]
        opening = opening[:-1] + f' xmlns="{stated}">'.encode()
    return frame[: tag.start()] + opening, file.closing + frame[tag.end() :]


# ---------------------------------------------------------------- the archive


def _leave_out(plan: _Plan) -> None:
    """Drops what a changed copy must not carry: preview, signatures, change log; and all that points to it."""
    layout, package = plan.layout, plan.layout.package
    for part in package.parts:
        if (
            part.key in layout.thumbnails
            or layout.roots[part.key] in DROPPED_ROOTS
            or "digital-signature" in part.content_type
        ):
            plan.dropped.add(part.key)
    if not plan.dropped:
        return
    for key in list(plan.dropped):
        folder, _, name = key.rpartition("/")
        plan.dropped.add(f"{folder}/_rels/{name}.rels".lstrip("/"))
    gone = frozenset(plan.dropped)
    for part in package.parts:
        if part.key in gone:
            continue
        if layout.roots[part.key] == "Relationships":
            old = _content(plan, part)
            new, ids = without_relationships(old, part, gone)
            if ids:
                plan.new[part.key] = new
                _forget(plan, package.by_key.get(owner_of(part.key)), ids)
        elif part.key == CONTENT_TYPES:
            plan.new[part.key] = without_overrides(package.read(part), gone)


def _forget(plan: _Plan, owner: Part | None, ids: set[str]) -> None:
    """Takes what refers to the relationships that are gone out of the part that had them; sheets have been done."""
    if owner is None or owner.key in plan.dropped or owner.key in {s.file.part.key for s, _ in plan.sheets}:
        return
    try:
        root = cleaned(_content(plan, owner), ids)
    except UnreadableError:
        raise UnsafeCopyError("part_cannot_be_cleaned", part=owner.name) from None
    if root is not None:
        plan.new[owner.key] = serialise(root)


def _content(plan: _Plan, part: Part) -> bytes:
    content = plan.new.get(part.key)
    if isinstance(content, bytes):
        return content
    return plan.layout.package.read(part)


def _write(plan: _Plan, out: BinaryIO) -> None:
    copy = ZipCopy(out)
    archive = plan.layout.package.zip
    for member in archive.members:
        if member.is_folder or member.key not in plan.dropped:
            content = None if member.is_folder else plan.new.get(member.key)
            if content is None:
                copy.copy(archive, member)
            else:
                copy.write(member, content)
    copy.finish()
