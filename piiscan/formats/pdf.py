"""PDF documents, read through PDFium when the extra ``pdf`` is installed. Reading only.

Text page by page, metadata, bookmarks, notes, form fields and links; attached files become members. A page that is only
a picture is said to be one. A file that was changed and saved by appending still holds its earlier states: what the last one
does not show any more is read from the newest of them.
"""

from __future__ import annotations

import ctypes
import io
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from piiscan.errors import EncryptedError, UnreadableError
from piiscan.formats._mail_names import clean_name, unique
from piiscan.formats._picture_tags import xmp_packets
from piiscan.model import Format, Item, Limits, Member, Place, Skipped, Source, Text

_MARK = b"%PDF-"
_SEARCHED = 1024
_MOST_PAGES = 20_000
_MOST_NOTES = 10_000
#: Earlier states that are read, the newest ones.
MOST_REVISIONS = 8
_MEMORY_PART = 8
_MOST_CHARACTERS = 20_000_000
_PASSWORD = 4  # FPDF_ERR_PASSWORD
_LINK = 2  # FPDF_ANNOT_LINK
_NOTE_KEYS = (b"Contents", b"T", b"Subj", b"V", b"TU", b"DV")
#: The end of a state of the file.
_END = re.compile(rb"startxref\s{1,4}[0-9]{1,12}\s{1,4}%%EOF")
_FOREIGN = (OSError, ValueError, TypeError, IndexError, AttributeError, RuntimeError, ctypes.ArgumentError)


def sniff(source: Source) -> int:
    """90 for the mark of a PDF file in its first kilobyte, where readers look for it, 0 without."""
    at = source.head(_SEARCHED).find(_MARK)
    return 90 if at == 0 else 60 if at > 0 else 0


def read(source: Source, limits: Limits) -> Iterator[Item]:
    """Pages, then the rest; raises ``EncryptedError`` and ``UnreadableError``."""
    try:
        import pypdfium2  # type: ignore[import-untyped, unused-ignore]
    except ImportError:
        yield from _without_reader(source)
        return
    source.stream.seek(0)
    try:
        document = pypdfium2.PdfDocument(source.stream)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) == _PASSWORD or "password" in str(error).lower()
        if locked:
            raise EncryptedError("encrypted") from None
        raise UnreadableError("damaged") from None
    except _FOREIGN:
        raise UnreadableError("damaged") from None
    try:
        shown: set[str] = set()
        for item in _document_items(document, source, limits):
            if isinstance(item, Text):
                shown.update(item.text.splitlines())
            yield item
        yield from _earlier_items(source, limits, shown)
    except (pypdfium2.PdfiumError, *_FOREIGN):
        raise UnreadableError("damaged") from None
    finally:
        document.close()


def _without_reader(source: Source) -> Iterator[Item]:
    """What can be said without the library: whether the file is encrypted, and its metadata."""
    start = source.head(8 * 1024 * 1024)
    if b"/Encrypt" in start:
        raise EncryptedError("encrypted")
    yield from _xmp(start)
    yield Skipped("", "pdf_reader_missing")


