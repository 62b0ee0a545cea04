"""Fifty invented values that must never be said, and files of every kind that hold them, whole and damaged."""

from __future__ import annotations

import base64
import bz2
import csv
import gzip
import hashlib
import io
import json
import lzma
import re
import tarfile
import unicodedata
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from functools import cache

HEADER = ("氏名", "フリガナ", "携帯電話", "メールアドレス", "住所", "個人番号", "生年月日")
#: Invented: nobody's name, unassigned telephone numbers, the mail domain of examples, patterned My Numbers.
PEOPLE = (
    ("佐久間 柊太朗", "サクマ シュウタロウ", "090-0741-8523", "shutaro.sakuma@example.jp", "東京都千代田区丸の内9丁目87番65号", "111111111118", "1971-03-29"),
    ("勅使河原 麒一郎", "テシガワラ キイチロウ", "080-0963-7412", "kiichiro.teshigawara@example.jp", "大阪府大阪市北区梅田8丁目76番54号", "222222222225", "昭和48年11月27日"),
    ("綾小路 燈真子", "アヤノコウジ トマコ", "070-0258-1473", "tomako.ayanokoji@example.jp", "神奈川県横浜市中区山下町7654番地3", "333333333332", "1983/08/19"),
    ("武者小路 寧々香", "ムシャコウジ ネネカ", "090-0852-9637", "neneka.mushakoji@example.jp", "愛知県名古屋市中区栄9丁目65番43号", "444444444440", "平成3年12月28日"),
    ("東海林 弦十郎", "ショウジ ゲンジュウロウ", "090-0369-2584", "genjuro.shoji@example.jp", "北海道札幌市中央区北98条西76丁目", "555555555557", "1969.10.23"),
    ("五百旗頭 紗耶果", "イオキベ サヤカ", "080-0147-3698", "sayaka.iokibe@example.jp", "福岡県福岡市博多区博多駅前8丁目65番", "666666666664", "2001年07月17日"),
    ("西園寺 龍之輔", "サイオンジ リュウノスケ", "070-0951-3578", "ryunosuke.saionji@example.jp", "京都府京都市左京区吉田本町9876", "777777777771", "S39.4.26"),
)  # fmt: skip
#: What stands nowhere but in a corner of a file: comments, properties, bodies, names of files inside files.
CORNERS = {
    "comment": "仲宗根 燈一郎",
    "property": "長谷部 紗耶子",
    "body": "久保田 弦十郎",
    "subject": "勅使川原 春霞",
    "stray_phone": "090-0486-2957",
    "stray_mail": "gengoro.kubota@example.jp",
}
VALUES = tuple(value for person in PEOPLE for value in person) + tuple(CORNERS.values())
#: Parts of values that any output may hold.
_COMMON = {"example", "昭和48", "平成3"}


def rows(*, header: bool = True) -> list[tuple[str, ...]]:
    return [*([HEADER] if header else []), *PEOPLE]


def delimited(encoding: str = "utf-8", delimiter: str = ",", *, header: bool = True) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows(header=header))
    return out.getvalue().encode(encoding)


def prose() -> str:
    told = "\n".join(
        f"氏名：{p[0]}\nフリガナ：{p[1]}\n電話 {p[2]} / メール {p[3]}\n住所：{p[4]}\nマイナンバー {p[5]}、生年月日 {p[6]}\n"
        for p in PEOPLE
    )
    return f"お客様各位\n{told}\n担当: {CORNERS['body']} {CORNERS['stray_phone']} {CORNERS['stray_mail']}\n"


