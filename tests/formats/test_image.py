"""Words beside the pixels of pictures: read in every encoding, said to be all that was read, and taken out of copies."""

from __future__ import annotations

import io
import random
import struct

import pytest
from picture_files import (
    EXIF,
    XMP,
    chunk,
    gif,
    international,
    iptc,
    jpeg,
    packed_text,
    png,
    segment,
    text,
    tiff,
    webp,
    xmp,
)

from piiscan.errors import PiiscanError
from piiscan.formats import image
from piiscan.formats._picture import without_words
from piiscan.inspection.inspecting import inspect
from piiscan.inspection.knowledge import knowledge
from piiscan.model import FileReport, Limits, Skipped, Source, Text

NAME = "佐久間 柊太朗"
WORDS = f"撮影 {NAME}様 090-0123-4567"
CP932, UTF8 = WORDS.encode("cp932"), WORDS.encode()


def source(data: bytes, name: str = "a.png") -> Source:
    return Source(name, None, name, io.BytesIO(data), len(data))


def read(data: bytes) -> list[tuple[str, str]]:
    return [(i.place.where, i.text) for i in image.read(source(data), Limits()) if isinstance(i, Text)]


def report(data: bytes) -> FileReport:
    return inspect(source(data), knowledge(), Limits(), b"k" * 32).reports[0]


COMMENT = [(0x9286, 7, b"UNICODE\0" + WORDS.encode("utf-16-be"))]
CARRIERS = {
    "tEXt": png(text("Comment", CP932)),
    "tEXt, utf-8": png(text("Author", UTF8)),
    "zTXt": png(packed_text("Description", CP932)),
    "iTXt": png(international("Title", WORDS)),
    "iTXt, packed": png(international("Title", WORDS, packed=True)),
    "eXIf": png(chunk(b"eXIf", tiff([(0x010E, 2, UTF8 + b"\0")]))),
    "png xmp": png(international("XML:com.adobe.xmp", xmp(f"<dc:title><rdf:Alt><rdf:li>{WORDS}</rdf:li></rdf:Alt></dc:title>").decode())),
    "raw profile": png(packed_text("Raw profile type iptc", b"\niptc\n  99\n" + iptc((2, 120, CP932)).hex().encode())),
    "behind the end": png(behind=CP932),
    "comment": jpeg(segment(0xFE, CP932)),
    "exif": jpeg(segment(0xE1, EXIF + tiff([(0x013B, 2, CP932 + b"\0")], order=">"))),
    "exif, second directory": jpeg(segment(0xE1, EXIF + tiff([(0x0100, 3, b"\1\0")], [(0x010E, 2, UTF8)]))),
    "user comment": jpeg(segment(0xE1, EXIF + tiff([(0x8769, 0, b"\1")], COMMENT))),
    "user comment, jis": jpeg(segment(0xE1, EXIF + tiff([(0x8769, 0, b"\1")], [(0x9286, 7, b"JIS\0\0\0\0\0" + WORDS.encode("iso2022_jp"))]))),
    "windows": jpeg(segment(0xE1, EXIF + tiff([(0x9C9D, 1, WORDS.encode("utf-16-le") + b"\0\0")]))),
    "owner": jpeg(segment(0xE1, EXIF + tiff([(0x8769, 0, b"\1")], [(0xA430, 2, UTF8)]))),
    "jpeg xmp": jpeg(segment(0xE1, XMP + xmp("", f'photoshop:Headline="{WORDS}"'))),
    "iptc": jpeg(segment(0xED, b"Photoshop 3.0\0" + iptc((1, 90, b"\x1b%G"), (2, 80, UTF8)))),
    "gif": gif(CP932),
    "gif xmp": gif(packet=xmp(f"<dc:description>{WORDS}</dc:description>")),
    "webp": webp(exif=EXIF + tiff([(0x010E, 2, UTF8)])),
    "webp xmp": webp(packet=xmp(f"<dc:description>{WORDS}</dc:description>")),
    "tiff": tiff([(0x010E, 2, UTF8)], [(0x013B, 2, b"x\0")]),
    "tiff iptc": tiff([(0x83BB, 7, iptc((2, 120, CP932))[16:][12:])]),
    "tiff resources": tiff([(0x8649, 1, iptc((2, 120, CP932)))]),
    "heic exif": b"\0\0\0\x18ftypheic" + bytes(20) + b"\0\0\0\6" + EXIF + tiff([(0x010E, 2, UTF8)]),
    "heic xmp": b"\0\0\0\x18ftypheic" + bytes(20) + xmp(f"<dc:creator>{WORDS}</dc:creator>"),
}  # fmt: skip


