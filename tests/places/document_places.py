"""Every place of docx, pptx, ods and odt files with a canary in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import document_files
import macro_files
import outlook_files
import test_docx
import test_ods
import test_pptx
from planting import CANARY, Planted, planted
from workbook_places import small_workbook, strict, zipped

from piiscan.model import Status

Parts = Mapping[str, str | bytes]
#: (where, part of the location, hidden)
Where = tuple[str, str, bool]

_DOCX: dict[int, Where] = {
    **{n: (where, "", hidden) for n, (where, hidden) in test_docx.WHERE.items()},
    **dict.fromkeys((32, 38), ("other", "document.xml", True)), 52: ("other", "styles.xml", True),
    33: ("cell", "table 1!A2", False), 35: ("cell", "table 1!A3", False),
    **dict.fromkeys((57, 58), ("other", "item1", True)), 68: ("other", "recipientData", True), 69: ("other", "sig1", True),
}  # fmt: skip
_ODS: dict[int, Where] = {
    **test_ods.WHERE,
    4: ("cell", "名簿!A10", True),  # in a hidden row
    59: ("property", "documentsignatures", True),
}
_ODT: dict[int, Where] = {
    **dict.fromkeys((1, 2), ("revision", "content.xml", True)), **dict.fromkeys((3, 4, 7, 15), ("text", "content.xml", False)),
    5: ("text", "content.xml", True), 6: ("hyperlink", "content.xml", False), **dict.fromkeys((8, 9), ("comment", "content.xml", False)),
    10: ("defined_name", "content.xml", True), 11: ("drawing", "content.xml", False), 12: ("other", "content.xml", True),
    13: ("cell", "table 1!A2", False), **dict.fromkeys((50, 51), ("header_footer", "styles.xml", False)),
    **dict.fromkeys((52, 53, 54, 55), ("property", "meta.xml", True)), 56: ("property", "settings.xml", True),
}  # fmt: skip
_PARTIAL: dict[str, object] = {
    "status": Status.PARTIAL,
    "refused": "copy_not_read_whole",
    "hidden": True,
    "where": "other",
}


def _odt() -> dict[str, str | bytes]:
    more = {n: test_ods.parts()[n] for n in ("styles.xml", "meta.xml", "settings.xml")}
    return test_ods.package(test_ods.ODT, test_ods.GONE, "text", **more)


def _build(parts: Callable[[], Parts], number: int, change: Callable[[str], str] = str, **more: str | bytes) -> bytes:
    filled = {n: change(p) if isinstance(p, str) else p for n, p in planted(parts(), number).items()}
    return document_files.build({**filled, **more})


def _sheet_named(location: str) -> str:
    """Where the location is a sheet whose name is a mark itself, only its cell counts."""
    return location.partition("!")[2] if location.startswith("鳥") else location


def _from(kind: str, name: str, parts: Callable[[], Parts], places: Mapping[int, Where]) -> Iterator[Planted]:
    for number, (where, location, hidden) in places.items():
        yield Planted(
            f"{kind}-{number:02}", name, partial(_build, parts, number), where, hidden, _sheet_named(location)
        )


def _inside(kind: str, name: str, parts: Callable[[], Parts], folder: str) -> Iterator[Planted]:
    """Files inside the document: Office files, packed ones, wrapped ones, macros."""
    ole = outlook_files.compound({"\x01Ole10Native": macro_files.native("a.txt", CANARY.encode("cp932"))})
    inner = {
        "embedded_xlsx": ("b.xlsx", small_workbook(CANARY), {"where": "cell", "member": f"{folder}/b.xlsx"}),
        "embedded_zip": ("b.zip", zipped("a.txt", CANARY.encode()), {"where": "text", "member": f"{folder}/b.zip/a.txt"}),
        "embedded_ole": (
            "o.bin", ole,
            {"where": "text", "member": f"{folder}/o.bin/a.txt", "refused": "copy_format_not_written"},
        ),
        "vba_module": ("vbaProject.bin", macro_files.project(CANARY), {**_PARTIAL, "location": "vbaProject"}),
    }  # fmt: skip
    for id_, (member, data, differs) in inner.items():
        make = partial(_build, parts, 0, **{f"{folder}/{member}": data})
        yield Planted(f"{kind}-{id_}", name, make, **differs)  # type: ignore[arg-type]


def files() -> Iterator[Planted]:
    """All of them."""
    yield from _from("docx", "a.docx", test_docx.parts, _DOCX)
    for number in (1, 5, 23, 33, 40, 46, 59):
        where, location, hidden = _DOCX[number]
        make = partial(_build, test_docx.parts, number, strict)
        yield Planted(f"docx-strict-{number:02}", "a.docx", make, where, hidden, location)
    yield from _inside("docx", "a.docx", test_docx.parts, "word/embeddings")
    chunk = f"<html><body><p>{CANARY}</p></body></html>"
    make = partial(_build, test_docx.parts, 0, **{"word/chunk.html": chunk.encode()})
    yield Planted("docx-chunk", "a.docx", make, "text", member="word/chunk.html")
    yield from _from("pptx", "a.pptx", test_pptx.parts, {n: (w, at, h) for n, (w, at, h) in test_pptx.WHERE.items()})
    yield from _inside("pptx", "a.pptx", test_pptx.parts, "ppt/embeddings")
    yield from _from("ods", "a.ods", test_ods.parts, _ODS)
    yield from _from("odt", "a.odt", _odt, _ODT)
    for kind, parts in (("ods", test_ods.parts), ("odt", _odt)):
        make = partial(_build, parts, 0, **{"Object 9": small_workbook(CANARY)})
        yield Planted(f"{kind}-embedded_xlsx", f"a.{kind}", make, "cell", member="Object 9")
