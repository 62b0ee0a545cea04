"""What the tests of document formats share: packages built by hand, canaries, and a search through every member."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from urllib.parse import unquote

from piiscan.model import Editor, Format, Limits, Member, Place, Sheet, Skipped, Source, Text
from piiscan.text import cell_ref

CANARY = re.compile(r"鳥[0-9]{3}号|90123400[0-9]{2}")
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#: (where, location, hidden, text)
Found = tuple[str, str, bool, str]


def rels(*items: tuple[str, str, bool]) -> str:
    """A relationships part; each item (type, target, external) gets the ids rId1, rId2 …"""
    inner = "".join(
        f'<Relationship Id="rId{i}" Type="{REL}/{kind}" Target="{target}"{" TargetMode=" + chr(34) + "External" + chr(34) if ext else ""}/>'
        for i, (kind, target, ext) in enumerate(items, 1)
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'
    )


def types(**overrides: str) -> str:
    """The content types; ``overrides``: part name → type."""
    inner = "".join(f'<Override PartName="/{n}" ContentType="{t}"/>' for n, t in overrides.items())
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        f'<Default Extension="bin" ContentType="application/vnd.openxmlformats-officedocument.oleObject"/>{inner}</Types>'
    )


def build(content: Mapping[str, str | bytes], comment: bytes = b"") -> bytes:
    """The package with these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name, data in content.items():
            if isinstance(data, str) and name != "mimetype":
                data = f'<?xml version="1.0" encoding="UTF-8"?>\n{data}'
            info = zipfile.ZipInfo(name, (2026, 1, 2, 3, 4, 6))
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            z.writestr(info, data)
        z.comment = comment
    return out.getvalue()


def source(data: bytes, name: str) -> Source:
    """The data as an input."""
    return Source(name, None, name, io.BytesIO(data), len(data))


def inner_zip(text: str) -> bytes:
    """A file inside a file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr(zipfile.ZipInfo("a.txt", (2026, 1, 2, 3, 4, 6)), text)
    return out.getvalue()


def found(format_: Format, data: bytes, name: str) -> tuple[list[Found], list[Skipped]]:
    """Everything that reading gives, cells as ``cell``; members as ``member``."""
    texts: list[Found] = []
    skipped = []
    for item in format_.read(source(data, name), Limits()):
        if isinstance(item, Sheet):
            for batch in item.batches:
                for column, values in batch.columns.items():
                    for row, value in zip(batch.rows, values, strict=True):
                        if value:
                            texts.append(("cell", f"{item.location}!{cell_ref(row, column)}", item.hidden, str(value)))
        elif isinstance(item, Text):
            texts.append((item.place.where, item.place.location, item.place.hidden, item.text))
        elif isinstance(item, Member):
            texts.append(("member", item.name, False, item.stream.read().decode("latin-1")))
            item.stream.close()
        else:
            skipped.append(item)
    return texts, skipped


def masked(text: str) -> str | None:
    """The text with its canaries gone; None when it has none."""
    new = CANARY.sub("■■■■■", text)
    return None if new == text else new


def masking() -> Editor:
    """Masks every canary, and empties files in files."""
    return Editor(
        lambda sheet, row, column, text: masked(text),
        lambda place, text, line: masked(text),
        lambda name, stream: b"PK\x05\x06" + bytes(18),
    )


def rewritten(format_: Format, data: bytes, name: str, editor: Editor) -> bytes:
    """The edited copy."""
    out = io.BytesIO()
    assert format_.rewrite is not None
    format_.rewrite(source(data, name), out, editor, Limits())
    return out.getvalue()


def members(data: bytes) -> dict[str, bytes]:
    """Name → content of every member."""
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        assert z.testzip() is None
        return {name: z.read(name) for name in z.namelist()}


def left_in(data: bytes) -> list[tuple[str, str]]:
    """(member, what is left) of every canary that stands in a member in any usual encoding, or in the archive."""
    left = []
    for name, content in [*members(data).items(), ("", data)]:
        for encoding in ("utf-8", "utf-16-le", "cp932"):
            text = unquote(content.decode(encoding, "replace"))
            left += [(name, hit) for hit in re.findall(r"鳥[0-9].{0,6}|90123400[0-9]{2}", text)]
    return left


def numbers(texts: list[Found]) -> set[int]:
    """The numbers of the canaries in texts."""
    return {int(n) for *_, text in texts for n in re.findall(r"鳥([0-9]{3})号", text)}


def places(texts: list[Found], number: int) -> set[tuple[str, str, bool]]:
    """Where a canary was found."""
    return {found[:3] for found in texts if f"鳥{number:03d}号" in found[3]}


def asked(format_: Format, data: bytes, name: str) -> set[Found]:
    """What a rewriter asks about; ``hidden`` of cells is False."""
    seen: set[Found] = set()

    def cell(sheet: str, row: int, column: int, text: str) -> None:
        seen.add(("cell", f"{sheet}!{cell_ref(row, column)}", False, text))

    def text(place: Place, text: str, line: int) -> None:
        seen.add((place.where, place.location, place.hidden, text))

    rewritten(format_, data, name, Editor(cell, text, lambda *_: None))
    return seen


def same_bytes(old: bytes, new: bytes) -> set[str]:
    """The members that both archives have with the same compressed bytes, checksum and date."""
    same = set()
    with zipfile.ZipFile(io.BytesIO(old)) as a, zipfile.ZipFile(io.BytesIO(new)) as b:
        for name in set(a.namelist()) & set(b.namelist()):
            one, two = a.getinfo(name), b.getinfo(name)
            raw = [_raw(data, info) for data, info in ((old, one), (new, two))]
            if raw[0] == raw[1] and (one.CRC, one.date_time) == (two.CRC, two.date_time):
                same.add(name)
    return same


def _raw(data: bytes, info: zipfile.ZipInfo) -> bytes:
    at = info.header_offset
    start = (
        at + 30 + int.from_bytes(data[at + 26 : at + 28], "little") + int.from_bytes(data[at + 28 : at + 30], "little")
    )
    return data[start : start + info.compress_size]
