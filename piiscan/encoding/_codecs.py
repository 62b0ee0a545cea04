"""The two Japanese codecs that Python lacks: eucJP-ms, and ISO-2022-JP with Microsoft's extensions (CP50221).

Both are built on Python's ``euc_jp`` for JIS X 0208 and 0212, and on ``cp932`` for what Microsoft and NEC added: row 13
(① ㈱ №) and the IBM extensions (髙 﨑) in rows 89 to 92. Half-width katakana come as ``ESC ( I``, SO/SI or 8-bit bytes.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import cache

from piiscan.shaped import later

#: Python's euc_jp follows Unicode's table, Windows its own; these signs differ.
_TO_MS = str.maketrans("〜‖−¢£¬¦", "～∥－￠￡￢￤")
_FROM_MS = str.maketrans("～∥－￠￡￢￤¥‾", "〜‖−¢£¬¦￥￣")
#: What to write for a character that the target encoding lacks; anything else becomes a black square.
_NEAREST = {
    "¥": "￥",
    "‾": "￣",
    "—": "―",
    "–": "－",
    "‐": "-",
    "‑": "-",
    "\u00a0": " ",
    "〜": "～",
    "−": "－",
    "‖": "∥",
}
_NEAREST_EUC = {old: new.translate(_FROM_MS) for old, new in _NEAREST.items()}
_STAND_IN = "■"


def _from_cp932(row: int, cell: int) -> str | None:
    """The character at a row and cell (1 to 94) of the double-byte table as Windows has it, or None."""
    lead = (row - 1) // 2
    lead += 0x81 if lead < 31 else 0xC1
    trail = cell + (0x3F + (cell >= 64) if row % 2 else 0x9E)
    try:
        return bytes((lead, trail)).decode("cp932")
    except UnicodeDecodeError:
        return None


@cache
def _extended_pairs() -> dict[str, bytes]:
    """Characters that only Windows has in the double-byte table → EUC bytes: row 13, then rows 89 to 92."""
    found: dict[str, bytes] = {}
    for row in (13, 89, 90, 91, 92):
        for cell in range(1, 95):
            char = _from_cp932(row, cell)
            if char is not None:
                found.setdefault(char, bytes((row + 0xA0, cell + 0xA0)))
    return found


@cache
def _ibm_triples() -> dict[str, bytes]:
    """The 106 IBM characters that eucJP-ms keeps at 8F F3F3 to 8F F4FE, in IBM's order."""
    pairs = [(0xFA, t) for t in range(0x40, 0xFD)] + [(0xFB, t) for t in range(0x40, 0xFD)]
    pairs += [(0xFC, t) for t in range(0x40, 0x4C)]
    chars = [bytes(pair).decode("cp932") for pair in pairs if pair[1] != 0x7F]
    left = [c for c in chars if c == "№" or not _in_plain_euc(c)]
    places = [(0xF3, cell) for cell in range(0xF3, 0xFF)] + [(0xF4, cell) for cell in range(0xA1, 0xFF)]
    return {char: bytes((0x8F, *place)) for char, place in zip(left, places, strict=True)}


def _in_plain_euc(char: str) -> bool:
    try:
        char.translate(_FROM_MS).encode("euc_jp")
    except UnicodeEncodeError:
        return False
    return True


@cache
def _ibm_chars() -> dict[bytes, str]:
    return {triple: char for char, triple in _ibm_triples().items()}


def _extension_at(data: bytes, start: int) -> tuple[str, int] | None:
    """The Windows character at an offset where ``euc_jp`` gave up, and the offset behind it."""
    if data[start] == 0x8F:
        char = _ibm_chars().get(data[start : start + 3])
        return (char, start + 3) if char else None
    pair = data[start : start + 2]
    if len(pair) == 2 and 0xA1 <= pair[0] <= 0xFE and 0xA1 <= pair[1] <= 0xFE:
        char = _from_cp932(pair[0] - 0xA0, pair[1] - 0xA0)
        return (char, start + 2) if char else None
    return None


def _euc_strict(error: UnicodeError) -> tuple[str | bytes, int]:
    if isinstance(error, UnicodeDecodeError):
        found = _extension_at(error.object, error.start)
        if found is not None:
            return found
    raise error


def _euc_lossless(error: UnicodeError) -> tuple[str | bytes, int]:
    """Like ``surrogateescape`` with the extensions; writing, a character without a place becomes the nearest one."""
    if isinstance(error, UnicodeDecodeError):
        found = _extension_at(error.object, error.start)
        return found or (chr(0xDC00 + error.object[error.start]), error.start + 1)
    if isinstance(error, UnicodeEncodeError):
        char = error.object[error.start]
        if "\udc80" <= char <= "\udcff":
            return bytes((ord(char) - 0xDC00,)), error.start + 1
        known = _ibm_triples().get(char) or _extended_pairs().get(char)
        return known or _NEAREST_EUC.get(char, _STAND_IN), error.start + 1
    raise error


def _lossless(error: UnicodeError) -> tuple[str | bytes, int]:
    """``surrogateescape`` that also writes a stand-in for what the encoding lacks."""
    if isinstance(error, UnicodeDecodeError):
        return chr(0xDC00 + error.object[error.start]), error.start + 1
    if isinstance(error, UnicodeEncodeError):
        char = error.object[error.start]
        if "\udc80" <= char <= "\udcff":
            return bytes((ord(char) - 0xDC00,)), error.start + 1
        return _NEAREST.get(char, _STAND_IN), error.start + 1
    raise error


