"""Archives that are only read, and signed mail, with a canary in one place."""

from __future__ import annotations

import lzma
import zlib
from collections.abc import Iterator
from functools import partial

import test_p7m as p7m
import test_seven_zip as seven
from planting import CANARY, SHORT, SHORT_ONES, Planted
from workbook_places import small_workbook

from piiscan.model import Status

_NAME = f"{SHORT}.txt"


def _give(data: bytes) -> bytes:
    return data


def _seven_files() -> Iterator[Planted]:
    one = partial(Planted, name="a.7z", writable=False)
    text = CANARY.encode()
    # A name ends with a NUL in the directory, and the builder parts names at spaces.
    name = _NAME.replace(" ", "_")
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 20}]
    packed = lzma.compress(b"x" * 50 + text, format=lzma.FORMAT_RAW, filters=filters)
    yield one(
        id="7z-text",
        make=partial(seven.packed, text, seven.COPY, [len(text)], names="b/a.txt"),
        where="text",
        member="b/a.txt",
    )
    solid = partial(seven.packed, packed, b"\x21\x21\x01\x10", [50, len(text)], names="b.txt a.txt")
    yield one(id="7z-solid", make=solid, where="text", member="a.txt")
    book = small_workbook(CANARY)
    yield one(
        id="7z-book",
        make=partial(seven.packed, book, seven.COPY, [len(book)], names="a.xlsx"),
        where="cell",
        member="a.xlsx",
    )
    named = partial(seven.packed, b"x", seven.COPY, [1], names=name)
    yield one(id="7z-name", make=named, where="member_name", entities=SHORT_ONES)


def _other_files() -> Iterator[Planted]:
    one = partial(Planted, where="member_name", entities=SHORT_ONES, status=Status.PARTIAL, writable=False)
    raw, wide = _NAME.encode("cp932"), _NAME.encode()
    for id_, suffix, data in (
        ("rar4", "rar", seven.rar4(raw)), ("rar5", "rar", seven.rar5(_NAME)), ("lzh-0", "lzh", seven.lzh(raw, 0)),
        ("lzh-1", "lzh", seven.lzh(raw, 1)), ("lzh-2", "lzh", seven.lzh(raw, 2)), ("cab", "cab", seven.cab(raw, 0)),
        ("cab-utf8", "cab", seven.cab(wide, 0x80)),
    ):  # fmt: skip
        yield one(id=f"archive-{id_}", name=f"a.{suffix}", make=partial(_give, data))


def _signed_files() -> Iterator[Planted]:
    one = partial(Planted, name="smime.p7m", writable=False)
    mail = f"Content-Type: text/plain; charset=utf-8\r\n\r\n{CANARY}\r\n".encode()
    plain = b"Content-Type: text/plain\r\n\r\nx\r\n"
    for id_, data in (
        ("signed", p7m.message(mail, certificates=b"")), ("pieces", p7m.message(mail, indefinite=True, certificates=b"")),
        ("compressed", p7m.message(zlib.compress(mail), p7m.SMIME + "09", certificates=b"")),
    ):  # fmt: skip
        yield one(id=f"p7m-{id_}", make=partial(_give, data), where="text", member="smime.eml")
    for id_, tag, raw in (("utf8", 0x0C, CANARY.encode()), ("bmp", 0x1E, CANARY.encode("utf-16-be"))):
        held = p7m.message(plain, certificates=p7m.tlv(0x30, p7m.oid("550403"), p7m.tlv(tag, raw)))
        yield one(
            id=f"p7m-certificate-{id_}",
            make=partial(_give, held),
            where="property",
            hidden=True,
            location="certificates",
        )


def files() -> Iterator[Planted]:
    """All of them."""
    yield from _seven_files()
    yield from _other_files()
    yield from _signed_files()
