"""How a kanji name is folded for look-up, and the flags the lexicon keeps beside a name."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from piiscan.text import fold_kanji

#: The name is also a common noun (光, 会計) or a place (千葉, 大阪).
FLAG_NOUN = 1
FLAG_PLACE = 2

_EXTRA = str.maketrans("ヶヵノ", "ケケの")


@lru_cache(maxsize=4096)
def name_key(text: str) -> str:
    """NFKC, common kanji, ケ for ヶ and ヵ, の for ノ. As long as its NFKC form without variation selectors."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    key = fold_kanji(text)
    return key.translate(_EXTRA) if "ヶ" in key or "ヵ" in key or "ノ" in key else key
