"""The header fields of a mail as slots: what each one says, and how a change of it is written.

A changed field keeps the bytes of every word that did not change. RFC 5322 3.6, RFC 2047, RFC 2231.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

from piiscan.errors import UnsafeCopyError
from piiscan.formats._mail_charset import spliced
from piiscan.formats._mail_common import Answer, Mail, RawEdit, Slot
from piiscan.formats._mail_map import Field, Part, unfolded
from piiscan.formats._mail_params import Param, named, parameters, readable, spelled
from piiscan.formats._mail_view import Edit, Piece, View, differences, edited
from piiscan.formats._mail_words import decode_bytes, decode_words, encode_value, first_charset, tokens, value_view
from piiscan.model import Place, Text

_ADDRESSES = re.compile(
    r"(?:resent-)?(?:from|to|cc|bcc|sender|reply-to)|return-path|(?:x-)?(?:envelope-to|original-to)|delivered-to|"
    r"disposition-notification-to|errors-to|return-receipt-to|mail-followup-to"
)
_SHOWN = frozenset(("from", "to", "cc", "bcc", "reply-to", "sender", "subject"))
_IDENTIFIERS = ("message-id", "in-reply-to", "references", "content-id", "resent-message-id")
_DATES = ("date", "resent-date", "delivery-date", "mime-version", "content-transfer-encoding")
_SIGNATURES = ("dkim-signature", "domainkey-signature", "x-google-dkim-signature", "arc-seal", "arc-message-signature")
#: Fields of machines, left out while they look as their grammar says: identifiers would pass for mail addresses.
_MACHINE = {
    **dict.fromkeys(_IDENTIFIERS, re.compile(r"(?:<?[!-;=?A-~]{1,300}+(?:@[!-;=?A-~]{1,300}+){1,4}+>?[\s,]*+)*+")),
    **dict.fromkeys(_DATES, re.compile(r"[A-Za-z0-9:,+\-(). ]{0,80}")),
    **dict.fromkeys(_SIGNATURES, re.compile(r"[\x20-\x7e\t]*")),
}
_TRACE_ID = re.compile(r"(?<=\bid )\s{0,9}<?[!#-'*-:=?A-~]{1,200}@(?!\[)[!#-'*-:=?A-~]{1,200}>?", re.IGNORECASE)
#: Parameters that hold no words of people, as words.
_PLAIN = (
    "charset boundary format delsp type start start-info micalg protocol report-type smime-type size creation-date "
    "modification-date read-date method reply-type x-unix-mode"
)
_PLAIN_PARAMS = frozenset(_PLAIN.split())
_FOLD = re.compile(r"\r?\n|\r")


def header_slots(mail: Mail, part: Part) -> Iterator[Slot]:
    """A slot for each field of a part that can hold text."""
    for one in part.fields:
        if one.key in ("content-type", "content-disposition"):
            yield from _param_slot(mail, part, one)
            continue
        raw = unfolded(mail.data, one)
        if not raw:
            continue
        view = _field_view(mail, one, raw)
        shown = view.text
        machine = _MACHINE.get(one.key)
        if shown.strip() and not (machine and one.key in _DATES and machine.fullmatch(shown)):
            # An identifier may be made of somebody's address; by itself it is nobody's.
            where = "identifier" if machine and machine.fullmatch(shown) else "mail_header"
            yield Slot((Text(_place(part, one, where), shown),), _field_writer(mail, one))


def _place(part: Part, one: Field, where: str = "mail_header") -> Place:
    name = f"header:{one.name[:76]}"
    inner = bool(part.path)
    return Place(f"part {part.path} {name}" if inner else name, where, hidden=inner or one.key not in _SHOWN)


def _structured(one: Field) -> bool:
    return _ADDRESSES.fullmatch(one.key) is not None


def _field_view(mail: Mail, one: Field, raw: bytes) -> View:
    view = value_view(raw, mail.hint, _structured(one))
    if one.key not in ("received", "x-received"):
        return view
    # A trace field without the identifiers of servers, which look like mail addresses; not those with an IP address.
    pieces: list[Piece] = []
    for start, end, shown in view.pieces:
        at = 0
        for match in _TRACE_ID.finditer(shown) if end - start == len(shown) else ():
            pieces.append((start + at, start + match.start(), shown[at : match.start()]))
            at = match.end()
        pieces.append((start + at, end, shown[at:]))
    return View(pieces)


# ---------------------------------------------------------------- writing a field


def _field_writer(mail: Mail, one: Field) -> Callable[[Sequence[Answer]], list[RawEdit]]:
    def write(answers: Sequence[Answer]) -> list[RawEdit]:
        if not isinstance(answers[0], str):
            return []
        source = mail.data[one.value_start : one.value_end].decode("latin-1")
        flat = unfolded(mail.data, one)
        view = _field_view(mail, one, flat)
        shown = view.text
        edits = _by_words(shown, differences(shown, answers[0]), _structured(one))
        letters = flat.decode("latin-1")
        label = first_charset(letters) or mail.hint or "utf-8"
        at_source = _positions(source)
        out: list[RawEdit] = []
        for start, end, new in view.raw_edits(edits):
            start, end, raw = _spelled(letters, start, end, new, label, _structured(one))
            low, high = at_source(start, end)
            body = raw.replace(" =?", mail.newline.decode("ascii") + " =?") if len(raw) > 60 else raw
            out.append((one.value_start + low, one.value_start + high, body.encode("latin-1", "replace")))
        return out

    return write


def _positions(source: str) -> Callable[[int, int], tuple[int, int]]:
    """From a stretch of the unfolded, trimmed value to the same stretch of the value as it stands."""
    folds = [(m.start(), m.end()) for m in _FOLD.finditer(source)]
    removed = [0, *accumulate(end - start for start, end in folds)]
    flat_at = [start - removed[i] for i, (start, _) in enumerate(folds)]
    flat = _FOLD.sub("", source)
    trimmed = len(flat) - len(flat.lstrip(" \t"))

    def positions(start: int, end: int) -> tuple[int, int]:
        low, high = start + trimmed, end + trimmed
        first = low + removed[bisect_right(flat_at, low)]
        return first, max(first, high + removed[bisect_left(flat_at, high)])

    return positions


def _by_words(text: str, edits: list[Edit], structured: bool) -> list[Edit]:
    """The edits grown to whole words, because an encoded word must be one; those that come to touch are joined."""
    spans = [(m.start(), m.end()) for m in tokens(text, structured) if not m[0].isspace()]
    starts, ends = [s for s, _ in spans], [e for _, e in spans]
    groups: list[tuple[int, int, list[Edit]]] = []
    for edit in edits:
        first = bisect_right(ends, edit[0]) if edit[0] < edit[1] else bisect_left(ends, edit[0])
        last = bisect_left(starts, max(edit[1], edit[0] + 1)) - 1
        start = min(edit[0], starts[first]) if first < len(spans) else edit[0]
        end = max(edit[1], ends[last]) if last >= 0 and last >= first else edit[1]
        if groups and start <= groups[-1][1]:
            groups[-1][2].append(edit)
            groups[-1] = (groups[-1][0], max(end, groups[-1][1]), groups[-1][2])
        else:
            groups.append((start, end, [edit]))
    out: list[Edit] = []
    for start, end, inner in groups:
        new = edited(text[start:end], [(a - start, b - start, t) for a, b, t in inner])
        gap = text[out[-1][1] : start] if out else "x"
        if gap.isspace() and not (new.isascii() or out[-1][2].isascii()):
            out[-1] = (out[-1][0], end, out[-1][2] + gap + new)
        else:
            out.append((start, end, new))
    return out


def _spelled(flat: str, start: int, end: int, new: str, label: str, structured: bool) -> tuple[int, int, str]:
    """A replacement as it stands in a header. White space between two encoded words is not read: it is taken in."""
    if new.isascii():
        return start, end, re.sub(r"[\r\n\0]+", " ", new)
    left, right = start, end
    while left and flat[left - 1] in " \t":
        left -= 1
    while right < len(flat) and flat[right] in " \t":
        right += 1
    begin = left if flat.endswith("?=", 0, left) else start
    stop = right if flat.startswith("=?", right) else end
    # Words that touch others without white space are set apart; it is not read between encoded words.
    gap_left = " " if begin == start and left == start and begin != 0 and flat.endswith("?=", 0, left) else ""
    gap_right = " " if stop == end and flat.startswith("=?", end) else ""
    value = encode_value(new, label, structured, flat[begin:start], flat[end:stop])
    return begin, stop, gap_left + value + gap_right


# ---------------------------------------------------------------- parameters


def _param_slot(mail: Mail, part: Part, one: Field) -> Iterator[Slot]:
    """File names and other words among the parameters of Content-Type or Content-Disposition."""
    raw = unfolded(mail.data, one)
    main, params = parameters(raw)
    items: list[Text] = []
    found: list[tuple[str, tuple[Param, ...]]] = []
    for name in ("filename", "name"):
        value = named(params, name)
        if value and value[0].strip():
            items.append(Text(Place(f"part {part.path}".rstrip(), "attachment_name"), value[0]))
            found.append((name, value[1]))
    taken = {p.name for _, used in found for p in used}
    odd = [p for p in params if p.name not in _PLAIN_PARAMS and p.name not in taken and p.value.strip()]
    place = Place(_place(part, one).location, "mail_header", hidden=True)
    if odd:
        items.append(Text(place, "\n".join(readable(p) for p in odd)))
    if not re.fullmatch(r"[\x21-\x7e]{0,100}", main):
        items.append(Text(place, decode_words(main)))
    if items:
        yield Slot(tuple(items), lambda answers: _write_params(mail, one, found, odd, answers))


def _write_params(
    mail: Mail, one: Field, found: list[tuple[str, tuple[Param, ...]]], odd: list[Param], answers: Sequence[Answer]
) -> list[RawEdit]:
    raw = unfolded(mail.data, one)
    text, codec = decode_bytes(raw)
    edits: list[Edit] = []
    for (name, used), answer in zip(found, answers, strict=False):
        if isinstance(answer, str):
            first, *others = sorted(used, key=lambda p: p.start)
            edits.append((first.start, first.end, spelled(name, answer)))
            edits += [(text.rfind(";", 0, p.start), p.end, "") for p in others]
    rest = list(answers[len(found) :])
    if odd and isinstance(rest[0], str):
        lines = rest[0].split("\n")
        if len(lines) != len(odd):
            raise UnsafeCopyError("damaged")
        edits += [(p.start, p.end, spelled(p.name, new)) for p, new in zip(odd, lines, strict=True)
                  if readable(p) != new]  # fmt: skip
    if len(rest) > bool(odd) and isinstance(rest[-1], str):
        stop = text.find(";")
        edits.append((0, len(text) if stop < 0 else stop, ""))
    edits.sort()
    new_text = edited(text, edits)
    value = new_text.encode("ascii") if new_text.isascii() else spliced(raw, codec, text, edits)
    if value is None:
        raise UnsafeCopyError("damaged")
    return [(one.value_start, one.value_end, folded_params(value, mail.newline))]


def folded_params(raw: bytes, newline: bytes) -> bytes:
    """A value with parameters, each on its own line, with the space that follows the colon."""
    pieces = re.findall(rb'(?>[^;"]++|"(?>[^"\\]|\\.)*+"|")+', raw)
    return b" " + (b";" + newline + b" ").join(p.strip() for p in pieces)


def relabelled(mail: Mail, part: Part, new_charset: str | None) -> list[RawEdit]:
    """Edits that make the header say base64, and another charset when one is given."""
    edits: list[RawEdit] = []
    added: list[bytes] = []
    if new_charset:
        if one := part.first("content-type"):
            text, _ = decode_bytes(unfolded(mail.data, one))
            old = next((p for p in part.types if p.name == "charset"), None)
            new = spelled("charset", new_charset, quoted=False)
            value = text[: old.start] + new + text[old.end :] if old else f"{text.rstrip('; ')}; {new}"
            edits.append(
                (one.value_start, one.value_end, folded_params(value.encode("ascii", "replace"), mail.newline))
            )
        else:
            added += [b"MIME-Version: 1.0"] if not part.path and not part.first("mime-version") else []
            added.append(b"Content-Type: text/plain; charset=" + new_charset.encode("ascii"))
    if one := part.first("content-transfer-encoding"):
        edits.append((one.value_start, one.value_end, b" base64"))
    else:
        added.append(b"Content-Transfer-Encoding: base64")
    if added:
        block = b"".join(line + mail.newline for line in added)
        if part.fields:
            edits.append((part.fields[-1].end, part.fields[-1].end, block))
        else:
            blank = mail.newline if part.start == part.body_start else b""
            edits.append((part.start, part.start, block + blank))
    return edits
