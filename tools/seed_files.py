"""Small sound files of every format that piiscan reads, made by the builders of its own tests: what mutants are made of."""

from __future__ import annotations

import gzip
import io
import struct
import sys
import tarfile
import zipfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
for folder in ("", "tests", "tests/formats", "tests/unlocking"):
    if str(ROOT / folder) not in sys.path:
        sys.path.insert(0, str(ROOT / folder))


@cache
def seeds() -> dict[str, bytes]:
    """File name → content, in a fixed order. The suffix is the format; several seeds share one."""
    made = {
        **_plain(),
        **_spreadsheets(),
        **_old_spreadsheets(),
        **_documents(),
        **_mails(),
        **_archives(),
        **_others(),
        **_locked(),
    }
    return dict(sorted(made.items()))


def _plain() -> dict[str, bytes]:
    import canary_files

    wanted = (
        ".csv", ".tsv", ".txt", ".log", ".json", ".jsonl", ".html", ".vcf"
    )  # fmt: skip
    files = {name: data for name, data in canary_files.whole().items() if name.endswith(wanted)}
    files["cal.ics"] = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nSUMMARY:山田様 来社\r\nDTSTART:20260105T090000\r\n"
        "ATTENDEE;CN=\"山田 太郎\":mailto:taro@example.jp\r\nDESCRIPTION:電話 090-0123-4567\\n折り\r\n 返し\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()  # fmt: skip
    files["quoted.vcf"] = (
        b"BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=SHIFT_JIS;ENCODING=QUOTED-PRINTABLE:=8ER=93c;=91=BE=98Y\r\n"
        b"NOTE;ENCODING=BASE64:\r\n 5bGx55Sw5aSq6YOO\r\n\r\nTEL;CELL:090-0123-4567\r\nEND:VCARD\r\n"
    )
    rows = "".join(f"<顧客 番号='{i}'><氏名>山田{i}郎</氏名><電話>090-0123-000{i}</電話></顧客>" for i in range(5))
    files["list.xml"] = f"<?xml version='1.0' encoding='utf-8'?><!-- 控え --><顧客一覧>{rows}</顧客一覧>".encode()
    files["sjis.xml"] = f"<?xml version='1.0' encoding='Shift_JIS'?><顧客一覧>{rows}</顧客一覧>".encode("cp932")
    files["quotes.csv"] = '氏名,備考\r\n"山田 ""太郎""","一行目\r\n二行目"\r\n鈴木,"a,b"\r\n'.encode("cp932")
    return files


def _spreadsheets() -> dict[str, bytes]:
    import canary_files
    import test_ods
    import test_xlsb
    import test_xlsx_places

    parts = test_xlsx_places.parts()
    strict = {
        name: data.replace(
            "schemas.openxmlformats.org/spreadsheetml/2006/main", "purl.oclc.org/ooxml/spreadsheetml/main"
        )
        if isinstance(data, str)
        else data
        for name, data in parts.items()
    }
    sheet = (
        test_xlsb.row(0) + test_xlsb.cell(7, 0, struct.pack("<I", 0)) + test_xlsb.cell(6, 1, test_xlsb.wide("090-0123-4567"))
    )  # fmt: skip
    sheet = test_xlsb.rec(129) + test_xlsb.rec(145) + sheet + test_xlsb.rec(146) + test_xlsb.rec(130)
    strings = test_xlsb.rec(159, struct.pack("<II", 1, 1)) + test_xlsb.rec(19, test_xlsb.rich("山田", "ヤマダ", 1))
    return {
        "book.xlsx": canary_files.workbook(),
        "places.xlsx": test_xlsx_places.build(parts),
        "places.xlsm": test_xlsx_places.build(parts | {"xl/vbaProject.bin": bytes(600)}),
        "strict.xlsx": test_xlsx_places.build(strict),
        "sheet.ods": test_ods.data(),
        "text.odt": test_ods.build(test_ods.package(test_ods.ODT, test_ods.GONE, "text")),
        "book.xlsb": test_xlsb.book([sheet, sheet], sharedStrings=strings),
    }


