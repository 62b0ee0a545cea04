"""Strings in binary data whose structure is not known: runs of UTF-16 and of ASCII that look like somebody's words."""

from __future__ import annotations

import re

#: Code units of UTF-16-LE that text is made of: ASCII, punctuation, kana, kanji, full-width forms.
_UNIT = rb"(?:[\x20-\x7e\t\r\n]\x00|[\x10-\x15]\x20|[\x00-\xff][\x30\x4e-\x9f]|[\x01-\x9f]\xff)"
#: Possessive, because what may be given back costs fifty bytes of memory each time.
_WIDE = re.compile(rb"%s{3,}+" % _UNIT)
_NARROW = re.compile(rb"[\x20-\x7e]{6,}")


def wide_strings(data: bytes, least: int = 3) -> list[str]:
    """Runs of UTF-16-LE at any alignment, at least ``least`` characters long, that Shift_JIS could write too."""
    found: dict[str, None] = {}
    for match in _WIDE.finditer(data):
        text = match[0].decode("utf-16-le", "replace").strip()
        if len(text) >= least and len(set(text)) > 1 and _plausible(text):
            found[text] = None
    return list(found)


def strings(data: bytes) -> list[str]:
    """:func:`wide_strings`, and runs of six and more ASCII characters."""
    found = dict.fromkeys(wide_strings(data))
    found.update(dict.fromkeys(m[0].decode("ascii").strip() for m in _NARROW.finditer(data)))
    return [text for text in found if text]


def _plausible(text: str) -> bool:
    return is_japanese(text)


def is_japanese(text: str) -> bool:
    """Whether Shift_JIS could write the text, and with kanji that words are made of."""
    try:
        leads = [c.encode("cp932")[0] for c in text if not c.isascii()]
    except UnicodeEncodeError:
        return False
    # Lead bytes 0x98 and above are kanji of level 2 and the private area: rare in words, common in noise.
    return sum(lead >= 0x98 and not 0xA0 <= lead < 0xE0 for lead in leads) * 3 <= len(leads)


def eight_bit_strings(data: bytes) -> list[str]:
    """Runs of text in UTF-8 or Shift_JIS between control characters, at least three signs long, not all of them ASCII."""
    found: dict[str, None] = {}
    for piece in data.translate(_CONTROLS).split(b"\0"):
        if len(piece) < 6 or piece.isascii():
            continue
        for encoding in ("utf-8", "cp932"):
            try:
                text = piece.decode(encoding).strip()
            except UnicodeDecodeError:
                continue
            if len(text) > 2 and is_japanese(text):
                found[text] = None
            break
    return list(found)


_CONTROLS = bytes(b if b >= 32 or b in (9, 10, 13) else 0 for b in range(256))
