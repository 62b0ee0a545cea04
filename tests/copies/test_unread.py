"""What cannot be cleaned: refused, left out with all that refers to it, or left in and said."""

from __future__ import annotations

import email
import io
import posixpath
import shutil
import subprocess
import sys
import tarfile
import zipfile
import zlib
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import canary_files
import openpyxl
import pytest
from lxml import etree

from piiscan import pipeline
from piiscan.copies import pseudonymizing
from piiscan.errors import UsageError
from piiscan.model import CopyOptions, CopyResult, CopyStatus, ScanOptions

sys.path.insert(0, str(Path(__file__).parents[1] / "formats"))
import biff_files
import outlook_files

OPTIONS = ScanOptions(isolate=False)
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = b"\0\0\0\1\0\0\0\1\x08\2\0\0\0"
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")) + chunk(b"IEND", b"")
    )


PNG = png()


def redact(source: Path, out: Path, **copy: Any) -> CopyResult:
    (result,) = pipeline.redact([str(source)], str(out), OPTIONS, CopyOptions(**copy))
    return result


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def package(members: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in members.items():
            z.writestr(name, data)
    return out.getvalue()


def rels(*items: tuple[str, str]) -> str:
    inner = "".join(f'<Relationship Id="rId{n}" Type="{R}/{k}" Target="{t}"/>' for n, (k, t) in enumerate(items, 1))
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'
    )


def types(**overrides: str) -> str:
    inner = "".join(f'<Override PartName="/{n}" ContentType="{t}"/>' for n, t in overrides.items())
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        '<Default Extension="bin" ContentType="application/vnd.openxmlformats-officedocument.oleObject"/>'
        f"{inner}</Types>"
    )


def problems(data: bytes) -> list[tuple[str, ...]]:
    """What Office would call damaged: names of relationships that are not there, and the other way round."""
    found: list[tuple[str, ...]] = []
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        names = {n.lower(): n for n in z.namelist()}
        for low, name in names.items():
            if low == "[content_types].xml":
                parts = [e.get("PartName", "").lstrip("/").lower() for e in etree.fromstring(z.read(name))]
                found += [("type", p) for p in parts if p and p not in names]
            if not low.endswith(".rels"):
                continue
            owner = low.replace("_rels/", "").removesuffix(".rels")
            ids = set()
            for relation in etree.fromstring(z.read(name)):
                ids.add(relation.get("Id"))
                target = relation.get("Target", "").lower()
                place = posixpath.normpath(posixpath.join("/", posixpath.dirname(owner), target)).lstrip("/")
                found += [("relation", name, target)] if place not in names else []
            if owner in names:
                for element in etree.fromstring(z.read(names[owner])).iter("*"):
                    for key, value in element.attrib.items():
                        if str(key).startswith(f"{{{R}}}") and value not in ids:
                            found.append(("id", owner, etree.QName(element).localname))
    return found


