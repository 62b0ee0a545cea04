"""Pictures with a canary beside their pixels, as files of their own, attached to mails, and in Office files."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from functools import partial

import document_files
import picture_files as make
import test_docx
import test_ods
import test_pptx
from planting import CANARY, Planted, planted
from workbook_places import small_workbook

from piiscan.model import Status

_UTF8, _CP932 = CANARY.encode(), CANARY.encode("cp932")


def pictures() -> dict[str, tuple[str, bytes]]:
    """Id → name, content."""
    exif = make.tiff([(0x010E, 2, _CP932 + b"\0")])
    author = make.xmp(f"<dc:creator><rdf:Seq><rdf:li>{CANARY}</rdf:li></rdf:Seq></dc:creator>")
    windows = make.tiff([(0x9C9C, 1, CANARY.encode("utf-16-le") + b"\0\0")], order=">")
    comment = make.tiff([(0x8769, 0, b"\1")], [(0x9286, 7, b"UNICODE\0" + CANARY.encode("utf-16-le"))])
    return {
        "png-tEXt": ("a.png", make.png(make.text("Comment", _CP932))),
        "png-zTXt": ("a.png", make.png(make.packed_text("Author", _UTF8))),
        "png-iTXt": ("a.png", make.png(make.international("Title", CANARY, packed=True))),
        "png-eXIf": ("a.png", make.png(make.chunk(b"eXIf", exif))),
        "png-xmp": ("a.png", make.png(make.international("XML:com.adobe.xmp", author.decode()))),
        "png-behind": ("a.png", make.png(behind=_UTF8)),
        "jpeg-comment": ("a.jpg", make.jpeg(make.segment(0xFE, _CP932))),
        "jpeg-exif": ("a.jpg", make.jpeg(make.segment(0xE1, make.EXIF + exif))),
        "jpeg-windows": ("a.jpg", make.jpeg(make.segment(0xE1, make.EXIF + windows))),
        "jpeg-user_comment": ("a.jpg", make.jpeg(make.segment(0xE1, make.EXIF + comment))),
        "jpeg-xmp": ("a.jpg", make.jpeg(make.segment(0xE1, make.XMP + author))),
        "jpeg-iptc": ("a.jpg", make.jpeg(make.segment(0xED, b"Photoshop 3.0\0" + make.iptc((2, 120, _CP932))))),
        "gif-comment": ("a.gif", make.gif(_CP932)),
        "webp-exif": ("a.webp", make.webp(exif=exif)),
        "tiff-description": ("a.tif", make.tiff([(0x0100, 3, struct.pack("<H", 1)), (0x010E, 2, _UTF8)])),
    }  # fmt: skip


def _mail(name: str, data: bytes) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.com", "b@example.com", "x"
    message.set_content("x")
    message.add_attachment(data, maintype="image", subtype=name[2:], filename=name)
    return message.as_bytes()


def files() -> Iterator[Planted]:
    """All of them."""
    for id_, (name, data) in pictures().items():
        one = partial(Planted, where="property", hidden=True)
        yield one(id=f"picture-{id_}", name=name, make=lambda data=data: data, status=Status.PARTIAL, writable=False)
        if id_ in ("png-tEXt", "jpeg-exif", "gif-comment"):
            yield one(
                id=f"mail-{id_}",
                name="a.eml",
                make=partial(_mail, name, data),
                status=Status.PARTIAL,
                writable=False,
                member=name,
            )
        if not id_.startswith(("gif", "webp", "tiff")):
            yield from _inside(one, id_, name, data)


def _inside(one: partial[Planted], id_: str, name: str, data: bytes) -> Iterator[Planted]:
    """The picture in packages; a copy of these has it without the words."""
    for kind, parts, folder in (
        ("docx", test_docx.parts, "word/media"),
        ("pptx", test_pptx.parts, "ppt/media"),
        ("ods", test_ods.parts, "Pictures"),
    ):
        built = document_files.build({**planted(parts(), 0), f"{folder}/{name}": data})
        yield one(
            id=f"{kind}-picture-{id_}", name=f"a.{kind}", make=lambda built=built: built, location=f"{folder}/{name}"
        )
    out = io.BytesIO(small_workbook("備考"))
    with zipfile.ZipFile(out, "a") as book:
        book.writestr(f"xl/media/{name}", data)
    yield one(id=f"book-picture-{id_}", name="a.xlsx", make=out.getvalue, location=f"xl/media/{name}")
