"""Archives with a canary in one place: contents, names, comments, owners; nested in each other."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial

import document_files
import test_docx
from planting import CANARY, SHORT, SHORT_ONES, Planted, planted
from workbook_places import small_workbook

Place = tuple[str, str, bytes, dict[str, object]]
_TEXT = {"where": "text"}
_NAME = {"where": "member_name", "entities": SHORT_ONES}
_FILE = f"{SHORT}.txt"
_CSV = f"番号,備考,区分\n1,{CANARY},甲\n2,済,乙\n".encode("cp932")


def zipped(
    name: str = "a.txt",
    data: bytes = b"x",
    *,
    flag: int | None = None,
    comment: bytes = b"",
    inner: bytes = b"",
    extra: bytes = b"",
) -> bytes:
    """A zip with one member; ``flag`` None: the name as UTF-8, 0: in the code page of Japan."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        info = zipfile.ZipInfo("?" * len(name.encode("cp932")) if flag == 0 else name, (2026, 1, 2, 3, 4, 6))
        info.comment, info.extra = inner, extra
        package.writestr(info, data)
        package.comment = comment
    if flag == 0:
        raw = name.encode("cp932")
        return out.getvalue().replace(b"?" * len(raw), raw)
    return out.getvalue()


def cornered(data: bytes, extra: bytes = b"", gap: bytes = b"", between: bytes = b"", comment: bytes = b"") -> bytes:
    """The archive with something in its first member's extra field, before it, before its directory, or as a comment."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for number, info in enumerate(old.infolist()):
            info.extra = extra if not number else b""
            new.writestr(info, old.read(info))
        new.comment = comment
    raw = out.getvalue()
    if gap:
        return gap + raw
    return _moved(raw, between) if between else raw


def _moved(raw: bytes, between: bytes) -> bytes:
    """The archive with bytes between the last member and the directory."""
    end = raw.rindex(b"PK\x05\x06")
    (start,) = struct.unpack_from("<I", raw, end + 16)
    tail = bytearray(raw[start:])
    struct.pack_into("<I", tail, end - start + 16, start + len(between))
    return raw[:start] + between + bytes(tail)


def tarred(
    name: str = "a.txt",
    data: bytes = b"x",
    *,
    form: int = tarfile.GNU_FORMAT,
    encoding: str = "utf-8",
    **differs: object,
) -> bytes:
    """A tar with one member."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form, encoding=encoding) as package:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        for key, value in differs.items():
            setattr(info, key, value)
        package.addfile(info, io.BytesIO(data))
    return out.getvalue()


def sparse(data: bytes, *, more: int = 0) -> bytes:
    """A tar with one file in the old sparse form of GNU; ``more``: blocks that go on with its map."""
    whole = bytearray(tarred("a.csv", data, type=tarfile.GNUTYPE_SPARSE))
    whole[482] = bool(more)
    whole[148:156] = b"        "
    whole[148:156] = b"%06o\0 " % sum(whole[:512])
    blocks = b"".join(bytes(504) + bytes([n + 1 < more]) + bytes(7) for n in range(more))
    return bytes(whole[:512]) + blocks + bytes(whole[512:])


def sparse_pax(data: bytes, name: str, pieces: int = 3) -> bytes:
    """The same in the newest form: the map stands before the content."""
    numbers = b"".join(b"%d\n" % n for n in (pieces, *range(2 * pieces)))
    headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": name, "GNU.sparse.realsize": "99"}
    body = numbers + bytes(-len(numbers) % 512) + data
    return tarred("GNUSparseFile.1/x", body, form=tarfile.PAX_FORMAT, pax_headers=headers)


def _gz(data: bytes, name: bytes = b"", comment: bytes = b"") -> bytes:
    flags = (8 if name else 0) | (16 if comment else 0)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(data) + packer.flush()
    head = b"\x1f\x8b\x08" + bytes([flags]) + bytes(6)
    head += (name + b"\0" if name else b"") + (comment + b"\0" if comment else b"")
    return head + body + struct.pack("<II", zlib.crc32(data), len(data))


def _zips() -> Iterator[Place]:
    text = CANARY.encode()
    yield "text", "a.zip", zipped("b/a.txt", text), {**_TEXT, "member": "b/a.txt"}
    yield "csv", "a.zip", zipped("名簿.csv", _CSV, flag=0), {"where": "cell", "member": "名簿.csv"}
    yield "book", "a.zip", zipped("a.xlsx", small_workbook(CANARY)), {"where": "cell", "member": "a.xlsx"}
    yield "name", "a.zip", zipped(_FILE), _NAME
    yield "name-cp932", "a.zip", zipped(_FILE, flag=0), _NAME
    yield "folder", "a.zip", zipped(f"{SHORT}/a.txt"), _NAME
    unicode_path = struct.pack("<HHBI", 0x7075, 5 + len(_FILE.encode()), 1, zlib.crc32(b"a.txt")) + _FILE.encode()
    yield "name-extra", "a.zip", zipped("a.txt", extra=unicode_path), _NAME
    for encoding in ("utf-8", "cp932"):
        raw = CANARY.encode(encoding)
        yield (
            f"comment-{encoding}",
            "a.zip",
            zipped(comment=raw),
            {"where": "other", "hidden": True, "location": "zip:comment"},
        )
        yield f"member_comment-{encoding}", "a.zip", zipped(inner=raw), {"where": "other", "hidden": True}
    other = struct.pack("<HH", 0x4242, len(CANARY.encode())) + CANARY.encode()
    corner = {"where": "other", "hidden": True}
    book = small_workbook("備考")
    document = document_files.build(planted(test_docx.parts(), 0))
    for kind, plain in (("zip", zipped()), ("xlsx", book), ("docx", document)):
        yield f"extra-{kind}", f"a.{kind}", cornered(plain, extra=other), {**corner, "location": "zip:extra"}
        if kind == "zip":
            yield "prefix", "a.zip", cornered(plain, gap=CANARY.encode("cp932")), {**corner, "location": "zip:unused"}
        wide = CANARY.encode("utf-16-le")
        yield f"between-{kind}", f"a.{kind}", cornered(plain, between=wide), {**corner, "location": "zip:unused"}
        yield (
            f"only_comment-{kind}",
            f"a.{kind}",
            cornered(plain, comment=CANARY.encode()),
            {**corner, "location": "zip:comment"},
        )
    deep = zipped("b.zip", zipped("c.zip", zipped("d.txt", text)))
    yield "nested", "a.zip", deep, {**_TEXT, "member": "b.zip/c.zip/d.txt"}
    mixed = zipped("b.tgz", gzip.compress(tarred("c.txt.bz2", bz2.compress(text)), mtime=0))
    yield "mixed", "a.zip", mixed, {**_TEXT, "member": "b.tgz/b.tar/c.txt.bz2/c.txt"}