def _document_items(document: Any, source: Source, limits: Limits) -> Iterator[Item]:
    taken: dict[str, int] = {}
    pictures: list[int] = []
    count = len(document)
    for number in range(min(count, _MOST_PAGES)):
        yield from _page_items(document, number, pictures, taken)
    if count > _MOST_PAGES:
        yield Skipped(f"page {_MOST_PAGES + 1}-{count}", "too_large")
    for location in _ranges(pictures):
        yield Skipped(location, "no_text_layer")
    for text in document.get_metadata_dict(skip_empty=True).values():
        yield Text(Place("", "property", hidden=True), text)
    yield from _xmp(source.head(min(source.size, limits.memory_bytes // 8)))
    for mark, _ in zip(document.get_toc(), range(_MOST_NOTES), strict=False):
        if title := mark.get_title():
            yield Text(Place("bookmarks", "other"), title)
    for index in range(min(document.count_attachments(), limits.members)):
        yield _attachment(document.get_attachment(index), f"attachment-{index + 1}.bin", taken)
    if not count:
        yield Skipped("", "nothing_read")


def _earlier_items(source: Source, limits: Limits, shown: set[str]) -> Iterator[Item]:
    """What earlier states of the file hold beyond the lines ``shown``, the newest first (PDF 1.7, 7.5.6)."""
    import pypdfium2

    if source.size * _MEMORY_PART > limits.memory_bytes:
        return
    source.stream.seek(0)
    data = source.stream.read()
    earlier = list(enumerate(earlier_ends(data), 1))
    for number, end in reversed(earlier[-MOST_REVISIONS:]):
        location = f"revision {number}"
        lines: dict[str, None] = {}
        try:
            document = pypdfium2.PdfDocument(data[:end])
            try:
                for index in range(min(len(document), _MOST_PAGES)):
                    for item in _page_items(document, index, [], {}):
                        if isinstance(item, Text):
                            lines.update(dict.fromkeys(line for line in item.text.splitlines() if line not in shown))
                        elif isinstance(item, Member):
                            item.stream.close()
            finally:
                document.close()
        except (pypdfium2.PdfiumError, *_FOREIGN):
            yield Skipped(location, "earlier_state_unread")
            continue
        shown.update(lines)
        if any(line.strip() for line in lines):
            yield Text(Place(location, "revision", hidden=True), "\n".join(lines))
            yield Skipped(location, "earlier_state", partial=False)
    if len(earlier) > MOST_REVISIONS:
        yield Skipped(f"revision 1-{len(earlier) - MOST_REVISIONS}", "earlier_state_unread")


def earlier_ends(data: bytes) -> list[int]:
    """Where the earlier states of a file end, the oldest first."""
    ends = [found.end() for found in _END.finditer(data)]
    if b"/Linearized" in data[:_SEARCHED]:
        ends = ends[1:]  # written for the web: the first end is that of the first page
    return ends[:-1]


def _page_items(document: Any, number: int, pictures: list[int], taken: dict[str, int]) -> Iterator[Item]:
    """The text of a page, from 0, and its notes; a page that has only pictures is remembered."""
    import pypdfium2

    location = f"page {number + 1}"
    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        yield Skipped(location, "damaged")
        return
    try:
        text_page = page.get_textpage()
        length = text_page.count_chars()
        text = text_page.get_text_range(0, min(length, _MOST_CHARACTERS)) if length > 0 else ""
        text_page.close()
        text = text.replace("\r\n", "\n").replace("\ufffe", "").replace("\0", "")
        if text.strip():
            yield Text(Place(location, "text"), text)
        elif pypdfium2.raw.FPDFPage_CountObjects(page) > 0:
            pictures.append(number)
        if length > _MOST_CHARACTERS:
            yield Skipped(location, "too_large")
        yield from _notes(document, page, location, taken)
    finally:
        page.close()


def _notes(document: Any, page: Any, location: str, taken: dict[str, int]) -> Iterator[Item]:
    """Notes, values of form fields, targets of links, and files pinned to the page."""
    import pypdfium2

    raw = pypdfium2.raw
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST_NOTES)):
        note = raw.FPDFPage_GetAnnot(page, index)
        if not note:
            continue
        try:
            texts = dict.fromkeys(_note_text(raw, note, key) for key in _NOTE_KEYS)
            yield from (Text(Place(location, "comment"), text) for text in texts if text.strip())
            if raw.FPDFAnnot_GetSubtype(note) == _LINK and (target := _link(raw, document, note)):
                yield Text(Place(location, "hyperlink"), target)
            if attached := raw.FPDFAnnot_GetFileAttachment(note):
                yield _attachment(pypdfium2.PdfAttachment(attached, document), "attachment.bin", taken)
        finally:
            raw.FPDFPage_CloseAnnot(note)


def _note_text(raw: Any, note: Any, key: bytes) -> str:
    size = raw.FPDFAnnot_GetStringValue(note, key, None, 0)
    if size <= 2:
        return ""
    held = ctypes.create_string_buffer(size)
    raw.FPDFAnnot_GetStringValue(note, key, ctypes.cast(held, ctypes.POINTER(raw.FPDF_WCHAR)), size)
    return held.raw[:size].decode("utf-16-le", "replace").rstrip("\0")


def _link(raw: Any, document: Any, note: Any) -> str:
    link = raw.FPDFAnnot_GetLink(note)
    action = raw.FPDFLink_GetAction(link) if link else None
    size = raw.FPDFAction_GetURIPath(document, action, None, 0) if action else 0
    if size <= 1:
        return ""
    held = ctypes.create_string_buffer(size)
    raw.FPDFAction_GetURIPath(document, action, held, size)
    return held.raw[:size].decode("utf-8", "replace").rstrip("\0")


def _attachment(attached: Any, fallback: str, taken: dict[str, int]) -> Item:
    import pypdfium2

    name = unique(clean_name(attached.get_name(), fallback), taken)
    try:
        data = bytes(attached.get_data())
    except pypdfium2.PdfiumError:
        return Skipped(name, "damaged_attachment")
    stream: BinaryIO = io.BytesIO(data)
    return Member(name, stream, len(data))


def _xmp(data: bytes) -> Iterator[Text]:
    """The words of metadata in XML, which PDF files keep uncompressed so that others can find it."""
    found = dict.fromkeys(words.text for words in xmp_packets(data) if words.text and not words.machine)
    yield from (Text(Place("metadata", "property", hidden=True), text) for text in found)


def _ranges(pages: list[int]) -> list[str]:
    """``page 3``, ``page 5-9``: page numbers from 1 for rising indexes from 0."""
    found: list[list[int]] = []
    for page in pages:
        if found and found[-1][1] == page:
            found[-1][1] = page + 1
        else:
            found.append([page + 1, page + 1])
    return [f"page {first}" if first == last else f"page {first}-{last}" for first, last in found]


FORMAT = Format(id="pdf", label="PDF 文書", suffixes=(".pdf",), sniff=sniff, read=read)
