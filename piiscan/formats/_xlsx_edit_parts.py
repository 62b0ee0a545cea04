"""New texts for everything that is not a cell: parts parsed, changed by the map, and written again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from piiscan.errors import UnreadableError, UnsafeCopyError
from piiscan.formats import _ooxml_binary as binary
from piiscan.formats._ooxml_package import Part, relationship, resolve
from piiscan.formats._ooxml_xml import local, parse, serialise
from piiscan.formats._picture import without_words
from piiscan.formats._xlsx_layout import PICTURE_ROOTS, Layout, head_of
from piiscan.formats._xlsx_map import DISTINCT, FORMULA, REFERRED, SHEET, kind_of
from piiscan.formats._xlsx_names import Renames, distinct
from piiscan.formats._xlsx_places import Field, fields
from piiscan.formats._xlsx_read import part_slots, picture_text, relationship_slots
from piiscan.model import Editor, Place

if TYPE_CHECKING:
    from lxml import etree

#: Parts that are dropped from every changed copy: the pages of a change log, and what a signature signed.
DROPPED_ROOTS = frozenset({"revisions", "headers", "users", "Signature"})


class Asker:
    """Asks about each text of a place once."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self._answers: dict[tuple[Place, str], str | None] = {}

    def __call__(self, place: Place, text: str) -> str | None:
        """The new text, None to leave it."""
        key = (place, text)
        if key not in self._answers:
            new = self._editor.text(place, text, 1)
            self._answers[key] = None if new == text else new
        return self._answers[key]


def edit_tree(
    root: etree._Element,
    part: Part,
    root_name: str,
    sheet: str | None,
    ask: Asker,
    renames: Renames,
    leave: Callable[[Field], bool],
) -> bool:
    """Changes the texts of a parsed part; whether any changed. ``leave`` marks what is decided elsewhere."""
    changed = False
    found = part_slots(root, part, root_name, sheet)
    for slot in [slot for field_, slot in found if field_.how != SHEET and not is_name(field_) and not leave(field_)]:
        new = ask(slot.place, slot.text)
        if new is not None:
            slot.put(new)
            changed = True
    if changed:
        _make_distinct(root, root_name)
        if any(_clash(root, *names) for names in REFERRED.get(root_name, ())):
            raise UnsafeCopyError("part_cannot_be_cleaned", part=part.name)
    for field_ in list(fields(root, kind_of(root_name))) if renames else ():
        old = field_.get()
        renamed = _renamed(field_, old, root_name, renames)
        if renamed != old:
            field_.put(renamed)
            changed = True
    return changed


def is_name(field_: Field) -> bool:
    """Whether a string is the name of a defined name or a table, which changes everywhere or nowhere."""
    return field_.attribute in ("name", "displayName") and local(field_.element) in ("definedName", "table")


def _make_distinct(root: etree._Element, root_name: str) -> None:
    for name, attribute in DISTINCT.get(root_name, ()):
        groups: dict[etree._Element | None, list[etree._Element]] = {}
        for element in root.iter(f"{{*}}{name}"):
            if element.get(attribute) is not None:
                groups.setdefault(element.getparent(), []).append(element)
        for elements in groups.values():
            values = [element.get(attribute) or "" for element in elements]
            for element, value in zip(elements, distinct(values), strict=True):
                element.set(attribute, value)


def _clash(root: etree._Element, name: str, attribute: str) -> bool:
    """Whether two elements have the same value of an attribute by which others refer to them."""
    values = [v for e in root.iter(f"{{*}}{name}") if (v := e.get(attribute)) is not None]
    return len({v.casefold() for v in values}) < len(values)


def _renamed(field_: Field, old: str, root_name: str, renames: Renames) -> str:
    if is_name(field_):
        return renames.names.get(old.casefold(), old)
    if field_.how == SHEET or (root_name == "Properties" and old.casefold() in renames.sheets):
        return renames.sheets.get(old.casefold(), old)
    if field_.how == FORMULA or root_name in ("Properties", "xml"):
        return renames.apply(old)
    return old


