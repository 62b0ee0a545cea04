"""What stands beside the main stream of an Office compound file: properties, macros, objects, leftovers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from piiscan.errors import UnreadableError
from piiscan.formats import _biff_places as biff
from piiscan.formats._biff_strings import Pages
from piiscan.formats._binary_strings import strings
from piiscan.formats._compound import Compound, Path, memory_stream, native_file, property_texts
from piiscan.formats._macros import macro_texts
from piiscan.formats._mail_names import clean_name, unique
from piiscan.formats._ole_slack import unused_strings
from piiscan.model import Item, Member, Place, Skipped, Text

_PROPERTIES = ("\x05summaryinformation", "\x05documentsummaryinformation")
_MACROS = ("_vba_project_cur", "_vba_project", "macros", "vba")
#: Streams that describe an object, without any text of its own.
_BOOKKEEPING = frozenset({
    "\x01compobj", "\x01ole", "\x02olepres000", "\x03objinfo", "\x03linkinfo", "\x03epring", "\x03meta", "\x03pic",
    "dir", "vbaproject", "\x03ocxname", "\x06dataspaces", "current user",
})  # fmt: skip
_RECORDS = {"user names": "revision", "revision log": "revision", "ctls": "drawing"}
#: Files as the programs that embed them store them, by the name of the stream.
_FILES = frozenset({"package", "contents", "embeddedodf"})
#: The text of a document of Ichitaro, the word processor of Japanese offices: UTF-16 with codes of its own in it.
_ICHITARO = "documenttext"
_CODES = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\ufffd]+")
_SLACK = 16 * 1024 * 1024


def property_items(file: Compound) -> Iterator[Item]:
    """The texts of the document's property sets."""
    for path in file.streams:
        if path[-1].casefold() in _PROPERTIES:
            try:
                found = property_texts(file.read(path))
            except UnreadableError:
                continue
            for text in found:
                yield Text(Place("/".join(path[:-1]), "property", hidden=True), text)


def object_items(file: Compound, done: set[Path]) -> Iterator[Item]:
    """Everything in streams that are not among ``done``: files inside as members, texts, notes of what was not read."""
    taken: dict[str, int] = {}
    macros: list[Path] = []
    skipped: set[str] = set()
    for path in file.streams:
        name = path[-1].casefold()
        folders = [step.casefold() for step in path[:-1]]
        if any(step in _MACROS for step in folders):
            macros.append(path)
            continue
        if path in done or name in _BOOKKEEPING or name in _PROPERTIES or name.startswith("\x02olepres"):
            continue
        try:
            found = list(_stream_items(file, path, taken))
        except UnreadableError:
            found = [Skipped(_shown(path), "damaged")]
        for item in found:
            if not isinstance(item, Skipped):
                yield item
            elif item.location not in skipped:
                skipped.add(item.location)
                yield item
    if macros:
        for text in macro_texts(file, macros):
            if text.strip():
                yield Text(Place("macros", "other", hidden=True), text)
        yield Skipped("macros", "macros")


def _stream_items(file: Compound, path: Path, taken: dict[str, int]) -> Iterator[Item]:
    name = path[-1].casefold()
    data = file.read(path)
    if not data.strip(b"\0"):
        return
    location = _shown(path)
    if name == "\x01ole10native":
        native = native_file(data)
        if native is not None:
            yield _member(native[0].replace("\\", "/").rpartition("/")[2], location, native[1], taken)
            return
        yield from _plain(data, location)
        yield Skipped(location, "embedded_object")
    elif name in _FILES and len(path) > 1:
        yield _member(f"{path[-2]}.bin", location, data, taken)
    elif name in ("workbook", "book", "worddocument", "powerpoint document") and len(path) > 1:
        # An object of Office itself is a storage, not a file; its main stream is handed on as far as it can stand alone.
        if name in ("workbook", "book"):
            yield _member(f"{path[-2]}.xls", location, data, taken)
        else:
            yield from _plain(data, location)
            yield Skipped(location, "embedded_object")
    elif name == _ICHITARO and len(path) == 1:
        text = _CODES.sub("\n", data[: len(data) // 2 * 2].decode("utf-16-be", "replace"))
        yield Text(Place(location, "text"), text)
    elif path[0].casefold() == "_sx_db_cur":
        yield from biff.stream_texts(data, location, "pivot_cache", Pages())
    elif name in _RECORDS:
        yield from biff.stream_texts(data, location, _RECORDS[name], Pages())
    else:
        yield from _plain(data, location)


def _plain(data: bytes, location: str) -> Iterator[Item]:
    found = strings(data)
    if found:
        yield Text(Place(location, "other", hidden=True), "\n".join(found))


def _member(name: str, fallback: str, data: bytes, taken: dict[str, int]) -> Member:
    shown = unique(clean_name(name, clean_name(fallback, "object.bin")), taken)
    return Member(shown, memory_stream(data), len(data))


def _shown(path: Path) -> str:
    return "/".join("".join(c for c in step if c.isprintable()) for step in path)


def slack_items(file: Compound) -> Iterator[Item]:
    """Strings that deleted streams left in unused sectors."""
    found = unused_strings(file.file, _SLACK)
    if found:
        yield Text(Place("unused sectors", "other", hidden=True), found)