def macro_workbook() -> bytes:
    """A workbook with macros, a picture, an object of another program and a control."""
    with zipfile.ZipFile(io.BytesIO(canary_files.workbook())) as z:
        members: dict[str, str | bytes] = {n: z.read(n) for n in z.namelist()}
    kinds = members["[Content_Types].xml"].decode()  # type: ignore[union-attr]
    kinds = kinds.replace("spreadsheetml.sheet.main", "spreadsheetml.sheet.main").replace(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    kinds = kinds.replace(
        "</Types>",
        '<Default Extension="png" ContentType="image/png"/><Default Extension="bin" ContentType="application/vnd.openxmlformats-officedocument.oleObject"/>'
        '<Override PartName="/xl/vbaProject.bin" ContentType="application/vnd.ms-office.vbaProject"/>'
        '<Override PartName="/xl/drawings/drawing9.xml" ContentType="application/vnd.openxmlformats-officedocument.drawing+xml"/>'
        '<Override PartName="/xl/activeX/activeX1.xml" ContentType="application/vnd.ms-office.activeX+xml"/>'
        '<Override PartName="/xl/activeX/activeX1.bin" ContentType="application/vnd.ms-office.activeX"/></Types>',
    )
    book_rels = members["xl/_rels/workbook.xml.rels"].decode()  # type: ignore[union-attr]
    vba = '<Relationship Id="rId99" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/>'
    sheet = members["xl/worksheets/sheet2.xml"].decode()  # type: ignore[union-attr]
    objects = (
        f'<drawing xmlns:r="{R}" r:id="rId1"/><oleObjects xmlns:r="{R}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        '<mc:AlternateContent><mc:Choice Requires="x14"><oleObject progId="P" shapeId="1" r:id="rId2"><objectPr r:id="rId3"/></oleObject></mc:Choice>'
        '<mc:Fallback><oleObject progId="P" shapeId="1" r:id="rId2"/></mc:Fallback></mc:AlternateContent></oleObjects>'
        f'<controls xmlns:r="{R}"><control shapeId="2" r:id="rId4" name="c"/></controls></worksheet>'
    )
    drawing = (
        '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        f'xmlns:r="{R}"><xdr:absoluteAnchor><xdr:pos x="0" y="0"/><xdr:ext cx="9" cy="9"/><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="p"/><xdr:cNvPicPr/></xdr:nvPicPr>'
        '<xdr:blipFill><a:blip r:embed="rId1"/><a:stretch/></xdr:blipFill><xdr:spPr/></xdr:pic><xdr:clientData/></xdr:absoluteAnchor>'
        '<xdr:absoluteAnchor><xdr:pos x="0" y="0"/><xdr:ext cx="9" cy="9"/><xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="3" name="s"/><xdr:cNvSpPr/></xdr:nvSpPr>'
        '<xdr:spPr><a:blipFill><a:blip r:embed="rId1"/></a:blipFill></xdr:spPr></xdr:sp><xdr:clientData/></xdr:absoluteAnchor></xdr:wsDr>'
    )
    members |= {
        "[Content_Types].xml": kinds,
        "xl/_rels/workbook.xml.rels": book_rels.replace("</Relationships>", f"{vba}</Relationships>"),
        "xl/vbaProject.bin": OLE,
        "xl/worksheets/sheet2.xml": sheet.replace("</worksheet>", objects),
        "xl/worksheets/_rels/sheet2.xml.rels": rels(
            ("drawing", "../drawings/drawing9.xml"), ("oleObject", "../embeddings/oleObject1.bin"),
            ("image", "../media/image1.png"), ("control", "../activeX/activeX1.xml"),
        ),
        "xl/drawings/drawing9.xml": drawing,
        "xl/drawings/_rels/drawing9.xml.rels": rels(("image", "../media/image1.png")),
        "xl/media/image1.png": PNG,
        "xl/embeddings/oleObject1.bin": OLE,
        "xl/activeX/activeX1.xml": f'<ax:ocx xmlns:ax="http://schemas.microsoft.com/office/2006/activeX" xmlns:r="{R}" r:id="rId1"/>',
        "xl/activeX/_rels/activeX1.xml.rels": rels(("activeXControlBinary", "activeX1.bin")),
        "xl/activeX/activeX1.bin": b"\x12\x34 no format anybody knows",
    }  # fmt: skip
    return package(members)


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"


def document() -> bytes:
    """A Word document with a picture, an object of another program and a name."""
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    body = (
        f'<w:document xmlns:w="{W}" xmlns:r="{R}" xmlns:a="{A}" xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><w:body>'
        "<w:p><w:r><w:t>佐久間 柊太朗様 090-0741-8523</w:t></w:r></w:p>"
        '<w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" name="p"/><a:graphic><a:graphicData><pic:pic><pic:blipFill>'
        '<a:blip r:embed="rId1"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>'
        '<w:p><w:r><w:object><v:shape id="s"><v:imagedata r:id="rId1"/></v:shape><o:OLEObject Type="Embed" r:id="rId2"/>'
        "</w:object></w:r></w:p></w:body></w:document>"
    )
    return package({
        "[Content_Types].xml": types(**{"word/document.xml": word}),
        "_rels/.rels": rels(("officeDocument", "word/document.xml")),
        "word/document.xml": body,
        "word/_rels/document.xml.rels": rels(("image", "media/image1.png"), ("oleObject", "embeddings/oleObject1.bin")),
        "word/media/image1.png": PNG,
        "word/embeddings/oleObject1.bin": OLE,
    })  # fmt: skip


def slides() -> bytes:
    """A presentation with an animated picture and an object of another program."""
    p = "http://schemas.openxmlformats.org/presentationml/2006/main"
    kind = "application/vnd.openxmlformats-officedocument.presentationml"
    name = (
        '<p:sp><p:nvSpPr><p:cNvPr id="2" name="t"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/>'
        "<a:p><a:r><a:t>佐久間 柊太朗様 090-0741-8523</a:t></a:r></a:p></p:txBody></p:sp>"
    )
    slide = (
        f'<p:sld xmlns:p="{p}" xmlns:a="{A}" xmlns:r="{R}"><p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/></p:nvGrpSpPr>{name}'
        '<p:pic><p:nvPicPr><p:cNvPr id="7" name="p"/></p:nvPicPr><p:blipFill><a:blip r:embed="rId1"/></p:blipFill><p:spPr/></p:pic>'
        '<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="8" name="o"/></p:nvGraphicFramePr><a:graphic><a:graphicData>'
        '<p:oleObj r:id="rId2" progId="P"><p:pic><p:blipFill><a:blip r:embed="rId1"/></p:blipFill></p:pic></p:oleObj>'
        "</a:graphicData></a:graphic></p:graphicFrame></p:spTree></p:cSld>"
        '<p:timing><p:tnLst><p:par><p:cTn id="1"><p:spTgt spid="7"/></p:cTn></p:par></p:tnLst></p:timing></p:sld>'
    )
    return package({
        "[Content_Types].xml": types(**{"ppt/presentation.xml": f"{kind}.presentation.main+xml", "ppt/slides/slide1.xml": f"{kind}.slide+xml"}),
        "_rels/.rels": rels(("officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": f'<p:presentation xmlns:p="{p}" xmlns:r="{R}"><p:sldIdLst><p:sldId id="256" r:id="rId1"/></p:sldIdLst></p:presentation>',
        "ppt/_rels/presentation.xml.rels": rels(("slide", "slides/slide1.xml")),
        "ppt/slides/slide1.xml": slide,
        "ppt/slides/_rels/slide1.xml.rels": rels(("image", "../media/image1.png"), ("oleObject", "../embeddings/oleObject1.bin")),
        "ppt/media/image1.png": PNG,
        "ppt/embeddings/oleObject1.bin": OLE,
    })  # fmt: skip


def opendocument() -> bytes:
    """A spreadsheet in OpenDocument with a picture on it."""
    kinds = ("office", "table", "text", "drawing")
    spaces = " ".join(f'xmlns:{k}="urn:oasis:names:tc:opendocument:xmlns:{k}:1.0"' for k in kinds)
    row = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{t}</text:p></table:table-cell>'
        for t in ("佐久間 柊太朗", "090-0741-8523")
    )
    frame = '<drawing:frame><drawing:image xlink:href="Pictures/1.png"/></drawing:frame>'
    content = (
        f'<office:document-content {spaces} xmlns:xlink="http://www.w3.org/1999/xlink"><office:body><office:spreadsheet>'
        f'<table:table table:name="a"><table:shapes>{frame}</table:shapes><table:table-row>{row}</table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    entry = '<manifest:file-entry manifest:full-path="{}" manifest:media-type="{}"/>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    entries = "".join(
        entry.format(*e) for e in (("/", kind), ("content.xml", "text/xml"), ("Pictures/1.png", "image/png"))
    )
    return package({
        "mimetype": kind,
        "content.xml": content,
        "Pictures/1.png": PNG,
        "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{entries}</manifest:manifest>',
    })  # fmt: skip


def archive() -> bytes:
    """A zip with a list, a picture, a file of no known format, and a list under a password inside another zip."""
    return package({
        "list.csv": canary_files.delimited(),
        "photo.png": PNG,
        "thing.xyz": bytes(range(256)) * 9,
        "deep/locked.zip": locked(),
    })  # fmt: skip


def locked() -> bytes:
    import pyzipper

    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", compression=zipfile.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as z:
        z.setpassword(b"secret")
        z.writestr("a.csv", canary_files.delimited())
    return out.getvalue()


def mail() -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.jp", "b@example.jp", "list"
    message.set_content(canary_files.prose())
    message.add_attachment(canary_files.delimited(), maintype="text", subtype="csv", filename="list.csv")
    message.add_attachment(PNG, maintype="image", subtype="png", filename="photo.png")
    message.add_attachment(
        bytes(range(256)) * 9, maintype="application", subtype="octet-stream", filename="佐久間 柊太朗.xyz"
    )
    return message.as_bytes()


FILES = {
    "book.xlsm": macro_workbook(),
    "paper.docx": document(),
    "talk.pptx": slides(),
    "files.zip": archive(),
    "mail.eml": mail(),
    "files.tar": canary_files.tarred({"list.csv": canary_files.delimited(), "photo.png": PNG}),
}


@pytest.mark.parametrize("name", FILES)
def test_stop_refuses(name: str, tmp_path: Path) -> None:
    result = redact(write(tmp_path / name, FILES[name]), tmp_path / f"b-{name}")
    assert (result.status, result.reason) == (CopyStatus.REFUSED, "copy_not_read_whole")
    assert not (tmp_path / f"b-{name}").exists()


@pytest.mark.parametrize("name", [*FILES, "sheet.ods"])
def test_drop_leaves_it_out_and_the_file_is_whole(name: str, tmp_path: Path) -> None:
    source = write(tmp_path / name, FILES.get(name) or opendocument())
    result = redact(source, tmp_path / f"b-{name}", unknown="drop")
    assert (result.status, result.reason) == (CopyStatus.WRITTEN, None)
    data = (tmp_path / f"b-{name}").read_bytes()
    assert {n.reason for n in result.notes} == {"unread_left_out"}
    for gone in (PNG, OLE, "佐久間".encode(), b"vbaProject", b"photo"):
        assert gone not in data
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as z:
            assert z.testzip() is None
            content = {n: z.read(n) for n in z.namelist()}
        assert not any(PNG in c or OLE in c or "佐久間".encode() in c for c in content.values())
        if name.endswith(("xlsm", "docx", "pptx")):
            assert problems(data) == []
    (report,) = [r for r in pipeline.scan([str(tmp_path / f"b-{name}")], OPTIONS) if r.member is None]
    assert report.status.value == "scanned"


def test_what_refers_to_a_part_goes_with_it(tmp_path: Path) -> None:
    for name in ("book.xlsm", "paper.docx", "talk.pptx"):
        redact(write(tmp_path / name, FILES[name]), tmp_path / f"b-{name}", unknown="drop")
    with zipfile.ZipFile(tmp_path / "b-book.xlsm") as z:
        sheet, drawing = z.read("xl/worksheets/sheet2.xml"), z.read("xl/drawings/drawing9.xml")
        assert "xl/activeX/activeX1.xml" not in z.namelist()
    assert b"oleObject" not in sheet
    assert b"control" not in sheet
    assert b"<drawing" in sheet
    assert b"xdr:pic" not in drawing
    assert drawing.count(b"<xdr:absoluteAnchor>") == 1
    assert b"noFill" in drawing
    with zipfile.ZipFile(tmp_path / "b-paper.docx") as z:
        paper = z.read("word/document.xml")
    assert b"w:drawing" not in paper
    assert b"w:object" not in paper
    with zipfile.ZipFile(tmp_path / "b-talk.pptx") as z:
        slide = z.read("ppt/slides/slide1.xml")
    assert b"p:pic" not in slide
    assert b"graphicFrame" not in slide
    assert b"timing" not in slide
    source = write(tmp_path / "sheet.ods", opendocument())
    redact(source, tmp_path / "b.ods", unknown="drop")
    with zipfile.ZipFile(tmp_path / "b.ods") as z:
        assert b"frame" not in z.read("content.xml")
        assert b"Pictures" not in z.read("META-INF/manifest.xml")


@pytest.mark.parametrize("name", FILES)
def test_keep_leaves_it_in_and_says_so(name: str, tmp_path: Path) -> None:
    result = redact(write(tmp_path / name, FILES[name]), tmp_path / f"b-{name}", unknown="keep")
    assert (result.status, result.reason) == (CopyStatus.WRITTEN, None)
    assert {n.reason for n in result.notes} == {"unread_kept"}
    assert all(n.partial for n in result.notes)
    if name.endswith(("xlsm", "docx", "pptx")):
        with zipfile.ZipFile(io.BytesIO(FILES[name])) as old, zipfile.ZipFile(tmp_path / f"b-{name}") as new:
            assert {n for n in old.namelist() if "thumbnail" not in n} == set(new.namelist())
            for part in old.namelist():
                if part.endswith((".bin", ".png")):
                    assert old.read(part) == new.read(part)
                elif part.endswith(".xml"):
                    assert "佐久間".encode() not in new.read(part)


@pytest.mark.parametrize("name", FILES)
def test_copies_with_stand_ins_leave_it_out_or_in_too(name: str, tmp_path: Path) -> None:
    source, key = write(tmp_path / name, FILES[name]), b"k" * 32

    def made(unknown: str) -> CopyResult:
        copy, out = CopyOptions(profile="pseudonymize", unknown=unknown), str(tmp_path / f"{unknown}-{name}")
        kept = None if unknown == "drop" else str(tmp_path / f"{unknown}.vault")
        (result,) = pseudonymizing.pseudonymize([str(source)], out, OPTIONS, copy, key, kept)
        return result

    assert (made("stop").status, made("drop").reason, made("keep").reason) == (CopyStatus.REFUSED, None, None)
    copies = {unknown: (tmp_path / f"{unknown}-{name}").read_bytes() for unknown in ("drop", "keep")}
    assert not any("佐久間".encode() in data for data in everything(copies["drop"]))
    assert any(PNG in data for data in everything(copies["keep"]))
    assert not any(PNG in data for data in everything(copies["drop"]))
    (back,) = pseudonymizing.restore([str(tmp_path / f"keep-{name}")], str(tmp_path / "back"), OPTIONS, CopyOptions(),
                                     key, str(tmp_path / "keep.vault"))  # fmt: skip
    assert back.status is CopyStatus.WRITTEN
    assert any("佐久間".encode() in data for data in everything((tmp_path / "back").read_bytes()))


def test_what_is_left_out_cannot_be_given_back(tmp_path: Path) -> None:
    source, copy = write(tmp_path / "a.eml", mail()), CopyOptions(profile="pseudonymize", unknown="drop")
    with pytest.raises(UsageError, match="reversible"):
        list(
            pseudonymizing.pseudonymize(
                [str(source)], str(tmp_path / "b"), OPTIONS, copy, b"k" * 32, str(tmp_path / "v")
            )
        )
    assert not (tmp_path / "v").exists()


def everything(data: bytes) -> list[bytes]:
    """The bytes of a file, and those of what is packed or encoded in it."""
    found = [data]
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as z:
            found += [z.read(i) for i in z.infolist() if not i.flag_bits & 1]
    parts = email.message_from_bytes(data).walk()
    return [*found, *(raw for part in parts if isinstance(raw := part.get_payload(decode=True), bytes))]


def test_a_locked_file_in_an_archive_stays_locked_and_opens(tmp_path: Path) -> None:
    import pyzipper

    redact(write(tmp_path / "a.zip", archive()), tmp_path / "b.zip", unknown="keep")
    with zipfile.ZipFile(tmp_path / "b.zip") as z:
        inner = z.read("deep/locked.zip")
    with pyzipper.AESZipFile(io.BytesIO(inner)) as z:
        z.setpassword(b"secret")
        assert z.read("a.csv") == canary_files.delimited()


def test_an_entry_under_a_password_is_copied_as_it_is(tmp_path: Path) -> None:
    """Beside one without; with the descriptor that the byte for telling wrong passwords hangs on."""
    import pyzipper

    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", compression=zipfile.ZIP_DEFLATED) as z:
        z.writestr("open.csv", canary_files.delimited())
        z.setpassword(b"secret")
        z.setencryption(pyzipper.WZ_AES)
        z.writestr("locked.csv", canary_files.delimited())
    source = write(tmp_path / "a.zip", out.getvalue())
    assert redact(source, tmp_path / "stop.zip").status is CopyStatus.REFUSED
    assert redact(source, tmp_path / "keep.zip", unknown="keep").status is CopyStatus.WRITTEN
    with pyzipper.AESZipFile(tmp_path / "keep.zip") as z:
        assert "佐久間".encode() not in z.read("open.csv")
        z.setpassword(b"secret")
        assert z.read("locked.csv") == canary_files.delimited()
    assert redact(source, tmp_path / "drop.zip", unknown="drop").status is CopyStatus.WRITTEN
    with zipfile.ZipFile(tmp_path / "drop.zip") as z:
        assert z.namelist() == ["open.csv"]


def test_a_mail_without_its_attachments_is_a_mail(tmp_path: Path) -> None:
    redact(write(tmp_path / "a.eml", mail()), tmp_path / "b.eml", unknown="drop")
    message = email.message_from_bytes((tmp_path / "b.eml").read_bytes())
    kinds = [(part.get_content_type(), part.get_filename()) for part in message.walk()]
    assert kinds == [
        ("multipart/mixed", None), ("text/plain", None), ("text/csv", "list.csv"), ("text/plain", None), ("text/plain", None),
    ]  # fmt: skip
    assert [part.defects for part in message.walk() if part.defects] == []


def test_a_link_to_what_is_left_out_of_a_tar_goes_too(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as z:
        for name, data in (("list.csv", canary_files.delimited()), ("photo.png", PNG)):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            z.addfile(info, io.BytesIO(data))
        link = tarfile.TarInfo("again.png")
        link.type, link.linkname = tarfile.LNKTYPE, "photo.png"
        z.addfile(link)
    redact(write(tmp_path / "a.tar", out.getvalue()), tmp_path / "b.tar", unknown="drop")
    with tarfile.open(tmp_path / "b.tar") as z:
        assert z.getnames() == ["list.csv"]


def test_what_is_under_a_password_as_a_whole_cannot_be_copied(tmp_path: Path) -> None:
    source = write(tmp_path / "a.zip", locked())
    for policy in ("stop", "drop"):
        assert redact(source, tmp_path / "b.zip", unknown=policy).status is CopyStatus.REFUSED


def test_pictures_in_documents_stay_and_are_told(tmp_path: Path) -> None:
    result = redact(write(tmp_path / "sheet.ods", opendocument()), tmp_path / "b.ods")
    assert result.status is CopyStatus.WRITTEN
    assert [(n.location, n.reason) for n in result.notes] == [("Pictures/1.png", "picture_kept")]


# ---------------------------------------------------------------- formats that must be converted


def test_without_convert_there_is_a_way_out(tmp_path: Path) -> None:
    source = old_workbook(tmp_path)
    assert redact(source, tmp_path / "b.xls").reason == "copy_wants_convert"


def test_without_an_office_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = old_workbook(tmp_path)
    monkeypatch.setattr("piiscan.copies.converting.office", lambda: None)
    result = redact(source, tmp_path / "b.xlsx", convert=True)
    assert (result.status, result.reason) == (CopyStatus.REFUSED, "convert_no_office")


@pytest.mark.parametrize(
    "script, reason",
    [("exit 1", "convert_failed"), ("sleep 60", "convert_too_long"), ("kill -9 $$", "convert_failed")],
)
def test_an_office_that_fails_leaves_nothing(
    script: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = old_workbook(tmp_path)
    fake = write(tmp_path / "soffice", f"#!/bin/sh\n{script}\n".encode())
    fake.chmod(0o755)
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(work))
    monkeypatch.setattr("piiscan.copies.converting.office", lambda: str(fake))
    monkeypatch.setattr("piiscan.copies.converting.MOST_SECONDS", 2.0)
    result = redact(source, tmp_path / "b.xlsx", convert=True)
    assert (result.status, result.reason) == (CopyStatus.REFUSED, reason)
    assert list(work.iterdir()) == []
    assert not (tmp_path / "b.xlsx").exists()


@pytest.mark.parametrize("left_out", [0, 1])
def test_what_a_workbook_holds_twice_is_not_lost_when_it_is_converted_once(
    left_out: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workbooks for Excel 5 and 97 hold all sheets for each; an office that leaves out a row is noticed."""
    one = old_workbook(tmp_path)
    (tmp_path / "new").mkdir()
    both = old_workbook(tmp_path / "new", twice=True)
    book = openpyxl.Workbook()
    rows = [canary_files.HEADER, *canary_files.PEOPLE]
    for row in rows[: len(rows) - left_out]:
        book.active.append(row)
    book.save(tmp_path / "made.xlsx")
    fake = write(tmp_path / "soffice", f"#!/bin/sh\nmkdir made\ncp '{tmp_path}/made.xlsx' made/source.xlsx\n".encode())
    fake.chmod(0o755)
    monkeypatch.setattr("piiscan.copies.converting.office", lambda: str(fake))
    for source in (one, both):
        result = redact(source, source.parent / "b.xlsx", convert=True)
        assert result.reason == ("convert_lost" if left_out else None)


@pytest.mark.slow
@pytest.mark.libreoffice
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_an_old_workbook_becomes_a_clean_new_one(tmp_path: Path) -> None:
    import openpyxl

    (tmp_path / "in").mkdir()
    book = write(tmp_path / "a.xlsx", canary_files.workbook())
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    call = ["soffice", profile, "--headless", "--convert-to", "xls", "--outdir", str(tmp_path / "in"), str(book)]
    subprocess.run(call, check=True, capture_output=True, timeout=180)
    source = tmp_path / "in" / "a.xls"
    before = source.read_bytes()
    (result,) = pipeline.redact([str(tmp_path / "in")], str(tmp_path / "out"), OPTIONS, CopyOptions(convert=True))
    assert (result.status, result.reason) == (CopyStatus.WRITTEN, None)
    assert result.output == str(tmp_path / "out" / "a.xlsx")
    assert "converted" in {n.reason for n in result.notes}
    made = openpyxl.load_workbook(tmp_path / "out" / "a.xlsx")
    values = [c.value for sheet in made for row in sheet.iter_rows() for c in row]
    assert "氏名" in values
    assert not any(value in str(values) for value in ("佐久間", "西園寺"))
    assert source.read_bytes() == before


def old_workbook(folder: Path, *, twice: bool = False) -> Path:
    """A workbook of Excel 97 with a list of people; ``twice``: once more for Excel 5."""
    rows = [canary_files.HEADER, *canary_files.PEOPLE]
    texts = [text for row in rows for text in row]
    width = len(canary_files.HEADER)
    cells = b"".join(biff_files.label(n // width, n % width, n) for n in range(len(texts)))
    shared = biff_files.rec(0xFC, biff_files.shared([(text, "", 0) for text in texts]))
    whole = biff_files.stream([("S", cells)], shared)
    streams = {"Workbook": whole, **({"Book": whole} if twice else {})}
    return write(folder / "a.xls", outlook_files.compound(streams))


def test_litter_is_left_out_whatever_was_asked(tmp_path: Path) -> None:
    path, out = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    book = openpyxl.Workbook()
    book.active["A1"] = "見本"
    book.save(path)
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/.DS_Store", b"\0\0\0\1Bud1\0\0")
        package.writestr("[trash]/0000.dat", b"\xff\xff\0\0\0\1")
    result = redact(path, out)
    assert result.status is CopyStatus.WRITTEN
    with zipfile.ZipFile(out) as package:
        assert not {"xl/.DS_Store", "[trash]/0000.dat"} & set(package.namelist())
    assert {n.reason for n in result.notes} == {"unread_left_out"}
