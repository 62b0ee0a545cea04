"""An Office Open XML package: its parts, content types and relationships (ECMA-376 part 2).

Parts are found by content type and relationship, never by name alone: other producers name them otherwise.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from piiscan.errors import LimitError, UnreadableError
from piiscan.formats._ooxml_xml import local, parse, utf8_pieces
from piiscan.model import Limits, Source
from piiscan.zips.safe_zip import SafeZip, ZipMember, open_zip

#: Parts larger than this are not held in memory whole.
READ_BYTES = 96 * 1024 * 1024
CONTENT_TYPES = "[content_types].xml"


@dataclass(frozen=True, slots=True)
class Relationship:
    """One relationship of a part. ``target`` is as written; ``part`` is the key of the part meant, "" if external."""

    id: str
    type: str
    target: str
    external: bool
    part: str


@dataclass(frozen=True, slots=True)
class Part:
    """One member of the package. ``content_type`` is lower case, "" when none is stated."""

    member: ZipMember
    content_type: str

    @property
    def key(self) -> str:
        """The name by which relationships find it, case folded."""
        return self.member.key

    @property
    def name(self) -> str:
        """The name as a report shows it."""
        return self.member.name.replace("\\", "/").lstrip("/")


@dataclass(frozen=True, repr=False)
class Package:
    """An open package. ``parts`` in the archive's order, doubles included."""

    zip: SafeZip
    parts: tuple[Part, ...]
    by_key: Mapping[str, Part]

    def pieces(self, part: Part) -> Iterator[bytes]:
        """The part's XML as UTF-8 without declaration."""
        return utf8_pieces(self.zip.chunks(part.member))

    def read(self, part: Part, limit: int = READ_BYTES) -> bytes:
        """The part's bytes; ``LimitError`` beyond ``limit``, whatever the directory says about its size."""
        pieces: list[bytes] = []
        left = limit
        for piece in self.zip.chunks(part.member):
            left -= len(piece)
            if left < 0:
                raise LimitError("part_too_large", limit=limit)
            pieces.append(piece)
        return b"".join(pieces)

    def relationships(self, key: str) -> Sequence[Relationship]:
        """The relationships of the part ``key`` ("" for the package); none when they are missing or damaged."""
        folder, name = posixpath.split(key)
        rels = self.by_key.get(posixpath.join(folder, "_rels", f"{name}.rels"))
        if rels is None:
            return ()
        try:
            root = parse(self.read(rels))
        except UnreadableError as error:
            if error.reason == "dtd":
                raise
            return ()
        return tuple(
            relationship(key, dict(element.attrib)) for element in root.iter("{*}Relationship") if element.get("Target")
        )


def relationship(key: str, attributes: Mapping[Any, Any]) -> Relationship:
    """A ``Relationship`` element of the part ``key``."""
    target = attributes.get("Target", "")
    external = attributes.get("TargetMode", "").lower() == "external"
    part = "" if external or target.startswith("#") else resolve(key, target)
    return Relationship(attributes.get("Id", ""), attributes.get("Type", ""), target, external, part)


def resolve(key: str, target: str) -> str:
    """The key of the part that ``target``, written in a relationship of the part ``key``, means."""
    path = unquote(target).replace("\\", "/").partition("#")[0]
    joined = path if path.startswith("/") else posixpath.join("/", posixpath.dirname(key), path)
    return posixpath.normpath(joined).lstrip("/").casefold()


def open_package(source: Source, limits: Limits) -> Package:
    """Opens a package; raises ``UnreadableError`` and ``LimitError`` like :func:`open_zip`."""
    archive = open_zip(source.stream, limits)
    members = [m for m in archive.members if not m.is_folder]
    listing = next((m for m in members if m.key == CONTENT_TYPES), None)
    if listing is None:
        raise UnreadableError("no_content_types")
    defaults: dict[str, str] = {}
    overrides: dict[str, str] = {}
    for element in parse(archive.read(listing)).iter("{*}Default", "{*}Override"):
        stated = (element.get("ContentType") or "").lower()
        if local(element) == "Default":
            defaults[(element.get("Extension") or "").lower()] = stated
        else:
            overrides[resolve("", element.get("PartName") or "")] = stated
    parts = tuple(Part(m, overrides.get(m.key) or defaults.get(m.key.rpartition(".")[2], "")) for m in members)
    return Package(archive, parts, {part.key: part for part in reversed(parts)})
