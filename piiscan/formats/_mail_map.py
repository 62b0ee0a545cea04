"""Where everything in a mail stands: header fields and bodies as byte offsets, in document order, without recursion.

One map for reading and for writing. The standard library's parser gives no offsets, recurses, and its modern policy is
super-linear in the length of a header; this one looks at every byte a bounded number of times. RFC 5322 2.2, RFC 2046 5.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from piiscan.errors import LimitError
from piiscan.formats._mail_params import Param, parameters

#: Multiparts inside each other; mail clients stop far below this, the standard library at about 300.
MAX_NESTING = 100
_FIELD = re.compile(rb"([!-9;-~]{1,256})[ \t]*:")


@dataclass(frozen=True, slots=True, repr=False)
class Field:
    """One header field. ``start`` to ``end`` is all of it with its line end; ``value`` is what stands behind the colon."""

    name: str
    start: int
    value_start: int
    value_end: int
    end: int

    @property
    def key(self) -> str:
        """The name in lower case."""
        return self.name.lower()


@dataclass(slots=True, repr=False)
class Part:
    """One part of a mail, or a stretch of bytes between parts.

    ``kind``: ``leaf``, ``multipart`` (its body is in the parts that follow), or ``gap`` (preamble, epilogue).
    ``path`` numbers the parts as IMAP does: "" is the mail itself, "2.1" the first part of its second part.
    """

    kind: str
    path: str
    start: int
    fields: tuple[Field, ...]
    body_start: int
    body_end: int
    parent_type: str = ""
    types: tuple[Param, ...] = ()
    disposition: tuple[Param, ...] = ()
    content_type: str = "text/plain"
    children: int = field(default=0)

    def first(self, key: str) -> Field | None:
        """The first field of that lower-case name."""
        return next((f for f in self.fields if f.key == key), None)


@dataclass(slots=True, repr=False)
class _Splitter:
    """The state of one pass over a mail."""

    data: bytes
    newline: bytes
    parts: list[Part]
    stack: list[tuple[Part, bytes]]
    open_boundaries: set[bytes]
    last_seen: dict[bytes, int]


def split(data: bytes, max_parts: int) -> list[Part]:
    """The parts of a mail in document order, gaps included; raises ``LimitError`` for too many or too deep."""
    newline = b"\n" if b"\n" in data else b"\r"
    root = _part(data, 3 if data.startswith(b"\xef\xbb\xbf") else 0, newline, "", "")
    state = _Splitter(data, newline, [root], [], set(), {})
    if not root.content_type.startswith("multipart/"):
        return state.parts
    lines = list(_dash_lines(data, root.body_start, newline))
    for start, _end, text in lines:
        state.last_seen[text[2:]] = start
        if text.endswith(b"--"):
            state.last_seen[text[2:-2]] = start
    current = _enter(state, root)
    for start, end, text in lines:
        level = _level(state, text)
        if level < 0:
            continue
        # The line end before a boundary belongs to the boundary.
        current.body_end = max(current.body_start, _before_newline(data, start))
        current = _after_boundary(state, level, end, text, max_parts)
    return state.parts


def _after_boundary(state: _Splitter, level: int, at: int, text: bytes, max_parts: int) -> Part:
    """Begins what follows a boundary line that ends at ``at``: the next part, or the gap behind the last one."""
    del state.stack[level + 1 :]
    parent, boundary = state.stack[level]
    if text != b"--" + boundary:
        state.stack.pop()
        state.open_boundaries = {b for _, b in state.stack}
        gap = Part("gap", _join(parent.path, "epilogue"), at, (), at, len(state.data))
        state.parts.append(gap)
        return gap
    state.open_boundaries = {b for _, b in state.stack}
    parent.children += 1
    if len(state.parts) > max_parts:
        raise LimitError("too_many_members", limit=max_parts)
    new = _part(state.data, at, state.newline, _join(parent.path, str(parent.children)), parent.content_type)
    state.parts.append(new)
    return _enter(state, new)


def unfolded(data: bytes, one: Field) -> bytes:
    """The value of a field on one line, white space trimmed."""
    return re.sub(rb"\r?\n|\r", b"", data[one.value_start : one.value_end]).strip(b" \t")


def _join(path: str, last: str) -> str:
    return f"{path}.{last}" if path else last


def _before_newline(data: bytes, at: int) -> int:
    if data.endswith(b"\r\n", max(0, at - 2), at):
        return at - 2
    return at - 1 if data.endswith((b"\n", b"\r"), max(0, at - 1), at) else at


def _dash_lines(data: bytes, start: int, newline: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Lines that begin with ``--`` from ``start`` on: start, end with the line end, text."""
    at = start if data.startswith(b"--", start) else _next_dashes(data, start, newline)
    while at >= 0:
        end = _line_end(data, at, newline)
        # RFC 2046 allows a boundary 70 characters; a much longer line is text and need not be copied.
        yield at, end, data[at : min(end, at + 1000)].rstrip(b" \t\r\n")
        at = end if data.startswith(b"--", end) else _next_dashes(data, end, newline)