codecs.register_error("piiscan-euc-strict", _euc_strict)
codecs.register_error("piiscan-euc", _euc_lossless)
codecs.register_error("piiscan-lossless", _lossless)


def euc_decode(data: bytes, *, strict: bool = False) -> str:
    """eucJP-ms as text. A byte that cannot be read becomes U+DC80 to U+DCFF, or raises ``UnicodeDecodeError``."""
    return data.decode("euc_jp", "piiscan-euc-strict" if strict else "piiscan-euc").translate(_TO_MS)


def euc_encode(text: str) -> bytes:
    """Text as eucJP-ms, the reverse of :func:`euc_decode`."""
    return text.translate(_FROM_MS).encode("euc_jp", "piiscan-euc")


# ---------------------------------------------------------------- ISO-2022-JP

ASCII, KANA, KANJI, SUPPLEMENT, SHIFTED = b"\x1b(B", b"\x1b(I", b"\x1b$B", b"\x1b$(D", b"\x0e"
_MODES = {
    b"\x1b(B": ASCII, b"\x1b(J": ASCII, b"\x1b(H": ASCII, b"\x1b(I": KANA, SHIFTED: SHIFTED, b"\x0f": ASCII,
    b"\x1b$@": KANJI, b"\x1b$B": KANJI, b"\x1b$(@": KANJI, b"\x1b$(B": KANJI, b"\x1b$(D": SUPPLEMENT,
}  # fmt: skip
_SWITCH = later(rb"\x1b\((?:[BHIJ])|\x1b\$(?:[@B]|\([@BD])|[\x0e\x0f]|[\r\n]+")
_HIGH = bytes(b | 0x80 if 0x21 <= b <= 0x7E else b for b in range(256))
_KANA_TABLE = {**{b: 0xFF40 + b for b in range(0x21, 0x60)}, **{0xDCA0 + b: 0xFF60 + b for b in range(1, 0x40)}}
_EIGHT_BIT_KANA = {0xDCA0 + b: 0xFF60 + b for b in range(1, 0x40)}


def iso_runs(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """The stretches of one character set as (mode, start, end); escape sequences lie between them.

    A line end falls back to ASCII, as RFC 1468 demands, so that a lost escape costs one line.
    """
    mode, at = ASCII, 0
    for switch in _SWITCH.finditer(data):
        if switch.start() > at:
            yield mode, at, switch.start()
        if switch[0] in _MODES:
            mode = _MODES[switch[0]]
        else:
            yield ASCII, switch.start(), switch.end()
            mode = ASCII
        at = switch.end()
    if at < len(data):
        yield mode, at, len(data)


def iso_chars(mode: bytes, run: bytes) -> list[tuple[str, int]]:
    """The characters of one run with the number of bytes each took; U+FFFD for a byte that cannot be read."""
    if mode in (ASCII, KANA, SHIFTED):
        return [(c, 1) for c in _single(mode, run)]
    out: list[tuple[str, int]] = []
    at = 0
    while at < len(run):
        pair = run[at : at + 2]
        char = _double(mode, pair) if len(pair) == 2 and min(pair) > 0x20 and max(pair) < 0x7F else None
        if char is None and run[at] < 0x21:
            char, width = chr(run[at]), 1
        else:
            char, width = (char, 2) if char is not None else ("\ufffd", 1)
        out.append((char, width))
        at += width
    return out


def _single(mode: bytes, run: bytes) -> str:
    text = run.decode("ascii", "surrogateescape").translate(_KANA_TABLE if mode in (KANA, SHIFTED) else _EIGHT_BIT_KANA)
    return re.sub("[\udc80-\udcff]", "\ufffd", text)


def _double(mode: bytes, pair: bytes) -> str | None:
    high = pair.translate(_HIGH)
    try:
        return euc_decode(b"\x8f" + high if mode == SUPPLEMENT else high, strict=True)
    except UnicodeDecodeError:
        return None


def iso_decode(data: bytes) -> str:
    """ISO-2022-JP as text, U+FFFD for each byte that cannot be read. The data begin in ASCII."""
    out: list[str] = []
    for mode, start, end in iso_runs(data):
        run = data[start:end]
        if mode == KANJI and not len(run) % 2 and min(run) > 0x20 and max(run) < 0x7F:
            try:
                out.append(euc_decode(run.translate(_HIGH), strict=True))
                continue
            except UnicodeDecodeError:
                pass
        out.append(
            _single(mode, run) if mode in (ASCII, KANA, SHIFTED) else "".join(c for c, _ in iso_chars(mode, run))
        )
    return "".join(out)


def iso_encode(text: str) -> bytes:
    """Text as ISO-2022-JP (CP50221) that begins and ends in ASCII; lines end in ASCII too."""
    out, mode = bytearray(), ASCII
    for char in text:
        wanted, code = _iso_code(char)
        if wanted != mode:
            out += wanted
            mode = wanted
        out += code
    return bytes(out if mode == ASCII else out + ASCII)


def _iso_code(char: str) -> tuple[bytes, bytes]:
    if char < "\x80":
        return ASCII, char.encode("ascii")
    if "｡" <= char <= "ﾟ":
        return KANA, bytes((ord(char) - 0xFF40,))
    code = _extended_pairs().get(char) or euc_encode(char)
    low = bytes(b & 0x7F for b in code if b != 0x8F)
    if len(code) == 1:
        return ASCII, code
    return (SUPPLEMENT if len(code) == 3 else KANJI), low