@cache
def workbook() -> bytes:
    import openpyxl
    from openpyxl.comments import Comment

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "名簿"
    for row in rows():
        sheet.append(row)
    sheet["A2"].comment = Comment(f"{CORNERS['comment']}様より {CORNERS['stray_phone']} に電話", "管理者")
    hidden = book.create_sheet("控え")
    hidden.sheet_state = "hidden"
    for row in rows(header=False):
        hidden.append(row)
    book.properties.creator = CORNERS["property"]
    book.properties.description = f"{CORNERS['property']}様 {CORNERS['stray_mail']}"
    sheet.oddHeader.center.text = f"担当 {CORNERS['body']}様 {CORNERS['stray_phone']}"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def mail() -> bytes:
    message = EmailMessage()
    person = PEOPLE[0]
    message["From"] = f'"{CORNERS["body"]}" <{CORNERS["stray_mail"]}>'
    message["To"] = f'"{person[0]}" <{person[3]}>'
    message["Subject"] = f"{CORNERS['subject']}様のご依頼 {person[2]}"
    message.set_content(prose(), charset="utf-8", cte="base64")
    message.add_alternative(
        f"<html><body><p>{person[0]}様 {person[2]}</p></body></html>", subtype="html", cte="quoted-printable"
    )
    message.add_attachment(delimited("cp932"), maintype="text", subtype="csv", filename="meibo.csv")
    message.add_attachment(workbook(), maintype="application", subtype="octet-stream", filename="meibo.xlsx")
    return message.as_bytes()


def jis_mail() -> bytes:
    body = prose().replace("\n", "\r\n").encode("iso2022_jp")
    subject = base64.b64encode(f"{CORNERS['subject']}様".encode("iso2022_jp")).decode()
    head = (
        f"From: {CORNERS['stray_mail']}\r\nTo: {PEOPLE[1][3]}\r\nSubject: =?ISO-2022-JP?B?{subject}?=\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=ISO-2022-JP\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
    )
    return head.encode("ascii") + body


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in files.items():
            package.writestr(name, data)
    return out.getvalue()