def edit_part(
    layout: Layout,
    part: Part,
    ask: Asker,
    renames: Renames,
    before: Callable[[etree._Element], bool] | None,
    links: Mapping[tuple[str, str], str],
) -> bytes | None:
    """The new content of an XML part that is no sheet, None when it stays as it is.

    ``before`` changes names that were settled elsewhere and tells whether it did.
    """
    root_name = layout.roots[part.key]
    data = layout.package.read(part)
    sound = True
    try:
        root = parse(data)
    except UnreadableError as error:
        if error.reason == "dtd" or root_name != "xml":
            raise
        # Ill-formed drawings occur; their texts can be seen but not safely written again.
        root, sound = parse(data, recover=True), False
    if root_name == "Relationships":
        changed = _edit_relationships(root, part, ask, renames, links)
    else:
        named = before is not None and before(root)
        leave = _is_column_name if before is not None else _nothing
        changed = edit_tree(root, part, root_name, layout.owners.get(part.key), ask, renames, leave) or named
    if changed and not sound:
        raise UnsafeCopyError("part_cannot_be_cleaned", part=part.name)
    return serialise(root) if changed else None


def _is_column_name(field_: Field) -> bool:
    return field_.attribute == "name" and local(field_.element) == "tableColumn"


def _nothing(_: Field) -> bool:
    return False


def _edit_relationships(
    root: etree._Element, part: Part, ask: Asker, renames: Renames, links: Mapping[tuple[str, str], str]
) -> bool:
    changed = False
    for slot in relationship_slots(root, part, links):
        new = ask(slot.place, slot.text)
        if new is None and slot.text.startswith("#") and (renamed := "#" + renames.apply(slot.text[1:])) != slot.text:
            new = renamed
        if new is not None:
            slot.put(new)
            changed = True
    return changed


def edit_binary(layout: Layout, part: Part, ask: Asker, editor: Editor) -> bytes | str | None:
    """New content of a part that is not XML, None to keep it, ``"drop"`` to leave it out.

    Raises ``UnsafeCopyError`` when its words would have to change and cannot.
    """
    if layout.roots[part.key] in PICTURE_ROOTS:
        text = picture_text(layout.package.read(part))
        if text and ask(Place(part.name, "drawing", hidden=True), text) is not None:
            raise UnsafeCopyError("part_cannot_be_cleaned", part=part.name)
        return None
    found = binary.classify(part, head_of(layout.package, part), thumbnail=part.key in layout.thumbnails)
    if found is None:
        return None
    fate = editor.unread(part.name)
    if fate != "stop":
        return "drop" if fate == "drop" else None
    if found.file:
        stream, _ = layout.package.zip.open(part.member)
        with stream:
            return editor.member(part.name, stream)
    if found.partial:
        return None
    data = layout.package.read(part)
    place = Place(part.name, binary.where(data, found.reason), hidden=True)
    answers = [ask(place, text) for text in binary.words(data, found.reason)]
    new = next((answer for answer in answers if answer is not None), None)
    if new is None:
        return None
    if found.reason == "custom_property":
        return (new + "\0").encode("utf-16-le", "replace")
    if found.reason in ("printer_settings", "thumbnail"):
        return "drop"
    plain = without_words(data) if found.reason == "image" else None
    if plain is None:
        raise UnsafeCopyError("part_cannot_be_cleaned", part=part.name)
    return plain


def owner_of(key: str) -> str:
    """The key of the part whose relationships the part ``key`` holds, "" for the package."""
    return key.replace("_rels/", "").removesuffix(".rels")


def without_relationships(data: bytes, part: Part, dropped: frozenset[str]) -> tuple[bytes, set[str]]:
    """A relationships part without those that lead to dropped parts, and the ids that went."""
    owner = owner_of(part.key)
    root = parse(data)
    gone: set[str] = set()
    for element in list(root.iter("{*}Relationship")):
        relation = relationship(owner, dict(element.attrib))
        parent = element.getparent()
        if relation.part and relation.part in dropped and parent is not None:
            parent.remove(element)
            gone.add(relation.id)
    return (serialise(root) if gone else data), gone


def without_overrides(data: bytes, dropped: frozenset[str]) -> bytes:
    """The content types without the dropped parts."""
    root = parse(data)
    for element in list(root):
        if local(element) == "Override" and resolve("", element.get("PartName") or "") in dropped:
            root.remove(element)
    return serialise(root)
