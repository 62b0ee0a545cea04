"""PDF files with a canary in one place; nothing when there is no reader for them."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from functools import partial

import test_pdf
from planting import CANARY, MAIL, PHONE, Planted

_WIDE = b"<FEFF" + CANARY.encode("utf-16-be").hex().encode() + b">"
_NOTHING = b"<</Type/Annot/Subtype/Text/Rect[0 0 9 9]>>"
_HELVETICA = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
#: A Japanese font that is not in the file, by characters of UTF-16.
_MINCHO = (
    b"<</Type/Font/Subtype/Type0/BaseFont/M/Encoding/UniJIS-UTF16-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType0/BaseFont/M"
    b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)/Supplement 6>>/FontDescriptor<</Type/FontDescriptor/FontName/M/Flags 4>>>>]>>"
)


def _page() -> bytes:
    """A page in Japanese; the table of offsets is off, as in many files from the web."""
    shown = b"BT /F 4 Tf 2 200 Td <" + CANARY.encode("utf-16-be").hex().encode() + b"> Tj ET"
    return test_pdf.document([shown]).replace(_HELVETICA, _MINCHO)


def _note(**keys: bytes) -> bytes:
    inner = b"".join(b"/%s%s" % (key.encode(), value) for key, value in keys.items())
    note = b"<</Type/Annot/Subtype/Text/Rect[0 0 9 9]" + inner + b">>"
    return test_pdf.document([test_pdf.shows("x")], {4: note, 5: _NOTHING})


def _info(key: bytes) -> bytes:
    extra = {4: _NOTHING, 5: _NOTHING, 6: b"<</%s%s>>" % (key, _WIDE)}
    return test_pdf.document([test_pdf.shows("x")], extra, b"/Info 6 0 R")


def _metadata() -> bytes:
    packet = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><dc:creator>{CANARY}</dc:creator></x:xmpmeta>".encode()
    stream = b"<</Type/Metadata/Length %d>>stream\n%s\nendstream" % (len(packet), packet)
    return test_pdf.document([test_pdf.shows("x")], {4: _NOTHING, 5: _NOTHING, 6: stream})


def files() -> Iterator[Planted]:
    """All of them."""
    if importlib.util.find_spec("pypdfium2") is None:
        return
    one = partial(Planted, name="a.pdf", writable=False)
    yield one(id="pdf-page", make=_page, where="text", location="page 1")
    plain = partial(test_pdf.document, [test_pdf.shows("x"), test_pdf.shows(f"{PHONE} {MAIL}")])
    yield one(id="pdf-second_page", make=plain, where="text", location="page 2", entities=frozenset({"phone", "email"}))
    for key in ("Contents", "T", "Subj", "V", "TU"):
        yield one(id=f"pdf-note-{key}", make=partial(_note, **{key: _WIDE}), where="comment", location="page 1")
    for key in (b"Author", b"Title", b"Subject", b"Keywords"):
        yield one(id=f"pdf-info-{key.decode()}", make=partial(_info, key), where="property", hidden=True)
    yield one(id="pdf-metadata", make=_metadata, where="property", hidden=True)