def tarred(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as package:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            package.addfile(info, io.BytesIO(data))
    return out.getvalue()


@cache
def whole() -> dict[str, bytes]:
    """File name → content; files that can be read to their end."""
    files = {
        "utf8.csv": delimited(),
        "bom.csv": delimited("utf-8-sig"),
        "sjis.csv": delimited("cp932"),
        "utf16.csv": delimited("utf-16"),
        "jis.csv": delimited("iso2022_jp"),
        "euc.tsv": delimited("euc_jp", "\t"),
        "headless.csv": delimited(header=False),
        "prose.txt": prose().encode(),
        "prose_sjis.txt": prose().encode("cp932"),
        "notes.log": prose().encode(),
        "book.xlsx": workbook(),
        "mail.eml": mail(),
        "jis.eml": jis_mail(),
        "box.mbox": b"From a@example.jp Sat Jan  3 01:05:34 2026\n" + jis_mail().replace(b"\r\n", b"\n") + b"\n",
    }
    keyed = [dict(zip(HEADER, p, strict=True)) for p in PEOPLE]
    files["list.json"] = json.dumps({"顧客": keyed}, ensure_ascii=False, indent=1).encode()
    files["escaped.json"] = json.dumps(keyed).encode()
    files["lines.jsonl"] = "".join(json.dumps(k, ensure_ascii=False) + "\n" for k in keyed).encode()
    cells = "".join("<tr>" + "".join(f"<td>{t}</td>" for t in row) + "</tr>\n" for row in rows())
    page = f'<html><head><meta charset="utf-8"><title>{PEOPLE[0][0]}様</title></head><body><table>{cells}</table></body></html>'
    files["page.html"] = page.encode()
    files["card.vcf"] = "".join(
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{p[0]}\r\nN:{';'.join(p[0].split())};;;\r\nTEL;TYPE=CELL:{p[2]}\r\nEMAIL:{p[3]}\r\n"
        f"ADR:;;{p[4]};;;;\r\nEND:VCARD\r\n"
        for p in PEOPLE
    ).encode()
    files["nested.zip"] = zipped({"a/utf8.csv": delimited(), "in.zip": zipped({"b.xlsx": workbook(), "m.eml": mail()})})
    files["one.csv.gz"] = gzip.compress(delimited("cp932"))
    files["one.csv.bz2"] = bz2.compress(delimited())
    files["one.csv.xz"] = lzma.compress(delimited())
    files["some.tar"] = tarred({"x.csv": delimited(), "y.txt": prose().encode("cp932")})
    return files


@cache
def broken() -> dict[str, bytes]:
    """File name → content; files that cannot be read to their end, or are not what they are called."""
    import msoffcrypto.format.ooxml
    import pyzipper

    good = whole()
    files = {
        "wrong_csv.xlsx": good["utf8.csv"],
        "wrong_xlsx.csv": good["book.xlsx"],
        "wrong_text.zip": good["prose.txt"],
        "wrong_mail.txt": good["mail.eml"],
        "empty.xlsx": b"",
        "binary.csv": bytes(range(256)) + good["utf8.csv"] + b"\0\xff\xfe" * 50,
        "half_bytes.csv": good["utf8.csv"].replace("佐久".encode(), b"\xe9\xff\xe4\xb9"),
    }
    for name in ("book.xlsx", "nested.zip", "mail.eml", "utf16.csv", "one.csv.gz", "some.tar", "box.mbox"):
        data = good[name]
        files[f"cut_{name}"] = data[: len(data) * 2 // 3]
        files[f"flip_{name}"] = flipped(data)
    locked = io.BytesIO()
    # The library writes unreadable files when the package is small.
    padded = io.BytesIO(workbook())
    msoffcrypto.format.ooxml.OOXMLFile(padded).encrypt("geheim", locked)
    files["locked.xlsx"] = locked.getvalue()
    sealed = io.BytesIO()
    with pyzipper.AESZipFile(sealed, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as package:
        package.setpassword(b"geheim")
        package.writestr("meibo.csv", delimited())
    files["sealed.zip"] = sealed.getvalue()
    return files


def flipped(data: bytes) -> bytes:
    """The data with every 97th byte changed, the first hundred left alone."""
    out = bytearray(data)
    for position in range(100, len(out), 97):
        out[position] ^= 0x15
    return bytes(out)


# ---------------------------------------------------------------- what must not be said


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def _narrow_kana(text: str) -> str:
    table = {unicodedata.normalize("NFKC", chr(c)): chr(c) for c in range(0xFF66, 0xFF9E)}
    marks = {"\u3099": "\uff9e", "\u309a": "\uff9f"}
    return "".join(table.get(c, marks.get(c, c)) for c in unicodedata.normalize("NFD", text))


def fragments(value: str) -> set[str]:
    """The value, the value without its signs, and its parts: four characters or more, three of Japanese."""
    parts = {p for p in re.split(r"[-@./\s年月日丁目番号地]+", value) if len(p) >= (4 if p.isascii() else 3)}
    years = {p for p in parts if re.fullmatch("(19|20)[0-9]{2}", p)}
    return {value, value.replace("-", ""), re.sub(r"\s", "", value), *parts} - years - _COMMON


@cache
def forbidden() -> tuple[str, ...]:
    """Every text that no output may hold."""
    found: set[str] = set()
    for value in VALUES:
        for text in fragments(value):
            found |= {text, unicodedata.normalize("NFKC", text), _wide(text), _narrow_kana(text)}
            found.add(text.encode("unicode_escape").decode())
        for text in {value, re.sub(r"\s", "", value), value.replace("-", "")}:
            for encoding in ("utf-8", "cp932", "utf-16-le"):
                raw = text.encode(encoding)
                found |= {hashlib.new(kind, raw).hexdigest() for kind in ("md5", "sha1", "sha256", "blake2b")}
                found.add(base64.b64encode(raw).decode().rstrip("=")[:-1])
    return tuple(sorted(f for f in found if len(f) >= (4 if f.isascii() else 3)))


def said(text: str) -> Iterator[str]:
    """The forbidden texts in ``text``; short numbers only where they stand alone, for a digest may hold any of them."""
    for fragment in forbidden():
        if fragment in text and (len(fragment) > 5 or not fragment.isascii() or _alone(fragment, text)):
            yield fragment


def _alone(fragment: str, text: str) -> bool:
    return re.search(rf"(?<![0-9A-Za-z]){re.escape(fragment)}(?![0-9A-Za-z])", text) is not None


def said_in_bytes(data: bytes) -> Iterator[str]:
    """The same for a file, in whatever encoding it may be."""
    for encoding in ("utf-8", "utf-16-le", "cp932"):
        yield from said(data.decode(encoding, "replace"))
