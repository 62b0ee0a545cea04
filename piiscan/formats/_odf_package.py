"""An OpenDocument package: its parts and their types, encryption, and what a changed copy leaves behind.

OASIS OpenDocument 1.3 part 2. The manifest of old files has a DOCTYPE, so it is searched, never parsed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from urllib.parse import unquote

from piiscan.errors import EncryptedError, PiiscanError, UnreadableError, UnsafeCopyError
from piiscan.formats._document_copy import Copy
from piiscan.formats._document_package import Document, Walk, roots_of
from piiscan.formats._ooxml_package import Package, Part
from piiscan.formats._ooxml_xml import local, parse, serialise
from piiscan.formats._xlsx_layout import PICTURE_ROOTS
from piiscan.model import Limits, Source
from piiscan.zips.safe_zip import SafeZip, open_zip

MANIFEST, CONTENT = "meta-inf/manifest.xml", "content.xml"
_MIMETYPE = "mimetype"
_ENTRY = re.compile(
    rb"<(?:[\w.-]+:)?file-entry\b[^<>]*(?:(?<=/)>|>(?:[^<]|<(?!/?(?:[\w.-]+:)?file-entry\b))*+</(?:[\w.-]+:)?file-entry\s*>)\s*",
    re.DOTALL,
)
_PATH = re.compile(rb"""\bfull-path\s*=\s*["']([^"']*)["']""")
_HREF = "{http://www.w3.org/1999/xlink}href"
#: What a frame shows; without any of them it is empty.
_SHOWN = frozenset({"image", "object", "object-ole", "text-box", "plugin", "applet", "floating-frame", "table"})
_TYPE = re.compile(rb"""\bmedia-type\s*=\s*["']([^"']*)["']""")
#: Macro sources and dialogs: they have a DOCTYPE, and are searched as they stand.
_SOURCE_FOLDERS = ("basic/", "dialogs/")
_SOURCES = frozenset({"module", "library", "libraries", "window"})
#: Parts that hold no words: places of lines on pages, and lists of the parts.
_SILENT = frozenset({_MIMETYPE, MANIFEST, "layout-cache"})


def sniff_kinds(source: Source, kinds: tuple[str, ...], suffixes: tuple[str, ...]) -> int:
    """90 for a zip that says it is one of ``kinds`` of OpenDocument, 20 for a damaged one that is called so, else 0."""
    if not source.head(4).startswith(b"PK"):
        return 0
    try:
        stated = _stated(open_zip(source.stream, Limits()))
    except PiiscanError:
        return 20 if source.suffix in suffixes else 0
    finally:
        source.stream.seek(0)
    for kind in kinds:
        if stated in (
            f"application/vnd.oasis.opendocument.{kind}",
            f"application/vnd.oasis.opendocument.{kind}-template",
        ):
            return 90
    return 20 if source.suffix in suffixes else 0


def _stated(archive: SafeZip) -> str:
    """The type of a package by its own member, else by the manifest's root entry."""
    for member in archive.members:
        if member.key == _MIMETYPE:
            return archive.read(member)[:200].decode("ascii", "replace").strip()
    for member in archive.members:
        if member.key == MANIFEST:
            return _types(archive.read(member)).get("/", "")
    return ""


def _types(manifest: bytes) -> dict[str, str]:
    found = {}
    for entry in _ENTRY.findall(manifest.replace(b"\0", b"")):
        path, stated = _PATH.search(entry), _TYPE.search(entry)
        if path and stated:
            key = unescape(path.group(1).decode("utf-8", "replace"))
            found[key.casefold()] = stated.group(1).decode("ascii", "replace").lower()
    return found


def open_odf(source: Source, limits: Limits) -> Package:
    """Opens a package. Raises ``EncryptedError``, and ``UnreadableError`` and ``LimitError`` like :func:`open_zip`."""
    archive = open_zip(source.stream, limits)
    members = [m for m in archive.members if not m.is_folder]
    types: Mapping[str, str] = {}
    for member in members:
        if member.key == MANIFEST:
            manifest = archive.read(member).replace(b"\0", b"")
            if re.search(rb"<(?:[\w.-]+:)?encryption-data\b", manifest):
                raise EncryptedError("encrypted")
            types = _types(manifest)
    parts = tuple(Part(m, _type_of(m.key, types)) for m in members if m.key not in _SILENT)
    by_key = {part.key: part for part in reversed(parts)}
    if CONTENT not in by_key:
        raise UnreadableError("damaged")
    return Package(archive, parts, by_key)


def _type_of(key: str, types: Mapping[str, str]) -> str:
    stated = types.get(key, "")
    # Pictures of embedded objects come in many forms, some of them known to one program only.
    if key.startswith(("objectreplacements/", "pictures/", "thumbnails/")) and not stated.startswith("image/"):
        return "image/unknown"
    return stated


def odf_document(package: Package, walk: Walk) -> Document:
    """The document around a walk; previews and signatures do not survive a change."""
    thumbnails = frozenset(p.key for p in package.parts if p.key.startswith("thumbnails/"))
    dropped = {p.key for p in package.parts if p.key.startswith("objectreplacements/")}
    dropped |= {p.key for p in package.parts if p.key.startswith("meta-inf/") and "signatures" in p.key}
    ordered = sorted(package.parts, key=lambda p: p.key != CONTENT)
    return Document(
        package,
        ordered,
        roots_of(package, _SOURCE_FOLDERS),
        walk,
        thumbnails | dropped,
        thumbnails,
        PICTURE_ROOTS | _SOURCES,
    )


def leave_out_of_odf(copy: Copy) -> None:
    """Takes dropped parts out of the manifest."""
    archive = copy.document.package.zip
    for member in archive.members:
        if member.key != MANIFEST:
            continue
        manifest = archive.read(member)

        def kept(match: re.Match[bytes]) -> bytes:
            path = _PATH.search(match.group())
            key = unescape(path.group(1).decode("utf-8", "replace")).casefold() if path else ""
            return b"" if key in copy.dropped else match.group()

        new = _ENTRY.sub(kept, manifest)
        if new != manifest:
            copy.new[member.key] = new
    gone = copy.dropped - copy.document.dropped
    for part in copy.document.package.parts if gone else ():
        if part.key.endswith((CONTENT, "styles.xml")) and part.key not in gone:
            _forget(copy, part, gone)


def _forget(copy: Copy, part: Part, gone: set[str]) -> None:
    """Takes pictures and objects that are left out off the pages."""
    try:
        root = parse(copy.new.get(part.key) or copy.document.package.read(part))
    except UnreadableError:
        raise UnsafeCopyError("part_cannot_be_cleaned", part=part.name) from None
    folder = part.key.rpartition("/")[0]
    found = [e for e in root.iter("*") if _target(e.get(_HREF, ""), folder) in gone]
    for element in found:
        frame = element.getparent()
        if frame is None:
            continue
        frame.remove(element)
        around = frame.getparent()
        if local(frame) == "frame" and around is not None and not any(local(e) in _SHOWN for e in frame):
            before = frame.getprevious()
            if frame.tail and before is not None:
                before.tail = (before.tail or "") + frame.tail
            elif frame.tail:
                around.text = (around.text or "") + frame.tail
            around.remove(frame)
    if found:
        copy.new[part.key] = serialise(root)


def _target(href: str, folder: str) -> str:
    """The key of the part that a link in a document in ``folder`` means."""
    path = unquote(href).removeprefix("./")
    return "/".join(filter(None, (folder, path))).casefold() if path else ""