def _tars() -> Iterator[Place]:
    text = CANARY.encode("cp932")
    yield "text", "a.tar", tarred("b/a.txt", text), {**_TEXT, "member": "b/a.txt"}
    yield "csv", "a.tar", tarred("a.csv", _CSV, form=tarfile.PAX_FORMAT), {"where": "cell", "member": "a.csv"}
    yield "name", "a.tar", tarred(_FILE), _NAME
    yield "name-cp932", "a.tar", tarred(_FILE, encoding="cp932"), _NAME
    yield "name-pax", "a.tar", tarred(_FILE, form=tarfile.PAX_FORMAT), _NAME
    yield "name-long", "a.tar", tarred("x" * 120 + _FILE), _NAME
    yield (
        "owner",
        "a.tar",
        tarred(uname=SHORT, form=tarfile.PAX_FORMAT),
        {"where": "other", "hidden": True, "entities": SHORT_ONES},
    )
    yield (
        "group",
        "a.tar",
        tarred(gname=SHORT, form=tarfile.PAX_FORMAT),
        {"where": "other", "hidden": True, "entities": SHORT_ONES},
    )
    link = tarred("b", b"", type=tarfile.SYMTYPE, linkname=_FILE)
    yield "link", "a.tar", link, {**_NAME, "hidden": True, "refused": "special_member"}
    noted = tarred(pax_headers={"comment": CANARY}, form=tarfile.PAX_FORMAT)
    yield "comment", "a.tar", noted, {"where": "other", "hidden": True}
    yield (
        "behind",
        "a.tar",
        tarred() + CANARY.encode().ljust(512),
        {"where": "other", "hidden": True, "location": "tar:unused"},
    )
    yield "sparse", "a.tar", sparse(_CSV), {"where": "cell", "member": "a.csv", "refused": "special_member"}
    yield (
        "sparse-long",
        "a.tar",
        sparse(_CSV, more=2),
        {"where": "cell", "member": "a.csv", "refused": "special_member"},
    )
    newest = sparse_pax(_CSV, "b/a.csv")
    yield "sparse-pax", "a.tar", newest, {"where": "cell", "member": "b/a.csv", "refused": "special_member"}
    long = sparse_pax(_CSV, "a.csv", 400)
    yield "sparse-pax-long", "a.tar", long, {"where": "cell", "member": "a.csv", "refused": "special_member"}
    yield "sparse-name", "a.tar", sparse_pax(b"x", _FILE), {**_NAME, "refused": "special_member"}
    own = tarred(pax_headers={"VENDOR.memo": CANARY}, form=tarfile.PAX_FORMAT)
    yield "own_record", "a.tar", own, {"where": "other", "hidden": True}


def _single() -> Iterator[Place]:
    text = CANARY.encode("euc_jp")
    yield "gz", "a.txt.gz", _gz(text), {**_TEXT, "member": "a.txt"}
    yield "gz-name", "a.gz", _gz(b"x", name=_FILE.encode("cp932")), _NAME
    yield "gz-comment", "a.txt.gz", _gz(b"x", comment=CANARY.encode()), {"where": "other", "hidden": True}
    yield "gz-two", "a.txt.gz", _gz(b"x\n") + _gz(text), {**_TEXT, "member": "a.txt"}
    yield "bz2", "a.txt.bz2", bz2.compress(text), {**_TEXT, "member": "a.txt"}
    yield "xz", "a.txt.xz", lzma.compress(text), {**_TEXT, "member": "a.txt"}
    yield "tgz", "a.tgz", gzip.compress(tarred("a.csv", _CSV), mtime=0), {"where": "cell", "member": "a.tar/a.csv"}
    yield "tbz2", "a.tar.bz2", bz2.compress(tarred("a.csv", _CSV)), {"where": "cell", "member": "a.tar/a.csv"}
    yield "txz", "a.tar.xz", lzma.compress(tarred("a.csv", _CSV)), {"where": "cell", "member": "a.tar/a.csv"}


def _give(data: bytes) -> bytes:
    return data


def files() -> Iterator[Planted]:
    """All of them."""
    for kind, places in (("zip", _zips()), ("tar", _tars()), ("packed", _single())):
        for id_, name, data, differs in places:
            yield Planted(f"{kind}-{id_}", name, partial(_give, data), **differs)  # type: ignore[arg-type]