def _old_spreadsheets() -> dict[str, bytes]:
    import biff_files as biff

    cells = b"".join(biff.label(i // 3, i % 3, i % 2) for i in range(12)) + biff.number(5, 1, 9012340001.0)
    strings = biff.rec(0xFC, biff.shared([("山田太郎", "ヤマダタロウ", 1), ("090-0123-4567", "", 0)]))
    old = biff.cell(0x204, 1, 1, struct.pack("<H", 8) + "山田太郎".encode("cp932"))
    modern = biff.stream([("名簿", cells), ("控え", cells)], strings, hidden=(0, 1))
    files = {
        "book.xls": biff.workbook(modern),
        "book5.xls": biff.workbook(biff.stream([("a", old)], version=5), "Book"),
    }
    for version in (2, 3, 4):
        label = {2: 0x04}.get(version, 0x204)
        body = struct.pack("<HH", 0, 0) + (b"\0\0\0\x08" if version == 2 else b"\0\0\x08\0")
        record = biff.rec(label, body + "山田太郎".encode("cp932"))
        files[f"book{version}.xls"] = biff.bof(biff.SHEET, version) + record + biff.rec(0x0A)
    files["raw8.xls"] = modern
    return files


def _documents() -> dict[str, bytes]:
    import outlook_files
    import test_docx
    import test_pdf
    import test_pptx
    import test_xls

    atom = struct.pack("<HHI", 0, 0x0FA0, 8) + "山田太郎".encode("utf-16-le")
    slide = struct.pack("<HHI", 0x0F, 0x03EE, len(atom)) + atom
    return {
        "text.docx": test_docx.data(),
        "slides.pptx": test_pptx.data(),
        "text.doc": test_xls.word("氏名\x07山田太郎\r", "要確認 090-0123-4567\r"),
        "slides.ppt": outlook_files.compound({"PowerPoint Document": slide + slide, "Current User": bytes(30)}),
        "text.pdf": test_pdf.document([test_pdf.shows("TEL 090-0123-4567"), test_pdf.shows("b@example.jp")]),
    }


def _mails() -> dict[str, bytes]:
    import canary_files
    import outlook_files as make
    import test_msg

    wanted = (".eml", ".mbox")
    files = {name: data for name, data in canary_files.whole().items() if name.endswith(wanted)}
    files["mail.msg"] = make.compound(
        test_msg.message(rtf=make.binary(0x1009, make.lzfu(b"{\\rtf1\\ansi\\fromhtml1 \\'8e\\'52 {\\*\\htmltag <p>}}")))
    )
    files["winmail.dat"] = make.tnef(test_msg.WINMAIL)
    return files


def _archives() -> dict[str, bytes]:
    import canary_files

    files = {n: d for n, d in canary_files.whole().items() if n.endswith((".zip", ".gz", ".bz2", ".xz", ".tar"))}
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as package:
        info = tarfile.TarInfo("名簿.csv")
        info.size = 30
        package.addfile(info, io.BytesIO(b"a" * 30))
    files["some.tar.gz"] = out.getvalue()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package2:
        package2.writestr("名簿.csv", canary_files.delimited("cp932"))
        package2.writestr("fold/", b"")
        package2.comment = "覚え".encode()
    files["plain.zip"] = out.getvalue()
    files["two.csv.gz"] = gzip.compress(canary_files.delimited(), mtime=0) + gzip.compress(b"more", mtime=0)
    return files


def _others() -> dict[str, bytes]:
    """Archives of other kinds, signed mail, objects, rich text, pictures."""
    import base64

    import picture_files
    import test_dbf
    import test_p7m
    import test_rtf
    import test_seven_zip
    import test_uu

    sys.path.insert(0, str(ROOT / "tests/places"))
    import macro_files
    import outlook_files

    words = "撮影 山田 太郎様 090-0123-4567"
    exif = picture_files.tiff([(0x010E, 2, words.encode("cp932")), (0x9C9C, 1, words.encode("utf-16-le"))])
    segments = [picture_files.segment(0xE1, picture_files.EXIF + exif), picture_files.segment(0xFE, words.encode())]
    native = {"\x01Ole10Native": macro_files.native("a.txt", words.encode())}
    return {
        "people.dbf": test_dbf.table(test_dbf.PEOPLE, gone=1),
        "list.uu": test_uu.uuencoded(test_uu.CSV) + test_uu.yencoded(test_uu.CSV),
        "files.7z": base64.b64decode(test_seven_zip.MADE["lzma2"]),
        "copy.7z": base64.b64decode(test_seven_zip.MADE["copy"]),
        "files.rar": test_seven_zip.OTHERS["rar 5"],
        "files.lzh": test_seven_zip.OTHERS["lzh 2"],
        "files.cab": test_seven_zip.OTHERS["cab"],
        "mail.p7m": test_p7m.message(test_p7m.MAIL),
        "object.bin": outlook_files.compound(native),
        "macros.bin": outlook_files.compound(macro_files.streams(words)),
        "text.rtf": b"{\\rtf1\\ansi\\ansicpg932{\\fonttbl{\\f0\\fcharset128 M;}}\\f0 "
        + test_rtf.escaped(words)
        + b"\\par}",
        "photo.png": picture_files.png(
            picture_files.text("Comment", words.encode()), picture_files.packed_text("Author", words.encode())
        ),
        "photo.jpg": picture_files.jpeg(*segments),
        "photo.gif": picture_files.gif(words.encode()),
        "photo.tif": exif,
    }


def _locked() -> dict[str, bytes]:
    import canary_files
    import test_unlock

    files = {name: canary_files.broken()[name] for name in ("locked.xlsx", "sealed.zip")}
    files["locked.ods"] = test_unlock.opendocument("ひみつ", "aes256-cbc")
    return files
