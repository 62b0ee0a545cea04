"""Building blocks of the shapes: character classes in both widths, and words spelt in both widths and cases.

Everything here is valid in Rust's regex (polars) and in Python's ``re`` and ``regex``, and means the same in all three:
no ``\\d``, no look-around, no inline flags.
"""

from __future__ import annotations

from piiscan.text import HYPHEN_CLASS

D = "[0-9０-９]"
D19 = "[1-9１-９]"
UPPER = "[A-ZＡ-Ｚ]"
LETTER = "[A-Za-zＡ-Ｚａ-ｚ]"
ALNUM = "[0-9A-Za-z０-９Ａ-Ｚａ-ｚ]"
KANJI = "[一-龥々〆ヶ]"
SPACE = "[ \u3000\u00a0\t]"
HYPHEN = HYPHEN_CLASS[:-1] + "＿]"
#: Hyphens, dots, middle dots and spaces: what stands between groups of digits.
SEPARATOR = HYPHEN[:-1] + ".．・･ \u3000\u00a0]"
COLON = "[:：=＝]"
OPEN = "[(（\\[［【<＜「]"
CLOSE = "[)）\\]］】>＞」]"

#: No digit, letter or joining sign before and after a number in running text. ``regex`` syntax, for ``search``.
NUMBER_START = r"(?<![0-9０-９A-Za-z_\-−‐－.,/=%#])"
NUMBER_END = r"(?![0-9０-９A-Za-z_]|[\-−‐－.,/][0-9０-９])"

_SPECIAL = set("\\^$.|?*+()[]{}-")


def whole(*alternatives: str) -> str:
    """A shape for a whole cell: any of ``alternatives``, with at most three spaces around it."""
    pad = f"{SPACE}{{0,3}}"
    return f"^{pad}(?:{'|'.join(alternatives)}){pad}$"


def _variants(char: str, any_case: bool) -> str:
    chars = [char, char.lower(), char.upper()] if any_case else [char]
    out: list[str] = []
    for c in chars:
        wide = chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else "\u3000" if c == " " else c
        out += [c, wide]
    unique = sorted(set(out))
    escaped = [f"\\{c}" if c in _SPECIAL else c for c in unique]
    return escaped[0] if len(escaped) == 1 else f"[{''.join(escaped)}]"


def word(text: str, any_case: bool = True) -> str:
    """``text`` as a pattern that accepts half- and full-width characters, and by default both cases."""
    return "".join(_variants(c, any_case) for c in text)


def words(*texts: str, any_case: bool = True) -> str:
    """An alternation of :func:`word`, longest first, in a group of its own."""
    ordered = sorted(set(texts), key=lambda t: (-len(t), t))
    return f"(?:{'|'.join(word(t, any_case) for t in ordered)})"
