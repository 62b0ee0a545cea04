"""Finds the nouns and places that the name scores would take for names, and packs them as a list to refuse."""

from __future__ import annotations

from pathlib import Path

from build_lexicon_names import put, text
from build_lexicon_sources import KATAKANA, NAME, Word

from piiscan.lexicon import _kana_names, _kanji_names, _place_data
from piiscan.lexicon._kana import kana_key
from piiscan.lexicon._name_keys import name_key

#: Below this a word is harmless without being on the list.
_HARMLESS = 0.3


def write_lookalikes(out: Path, words: list[Word], towns: set[str]) -> None:
    """Two lists: folded kanji words, and kana keys."""
    put(out, "lookalikes", [b"", b""])
    people = {name_key(w.text) for w in words if w.kind in ("person", "surname", "given")}
    common = {name_key(w.text) for w in words if w.kind in ("noun", "place") and NAME.fullmatch(w.text)} | towns
    kanji = sorted(w for w in common - people if 2 <= len(w) <= 6 and _kanji_names.full_name_score(w) >= _HARMLESS)
    names_kana = {kana_key(w.text) for w in words if w.kind in ("person", "surname", "given")}
    spoken = {kana_key(w.text) for w in words if w.kind in ("noun", "place", "other") and KATAKANA.fullmatch(w.text)}
    spoken |= {kana_key(w.reading) for w in words if w.kind == "noun" and w.source == "ipadic" and w.reading}
    spoken |= {kana_key(k) for k in _place_data.prefectures().values()} | city_kana_forms()
    kana = sorted(w for w in spoken - names_kana if 3 <= len(w) <= 12 and _kana_names.kana_name_score(w) >= _HARMLESS)
    put(out, "lookalikes", [text(kanji), text(kana)])
    print(f"{len(kanji):,} kanji words and {len(kana):,} kana words look like names")


def city_kana_forms() -> set[str]:
    """Kana keys of municipalities: whole, and what follows a county or a designated city."""
    found = set()
    for city in _place_data.cities():
        key = kana_key(city.kana)
        head, _ = _place_data.divide_city(city.name)
        found.add(key)
        mark = {"郡": "グン", "市": "シ"}.get(head[-1:], "")
        if mark and mark in key[1:]:
            cut = key.index(mark, 1) + len(mark)
            found |= {key[:cut], key[cut:]}
    return found