def _next_dashes(data: bytes, start: int, newline: bytes) -> int:
    at = data.find(newline + b"--", max(0, start - 1))
    return at + 1 if at >= 0 else -1


def _level(state: _Splitter, line: bytes) -> int:
    """The innermost open multipart whose boundary the line is, or -1."""
    body = line[2:]
    closing = body[:-2] if body.endswith(b"--") else body
    if body not in state.open_boundaries and closing not in state.open_boundaries:
        return -1
    for level in range(len(state.stack) - 1, -1, -1):
        if state.stack[level][1] in (body, closing):
            return level
    return -1


def _enter(state: _Splitter, part: Part) -> Part:
    """Opens a multipart and gives its preamble, or gives the part itself back.

    A multipart whose boundary is missing, or never comes, is the text that it shows.
    """
    if not part.content_type.startswith("multipart/"):
        return part
    boundary = next((p.value for p in part.types if p.name == "boundary"), "").rstrip(" \t")
    raw = boundary.encode("latin-1", "replace")
    if not raw or state.last_seen.get(raw, -1) < part.body_start:
        return part
    if len(state.stack) >= MAX_NESTING:
        raise LimitError("too_deep", limit=MAX_NESTING)
    part.kind = "multipart"
    state.stack.append((part, raw))
    state.open_boundaries.add(raw)
    gap = Part("gap", _join(part.path, "preamble"), part.body_start, (), part.body_start, len(state.data))
    state.parts.append(gap)
    return gap


def _part(data: bytes, start: int, newline: bytes, path: str, parent_type: str) -> Part:
    fields, body = _fields(data, start, newline)
    part = Part("leaf", path, start, tuple(fields), body, len(data), parent_type)
    if parent_type == "multipart/digest":
        part.content_type = "message/rfc822"
    if one := part.first("content-type"):
        kind, part.types = parameters(unfolded(data, one))
        if re.fullmatch(r"[!-.0-~]+/[!-.0-~]+", kind):
            part.content_type = kind
    if one := part.first("content-disposition"):
        kind, found = parameters(unfolded(data, one))
        part.disposition = (Param("", kind, 0, 0), *found)
    return part


def _fields(data: bytes, start: int, newline: bytes) -> tuple[list[Field], int]:
    """The header fields from ``start`` on and where the body begins."""
    fields: list[Field] = []
    at = start
    if data.startswith((b"From ", b">From "), at):  # an mbox line that was left in place; it names the sender
        end = _line_end(data, at, newline)
        begin = data.index(b" ", at)
        fields.append(Field("From_", at, begin, max(begin, _before_newline(data, end)), end))
        at = end
    while at < len(data):
        end = _line_end(data, at, newline)
        if end - at <= 2 and not data[at:end].strip(b"\r\n"):
            return fields, end
        if data[at : at + 1] in (b" ", b"\t"):  # a continuation of nothing, or a line of blanks
            if not fields and data[at:end].strip():
                return fields, at
            at = end
            continue
        match = _FIELD.match(data, at, end)
        if not match or data.startswith(b"--", at):
            return fields, at
        while data[end : end + 1] in (b" ", b"\t") and end < len(data):
            end = _line_end(data, end, newline)
        stop = max(match.end(), _before_newline(data, end))
        fields.append(Field(match[1].decode("ascii"), at, match.end(), stop, end))
        at = end
    return fields, at


def _line_end(data: bytes, at: int, newline: bytes) -> int:
    stop = data.find(newline, at)
    return len(data) if stop < 0 else stop + 1