@pytest.mark.parametrize("data", CARRIERS.values(), ids=CARRIERS)
def test_words_are_read_and_the_pixels_are_not(data: bytes) -> None:
    assert any(where == "property" and WORDS in text for where, text in read(data))
    found = report(data)
    assert (found.format, found.status, found.status_reason) == ("image", "partial", "image")
    assert {f.entity for f in found.findings} == {"person_name", "phone"}
    assert {(f.where, f.hidden) for f in found.findings} == {("property", True)}


def test_a_bare_name_of_the_author_is_found() -> None:
    found = report(png(text("Author", NAME.encode())))
    assert [f.entity for f in found.findings] == ["person_name"]


def test_a_picture_without_words_is_skipped() -> None:
    machine = [(0x010F, 2, b"Maker\0"), (0x0110, 2, b"090-0123-4567\0"), (0x0132, 2, b"2026:01:02 03:04:05\0")]
    for data in (
        png(),
        jpeg(),
        jpeg(segment(0xE1, EXIF + tiff(machine))),
        gif(),
        webp(),
        b"BM" + struct.pack("<I", 40) + bytes(34),
    ):
        found = report(data)
        assert (found.status, found.status_reason, found.findings) == ("skipped", "image", ())
        assert [s for s in found.skipped if s.reason == "image"] == [Skipped("", "image", partial=False)]


def test_what_a_camera_says_of_itself_is_an_identifier() -> None:
    packet = xmp(
        "<xmpMM:DocumentID>a@example.jp</xmpMM:DocumentID><dc:creator>b@example.jp</dc:creator>", 'exif:Model="c"'
    )
    assert read(jpeg(segment(0xE1, XMP + packet))) == [
        ("identifier", "c"),
        ("identifier", "a@example.jp"),
        ("property", "b@example.jp"),
    ]


def test_circles_and_monsters_end() -> None:
    circle = bytearray(tiff([(0x8769, 0, b"\0"), (0x010E, 2, UTF8)]))
    assert read(bytes(circle)) == [("property", WORDS)]
    bomb = packed_text("Comment", b"A" * 50_000_000)
    assert sum(len(t) for _, t in read(png(bomb))) <= 5_000_000
    assert read(png() + b"")[:1] == []
    assert read(jpeg(b"\xff\xe1\0\0" * 10)) == []


def test_damage_ends() -> None:
    chosen = random.Random(5)
    seeds = list(CARRIERS.values())
    kept = 0
    for _ in range(4000):
        data = bytearray(chosen.choice(seeds))
        for _ in range(chosen.randint(1, 4)):
            data[chosen.randrange(4, len(data))] = chosen.choice((0, 1, 0x7F, 0x80, 0xFF, chosen.randrange(256)))
        try:
            kept += bool(read(bytes(data)))
            without_words(bytes(data))
        except PiiscanError:
            continue
    assert kept > 1000


@pytest.mark.parametrize("name", [n for n, d in CARRIERS.items() if d[:3] in (b"\x89PN", b"\xff\xd8\xff")])
def test_a_picture_without_its_words(name: str) -> None:
    plain = without_words(CARRIERS[name])
    assert plain is not None
    assert read(plain) == []
    assert plain in (png(), jpeg())


@pytest.mark.parametrize("damage", [b"", b"\xff\xe0\0\0", b"zz"])
def test_behind_damage_words_that_stand_openly_are_read(damage: bytes) -> None:
    """What cannot be followed up to the pixels is searched, and is not written without its words."""
    whole = CARRIERS["exif"]
    data = whole[:2] + segment(0xFE, b"x") + damage + whole[4:]
    assert any(WORDS in text for _, text in read(data))
    assert without_words(data) is None


def test_a_turned_picture_stays_turned() -> None:
    for order in "<>":
        turned = [(0x0112, 3, struct.pack(f"{order}H", 6)), (0x010E, 2, UTF8)]
        plain = without_words(jpeg(segment(0xE1, EXIF + tiff(turned, order=order))))
        assert plain is not None
        assert read(plain) == []
        assert struct.pack(">HHIH", 0x0112, 3, 1, 6) in plain
        assert plain.startswith(b"\xff\xd8\xff\xe1")
    assert without_words(gif(UTF8)) is None
