"""Walks a part by the map and gives every text in it with the way to replace it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from piiscan.errors import UnreadableError
from piiscan.formats import _xlsx_map as map_
from piiscan.formats._ooxml_xml import XML_SPACE, clean, escape_xstring, local, spread, unescape_xstring
from piiscan.formats._xlsx_numbers import plain_number
from piiscan.model import Place

if TYPE_CHECKING:
    from lxml import etree

_MAIN = "spreadsheetml"
_CODES = re.compile(r'(&(?:"[^"]*"|K(?:[0-9A-Fa-f]{6}|[0-9]{2}[+-][0-9]{3})|[0-9]{1,3}|[A-Za-z]))')
_PIECES = re.compile(
    r"""((?<!")"(?:[^"]|"")*+")|((?<!')'(?:[^'\[]|'')*+\[(?:[^']|'')*+'!)|((?<![\w$.])[0-9]{7,}(?![\w.(!]))"""
)
_NUMBER = re.compile(r"-?[0-9.]+(?:[Ee][+-]?[0-9]+)?\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?: [0-9]{2}:[0-9]{2}:[0-9]{2})?\Z")
_MIDNIGHT = re.compile(r"T00:00:00(?:\.0+)?Z?\Z")
_FORMAT_PIECES = re.compile(r'("[^"]*")')
#: Values that nobody wrote: switches, small numbers, identifiers, schema addresses, relationship ids.
_VOCABULARY = re.compile(
    r"(?:.?|true|false|[-+0-9.,;:eE%]{1,8}|\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?|rId[0-9]+"
    r"|(?:https?|urn)://?(?:schemas\.|purl\.|www\.w3\.org/)[^\s]*|urn:schemas[^\s]*|[A-Za-z]?#?[0-9A-Fa-f]{6,8}"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z?)\Z",
    re.IGNORECASE,
)
#: What makes a value worth a look even where the map does not expect text.
_SUSPECT = re.compile(r"[^\x00-\x7f]|[^\s@]@[^\s@]|(?<![0-9.])0[0-9()\- ]{8,}[0-9]")
_FONT_NAMES = frozenset({"rFont", "name", "font", "latin", "ea", "cs", "sym", "buFont"})
_FONT_ATTRIBUTES = frozenset({"typeface", "script", "panose", "gfxdata"})
#: Attributes of drawings that are full of punctuation and never words, unless they hold what looks like data.
_LAYOUT_ATTRIBUTES = frozenset({"style", "id", "spid", "type", "path", "coordsize", "href", "algorithm"})


@dataclass(frozen=True, repr=False)
class Slot:
    """One text of a part, and how to put another in its place."""

    place: Place
    text: str
    put: Callable[[str], None]


@dataclass(frozen=True, repr=False)
class Field:
    """One string of a part as it is stored. ``how`` is a way of :mod:`._xlsx_map`; ``attribute`` "" for a text."""

    element: etree._Element
    how: str
    where: str
    hidden: bool
    get: Callable[[], str]
    put: Callable[[str], None]
    attribute: str = ""


def fields(root: etree._Element, kind: map_.Kind) -> Iterator[Field]:
    """Every string of a part that could hold a text, XML comments included."""
    if kind.skip:
        yield from _comments(root)
        return
    taken: set[etree._Element] = set()
    if kind.only:
        from lxml import etree as xml

        elements = root.iter(xml.Comment, xml.PI, *(f"{{*}}{name}" for name in (*kind.texts, *kind.attributes)))
    else:
        elements = root.iter()
    for element in elements:
        name = local(element)
        if not name:
            yield _comment(element)
            continue
        where, hidden = _where(element, kind, name)
        if name in kind.joined:
            yield from _joined(element, kind.joined[name], where, hidden, taken)
        if name in kind.texts:
            yield _text_field(element, kind.texts[name], where, hidden)
        elif element not in taken:
            yield from _other_texts(element, kind, name, where, hidden)
        # An attribute in a part of which everything is read is a note beside what is shown, such as a picture's alt text.
        yield from _attribute_fields(element, kind, name, where, hidden or kind.everything)


def _where(element: etree._Element, kind: map_.Kind, name: str) -> tuple[str, bool]:
    found = kind.wheres.get(name)
    parent = element.getparent() if found is None and name == "f" else None
    # An extension wraps its formulas once more: x14:formula1/xm:f.
    found = kind.wheres.get(local(parent)) if parent is not None else found
    return found or (kind.where, kind.hidden)


def _comments(root: etree._Element) -> Iterator[Field]:
    from lxml import etree as xml

    for element in root.iter(xml.Comment, xml.PI):
        yield _comment(element)


def _comment(element: etree._Element) -> Field:
    def put(text: str) -> None:
        element.text = clean(text).replace("--", "- ").replace("?>", "? ").rstrip("-")

    return Field(element, map_.TEXT, "other", True, lambda: element.text or "", put)


def _is_main(element: etree._Element) -> bool:
    return _MAIN in str(element.tag)


def _set_text(element: etree._Element, text: str) -> None:
    if local(element) == "v" and not _NUMBER.match(text) and _inside(element, ("numCache", "numLit")):
        text = map_.NEUTRAL["n"]
    element.text = escape_xstring(text) if _is_main(element) else clean(text)
    if text != text.strip() and _is_main(element) and local(element) == "t":
        element.set(XML_SPACE, "preserve")


def _get_text(element: etree._Element) -> str:
    text = element.text or ""
    return unescape_xstring(text) if _is_main(element) else text


def _text_field(element: etree._Element, how: str, where: str, hidden: bool) -> Field:
    return Field(element, how, where, hidden, lambda: _get_text(element), lambda text: _set_text(element, text))


def _joined(
    element: etree._Element, child: str, where: str, hidden: bool, taken: set[etree._Element]
) -> Iterator[Field]:
    inner = [e for e in element.iter(f"{{*}}{child}") if e not in taken and not _inside(e, ("rPh",))]
    phonetic = [e for e in element.iter(f"{{*}}{child}") if _inside(e, ("rPh",))]
    taken.update(inner)
    taken.update(phonetic)

    def put_all(elements: Sequence[etree._Element], text: str) -> None:
        for e, piece in zip(elements, spread([_get_text(e) for e in elements], text), strict=True):
            _set_text(e, piece)

    for elements, at, secret in ((inner, where, hidden), (phonetic, "furigana", True)):
        if elements:
            yield Field(
                element,
                map_.TEXT,
                at,
                secret,
                lambda elements=elements: "".join(_get_text(e) for e in elements),  # type: ignore[misc]
                lambda text, elements=elements: put_all(elements, text),  # type: ignore[misc]
            )


def _inside(element: etree._Element, names: tuple[str, ...]) -> bool:
    return any(local(parent) in names for parent in element.iterancestors())


def _other_texts(element: etree._Element, kind: map_.Kind, name: str, where: str, hidden: bool) -> Iterator[Field]:
    """Text and tail where the map expects none: all of it in unknown parts, else what looks like data."""
    for attribute in ("text", "tail") if name not in kind.ignored else ():
        value = getattr(element, attribute) or ""
        if not value.strip():
            continue
        if _words(value.strip()) if kind.everything else _SUSPECT.search(value):
            yield Field(
                element,
                map_.TEXT,
                where,
                hidden,
                lambda a=attribute: getattr(element, a) or "",  # type: ignore[misc]
                lambda text, a=attribute: setattr(element, a, clean(text)),  # type: ignore[misc]
            )


def _words(value: str) -> bool:
    return not _VOCABULARY.match(value)


def _attribute_fields(element: etree._Element, kind: map_.Kind, name: str, where: str, hidden: bool) -> Iterator[Field]:
    listed = kind.attributes.get(name, "").split()
    ways = {n.lstrip("=!"): map_.FORMULA if n[0] == "=" else map_.SHEET if n[0] == "!" else map_.TEXT for n in listed}
    for key, stored in element.attrib.items():
        attribute, value = str(key), str(stored)
        plain = attribute[attribute.rfind("}") + 1 :]
        how = ways.get(plain)
        if how is None:
            expected = (kind.everything and plain.lower() not in _LAYOUT_ATTRIBUTES) or _SUSPECT.search(value)
            if not expected or plain in _FONT_ATTRIBUTES or name in _FONT_NAMES or not _words(value):
                continue
            how = map_.TEXT
        if how == map_.TEXT and value.startswith("_xlnm."):
            continue  # Excel's own names: Print_Area, Print_Titles
        if plain == "formatCode":
            how = map_.FORMAT

        yield _attribute_field(element, attribute, how, where, hidden)


def _attribute_field(element: etree._Element, attribute: str, how: str, where: str, hidden: bool) -> Field:
    typed = map_.NEUTRAL.get(local(element) if attribute == "v" else attribute) if _is_main(element) else None

    def get() -> str:
        value = element.get(attribute) or ""
        if typed is not None:
            # As cells read: no exponent, no midnight.
            return _MIDNIGHT.sub("", value) if "T" in typed else plain_number(value)
        return unescape_xstring(value) if _is_main(element) else value

    def put(text: str) -> None:
        if typed is not None:
            text = _typed(text, typed)
        try:
            element.set(attribute, escape_xstring(text) if _is_main(element) else clean(text))
        except ValueError:  # an attribute called "xmlns:", which only a lenient parser takes
            raise UnreadableError("damaged") from None

    return Field(element, how, where, hidden, get, put, attribute)


def _typed(text: str, neutral: str) -> str:
    """``text`` as a number or date that the schema accepts, else ``neutral``."""
    if "T" not in neutral:
        return text if _NUMBER.match(text) else neutral
    day, _, clock = text.partition(" ")
    return f"{day}T{clock or '00:00:00'}" if _DATE.match(text) else neutral


# ---------------------------------------------------------------- from a stored string to its texts


def slots(field: Field, location: str) -> Iterator[Slot]:
    """The texts inside a stored string: all of it, or its literals and literal pieces."""
    stored = field.get()
    if not stored.strip():
        return
    place = Place(location, field.where, field.hidden)
    if field.how in (map_.TEXT, map_.SHEET):
        yield Slot(place, stored, field.put)
        return
    pieces = _split(stored, field.how)
    for index, (prefix, text, suffix) in enumerate(pieces):
        if text.strip():
            yield Slot(place, text, _piece_putter(field, pieces, index, prefix, suffix))


def _piece_putter(
    field: Field, pieces: list[tuple[str, str, str]], index: int, prefix: str, suffix: str
) -> Callable[[str], None]:
    def put(text: str) -> None:
        if field.how == map_.FORMULA and not prefix:
            pieces[index] = ('"', text, '"')  # a number became words
        else:
            pieces[index] = (prefix, text, suffix)
        field.put("".join(p + _quoted(t, p, field.how) + s for p, t, s in pieces))

    return put


def _quoted(text: str, prefix: str, how: str) -> str:
    if how == map_.HEADER:
        return text.replace("&", "&&")
    if prefix == '"':
        return text.replace('"', '""') if how == map_.FORMULA else text.replace('"', "")
    return text.replace("'", "''") if prefix == "'" else text


def _split(stored: str, how: str) -> list[tuple[str, str, str]]:
    """Pieces of (opening, text, closing); what is not text stands in the opening."""
    if how == map_.HEADER:
        parts = _CODES.split(stored.replace("&&", "\0"))
        return [
            (p.replace("\0", "&&"), "", "") if i % 2 else ("", p.replace("\0", "&"), "") for i, p in enumerate(parts)
        ]
    pattern = _FORMAT_PIECES if how == map_.FORMAT else _PIECES
    pieces: list[tuple[str, str, str]] = []
    at = 0
    for match in pattern.finditer(stored):
        pieces.append((stored[at : match.start()], "", ""))
        at = match.end()
        token = match.group()
        if token[0] == '"':
            pieces.append(('"', token[1:-1].replace('""', '"'), '"'))
        elif token[0] == "'":
            pieces.append(("'", token[1:-2].replace("''", "'"), "'!"))
        else:
            pieces.append(("", token, ""))
    pieces.append((stored[at:], "", ""))
    return pieces


def formula_with(formula: str, literals: Mapping[str, str]) -> str:
    """A formula in which the texts in quotation marks are replaced."""
    pieces = [(p, literals.get(t, t) if p == '"' else t, s) for p, t, s in _split(formula, map_.FORMULA)]
    return "".join(p + _quoted(t, p, map_.FORMULA) + s for p, t, s in pieces)
