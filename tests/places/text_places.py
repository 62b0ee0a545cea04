"""Text files of every kind in every Japanese encoding, each with a canary in one place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from html import escape

from planting import CANARY, MAIL, NAME, PHONE, READING, Planted

ENCODINGS = ("utf-8", "utf-8-sig", "cp932", "euc_jp", "iso2022_jp", "utf-16-le", "utf-16-be")
_BOMS = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
#: Enough Japanese for its encoding to be told.
_PROSE = "本日は晴天なり。会議の資料を次のとおり配布しますので、ご確認ください。"
_EACH = frozenset({"person_name", "person_name_kana", "phone", "email"})


def _encoded(text: str, encoding: str) -> bytes:
    return _BOMS.get(encoding, b"") + text.encode(encoding)


def _plain() -> Iterator[tuple[str, str, str, str, bool, str]]:
    """(id, file name, text, where, hidden, part of the location)."""
    prose = f"{_PROSE}\n\n{CANARY}\n{_PROSE}\n"
    yield "txt", "a.txt", prose, "text", False, "3:"
    yield "log", "a.log", f"2026-01-02 03:04:05 INFO {_PROSE}\n2026-01-02 03:04:06 WARN {CANARY}\n", "text", False, "2:"
    table = "番号,備考,区分\n1,{},甲\n2,確認済み,乙\n3,連絡待ち,甲\n"
    yield "csv-cell", "a.csv", table.format(CANARY), "cell", False, "B2"
    yield "csv-quoted", "a.csv", table.format(f'"{_PROSE}\n{CANARY}"'), "cell", False, "B2"
    yield "csv-title", "a.csv", f"{CANARY}\n\n" + table.format("なし"), "cell", False, "A1"
    yield "csv-header", "a.csv", f"番号,{CANARY},区分\n1,有,甲\n2,無,乙\n3,有,甲\n", "cell", False, "B1"
    yield "tsv", "a.tsv", table.replace(",", "\t").format(CANARY), "cell", False, "B2"
    deep = {"件名": _PROSE, "内訳": [{"値": 1}, {"メモ": CANARY}]}
    yield "json-value", "a.json", json.dumps(deep, ensure_ascii=False, indent=1), "cell", False, "/内訳"
    yield "json-escaped", "a.json", json.dumps({"x": [CANARY], "y": _PROSE}), "cell", False, "/x"
    yield "json-key", "a.json", json.dumps({"x": {CANARY: 1}, "y": _PROSE}, ensure_ascii=False), "cell", False, ""
    keyed = {"一": {"値": 1}, CANARY: {"値": 2}, "三": {"値": 3}}
    yield "json-map", "a.json", json.dumps({"y": _PROSE, "x": keyed}, ensure_ascii=False), "cell", False, "/x"
    listed = {"y": _PROSE, CANARY: [{"値": 1}, {"値": 2}]}
    yield "json-list", "a.json", json.dumps(listed, ensure_ascii=False), "other", False, "names"
    named = f'{{"番号": 1, "{CANARY}": 2}}\n{{"番号": 2, "{CANARY}": 3}}\n'
    yield "jsonl-key", "a.jsonl", named + f'{{"番号": 3, "備考": "{_PROSE}"}}\n', "cell", False, "B1"
    lines = [{"番号": n, "備考": t} for n, t in enumerate((_PROSE, CANARY, "済"))]
    yield "jsonl", "a.jsonl", "".join(json.dumps(x, ensure_ascii=False) + "\n" for x in lines), "cell", False, ""


def _markup() -> Iterator[tuple[str, str, str, str, bool, str]]:
    entities = "".join(f"&#{ord(c)};" for c in CANARY)
    head = '<?xml version="1.0" encoding="{xml}"?>\n'
    for id_, inner, where, hidden in (
        ("text", f"<件><値>{CANARY}</値></件>", "cell", False),
        ("attribute", f"<件 値='{CANARY}'/>", "cell", False),
        ("cdata", f"<件><![CDATA[{CANARY}]]></件>", "cell", False),
        ("entities", f"<件>{entities}</件>", "cell", False),
        ("comment", f"<!-- {CANARY} --><件/>", "comment", True),
        ("instruction", f"<?memo {CANARY}?><件/>", "comment", True),
        (
            "table",
            f"<行><名>甲</名><備考>{CANARY}</備考></行><行><名>乙</名><備考>無</備考></行><行><名>丙</名><備考>無</備考></行>",
            "cell",
            False,
        ),
    ):
        yield f"xml-{id_}", "a.xml", f"{head}<一覧><題>{_PROSE}</題>{inner}</一覧>", where, hidden, ""
    page = (
        '<!DOCTYPE html><html><head><meta charset="{html}">{{0}}</head><body><p>' + _PROSE + "</p>{{1}}</body></html>"
    )
    for id_, top, body, where, hidden in (
        ("text", "", f"<p>{CANARY}</p>", "text", False),
        ("split", "", f"<p>{NAME}<b>様</b>（{READING}） 090-<i>0741</i>-8523 {MAIL}</p>", "text", False),
        ("entities", "", f"<p>{entities}</p>", "text", False),
        ("title", f"<title>{CANARY}</title>", "", "text", False),
        (
            "table",
            "",
            f"<table><tr><th>番号</th><th>備考</th></tr><tr><td>1</td><td>{CANARY}</td></tr><tr><td>2</td><td>無</td></tr></table>",
            "cell",
            False,
        ),
        ("alt", "", f"<img src='a.png' alt='{CANARY}'>", "other", False),
        ("tooltip", "", f"<a href='#x' title='{CANARY}'>x</a>", "other", False),
        ("placeholder", "", f"<input value='{CANARY}'>", "other", False),
        ("link", "", f"<a href='mailto:{CANARY}'>連絡先</a>", "other", False),
        ("meta", f"<meta name='description' content='{CANARY}'>", "", "other", False),
        ("comment", "", f"<!-- {CANARY} -->", "comment", True),
        ("script", "", f"<script>var x = '{CANARY}';</script>", "comment", True),
        ("style", f"<style>/* {CANARY} */</style>", "", "comment", True),
        ("option", "", f"<select><option>{CANARY}</option></select>", "text", False),
        ("textarea", "", f"<textarea>{CANARY}</textarea>", "text", False),
        ("data", "", f"<div data-name='{CANARY}'>x</div>", "other", False),
    ):
        yield f"html-{id_}", "a.html", page.replace("{{0}}", top).replace("{{1}}", body), where, hidden, ""


def _cards() -> Iterator[tuple[str, str, str, str, bool, str]]:
    card = "BEGIN:VCARD\r\nVERSION:3.0\r\n{}END:VCARD\r\n"
    other = card.format("FN:備品\r\nNOTE:なし\r\n")
    full = f"N:{';'.join(NAME.split())};;;\r\nFN:{NAME}\r\nSORT-STRING:{READING}\r\nTEL;TYPE=CELL:{PHONE}\r\nEMAIL:{MAIL}\r\n"
    yield "vcf-person", "a.vcf", other + card.format(full), "cell", False, ""
    yield "vcf-note", "a.vcf", other + card.format(f"FN:備品\r\nNOTE:{_PROSE}\\n{CANARY}\r\n"), "cell", False, ""
    folded = f"NOTE:{CANARY[:20]}\r\n {CANARY[20:45]}\r\n {CANARY[45:]}\r\n"
    yield "vcf-folded", "a.vcf", other + card.format("FN:備品\r\n" + folded), "cell", False, ""
    yield "vcf-own", "a.vcf", other + card.format(f"FN:備品\r\nX-MEMO:{CANARY}\r\n"), "cell", False, ""
    event = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nDTSTART:20260101T000000Z\r\nCOMMENT:{_PROSE}\r\n{{}}END:VEVENT\r\nEND:VCALENDAR\r\n"
    for id_, line, hidden in (
        ("summary", f"SUMMARY:{CANARY}\r\n", False),
        ("description", f"DESCRIPTION:{_PROSE}\\n{CANARY}\r\n", False),
        ("location", f"LOCATION;LANGUAGE=ja:{CANARY}\r\n", False),
        ("folded", f"SUMMARY:{CANARY[:20]}\r\n {CANARY[20:45]}\r\n {CANARY[45:]}\r\n", False),
        ("attendee", f'ATTENDEE;CN="{CANARY}";RSVP=TRUE:mailto:a@b.example\r\n', False),
        ("own", f"X-MEMO:{CANARY}\r\n", False),
        ("alarm", f"BEGIN:VALARM\r\nDESCRIPTION:{CANARY}\r\nEND:VALARM\r\n", False),
    ):
        yield f"ics-{id_}", "a.ics", event.format(line), "text", hidden, ""


_XML = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "cp932": "Shift_JIS", "euc_jp": "EUC-JP", "iso2022_jp": "ISO-2022-JP"}


def _file(text: str, encoding: str) -> bytes:
    name = _XML.get(encoding, "UTF-16")
    return _encoded(text.replace("{xml}", name).replace("{html}", name), encoding)


def files() -> Iterator[Planted]:
    """All of them: the plain ones in all encodings, the others in three and in all that are usual for them."""
    for id_, name, text, where, hidden, location in (*_plain(), *_markup(), *_cards()):
        every = id_ in (
            "txt",
            "log",
            "csv-cell",
            "tsv",
            "json-value",
            "jsonl",
            "xml-text",
            "html-text",
            "html-table",
            "vcf-person",
            "ics-summary",
        )
        for encoding in ENCODINGS if every else ("utf-8", "cp932"):
            if id_.endswith("entities") and encoding == "cp932":
                continue
            make = partial(_file, text, encoding)
            yield Planted(f"{id_}-{encoding}", name, make, where, hidden, location, entities=_EACH)
    assert escape(CANARY) == CANARY
