"""Files of the formats that take a builder of their own, with the values that must never be said in them."""

from __future__ import annotations

import struct
import sys
from functools import cache
from pathlib import Path

import canary_files

sys.path.insert(0, str(Path(__file__).parent / "formats"))
sys.path.insert(0, str(Path(__file__).parent / "places"))
import biff_files
import document_files
import macro_files
import old_office_places
import outlook_files
import test_dbf
import test_docx
import test_ods
import test_pdf
import test_pptx
import test_uu
import test_xlsb
from planting import planted

PERSON = canary_files.PEOPLE[0]
#: Everything about one person in a sentence.
LINE = f"氏名：{PERSON[0]}様（{PERSON[1]}）電話 {PERSON[2]} {PERSON[3]} 住所：{PERSON[4]}"


@cache
def files() -> dict[str, bytes]:
    """File name → content."""
    raw = LINE.encode("cp932")
    strings = biff_files.rec(0xFC, biff_files.shared([(LINE, "", 0)]))
    wide = test_xlsb.row(0) + test_xlsb.cell(6, 0, test_xlsb.wide(LINE))
    attached = [(2, 0x00069002, bytes(14)), (2, 0x00018010, b"a.txt\0"), (2, 0x0006800F, raw)]
    message = {**outlook_files.numbers(32, {0x3FDE: 932}), **outlook_files.text(0x1000, LINE)}
    native = {"\x01Ole10Native": macro_files.native("a.txt", raw)}
    odt = test_ods.package(test_ods.ODT, test_ods.GONE, "text")
    return {
        "old.xls": biff_files.workbook(biff_files.stream([("S", biff_files.label(0, 0, 0))], strings)),
        "binary.xlsb": test_xlsb.book([wide]),
        "old.doc": old_office_places.word(0x4C, text=LINE),
        "wrapped.bin": outlook_files.compound(native),  # type: ignore[arg-type]
        "mail.msg": outlook_files.compound(message),
        "winmail.dat": outlook_files.tnef(
            [(1, 0x00079007, (932).to_bytes(8, "little")), (1, 0x00018004, raw + b"\0"), *attached]
        ),
        "text.docx": document_files.build(planted(test_docx.parts(), 1, LINE)),
        "slides.pptx": document_files.build(planted(test_pptx.parts(), 1, LINE)),
        "table.ods": document_files.build(planted(test_ods.parts(), 3, LINE)),
        "text.odt": document_files.build(planted(odt, 3, LINE)),
        "letter.rtf": rb"{\rtf1\ansi\ansicpg932 " + raw.replace(b"\\", b"\\'5c") + b"}",
        "page.pdf": test_pdf.document([test_pdf.shows(f"{PERSON[2]} {PERSON[3]}")]),
        "data.xml": f'<?xml version="1.0"?><a><b>{LINE}</b><!-- {LINE} --></a>'.encode(),
        "calendar.ics": f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:{LINE}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n".encode(),
        "list.dbf": test_dbf.table([(p[0], p[2], "", "1") for p in canary_files.PEOPLE]),
        "list.uue": test_uu.uuencoded(canary_files.delimited()),
        "picture.png": b"\x89PNG\r\n\x1a\n" + _chunk(b"tEXt", b"Comment\0" + LINE.encode()) + _chunk(b"IEND", b""),
    }


def _chunk(kind: bytes, body: bytes) -> bytes:
    import zlib

    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
