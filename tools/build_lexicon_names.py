"""Packs surnames, given names, their kana and romaji, and the words that only look like names."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from build_lexicon_sources import KANJI, KATAKANA, NAME, Word, name_dataset

from piiscan.lexicon._kana import kana_key, romaji, romaji_key
from piiscan.lexicon._name_keys import FLAG_NOUN, FLAG_PLACE, name_key
from piiscan.lexicon._store import pack_parts
from piiscan.text import katakana

JAPANESE_KANA = re.compile(r"[ァ-ヴ]+")


def rank_weight(people: int) -> int:
    """0..255 for a bearer count of 7,700 to 1.9 million, on a log scale; the least common of the list gets 115."""
    share = (math.log10(people) - 3.886) / (6.276 - 3.886)
    return round(115 + 140 * max(0.0, min(1.0, share)))


def surnames(words: list[Word], towns: set[str]) -> dict[str, tuple[int, list[str]]]:
    """Folded surname → (weight, readings)."""
    listed, _ = name_dataset()
    weight: dict[str, int] = {}
    readings: dict[str, list[str]] = defaultdict(list)
    for kanji, people, kana in listed:
        key = name_key(kanji)
        weight[key] = max(weight.get(key, 0), rank_weight(people))
        readings[key].append(katakana(kana))
    sources: dict[str, set[str]] = defaultdict(set)
    places = {name_key(w.text) for w in words if w.kind == "place"} | towns
    for w in words:
        if w.kind == "surname" and NAME.fullmatch(w.text) and (KANJI.search(w.text) or len(w.text) > 1):
            key = name_key(w.text)
            sources[key].add(w.source)
            readings[key].append(w.reading)
    for key, names in sources.items():
        if key in weight:
            continue
        if names == {"ipadic"} and (key in places or len(key) > 3):
            continue  # this list calls many towns surnames
        weight[key] = {1: 45, 2: 75}[len(names)] - (15 if key in places else 0)
        if not KANJI.search(key):
            weight[key] = 40
    return {k: (v, unique(readings[k])[:4]) for k, v in weight.items()}


def unique(items: Iterable[str]) -> list[str]:
    """In first-seen order, katakana readings only."""
    return [r for r in dict.fromkeys(items) if JAPANESE_KANA.fullmatch(r)]


_FEMALE_END = re.compile("[子美恵代江香奈菜花華織乃音佳枝]$")
_MALE_END = re.compile("[郎朗男夫雄彦介助輔平太一二三司吾哉斗蔵之]$")


def given_names(words: list[Word]) -> dict[str, tuple[int, str, list[str]]]:
    """Folded given name → (weight, sex m/f/u, readings)."""
    _, listed = name_dataset()
    points: Counter[str] = Counter()
    sex_votes: dict[str, Counter[str]] = defaultdict(Counter)
    kana_sex: dict[str, Counter[str]] = defaultdict(Counter)
    readings: dict[str, list[str]] = defaultdict(list)
    seen: dict[str, set[str]] = defaultdict(set)
    for kanji, kana, sex, common in listed:
        key = name_key(kanji)
        seen[key].add("dataset")
        if common:
            points[key] = max(points[key], 40)
        sex_votes[key][sex] += 3 if common else 1
        kana_sex[katakana(kana)][sex] += 1
        readings[key].append(katakana(kana))
    for w in words:
        if w.kind == "given" and NAME.fullmatch(w.text) and (KANJI.search(w.text) or 1 < len(w.text) < 6):
            key = name_key(w.text)
            seen[key].add(w.source)
            readings[key].insert(0, w.reading) if w.source == "ipadic" else readings[key].append(w.reading)
            if w.cost and w.cost < 8400:
                points[key] = max(points[key], 40) + min(60, (8400 - w.cost) // 20)
    result = {}
    for key, names in seen.items():
        base = {1: 70 if "dataset" in names else 85, 2: 130, 3: 155}[len(names)]
        kana = unique(readings[key])[:5]
        result[key] = (min(255, base + points[key]), sex_of(key, sex_votes[key], kana, kana_sex), kana)
    return result


def sex_of(key: str, votes: Counter[str], kana: list[str], by_kana: dict[str, Counter[str]]) -> str:
    """m, f, or u when both bear the name or nothing tells."""
    if not votes:
        for reading in kana:
            votes = votes + by_kana.get(reading, Counter())
    if votes["m"] > 2 * votes["f"]:
        return "m"
    if votes["f"] > 2 * votes["m"]:
        return "f"
    if _FEMALE_END.search(key):
        return "f"
    return "m" if _MALE_END.search(key) else "u"


def position_counts(names: Iterable[str]) -> tuple[str, bytes]:
    """Characters, and four bytes for each: how many names have it alone, first, between, last (log₂ × 16)."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for name in names:
        for i, c in enumerate(name):
            slot = 0 if len(name) == 1 else 1 if i == 0 else 3 if i == len(name) - 1 else 2
            counts[c][slot] += 1
    chars = sorted(counts)
    table = bytes(min(255, round(16 * math.log2(1 + n))) for c in chars for n in counts[c])
    return "".join(chars), table


def flags(key: str, nouns: set[str], places: set[str]) -> int:
    """Whether a name is also a common noun or a place."""
    return (FLAG_NOUN if key in nouns else 0) | (FLAG_PLACE if key in places else 0)


def write_names(out: Path, words: list[Word], towns: set[str]) -> None:
    """All pieces of names but the list of look-alikes, which needs the scores that read these pieces."""
    family, given = surnames(words, towns), given_names(words)
    nouns = {name_key(w.text) for w in words if w.kind == "noun"}
    places = {name_key(w.text) for w in words if w.kind == "place"} | towns
    put(out, "surnames", [
        text(sorted(family)), bytes(family[k][0] for k in sorted(family)),
        bytes(flags(k, nouns, places) for k in sorted(family)),
    ])  # fmt: skip
    put(out, "surname_readings", [text(",".join(family[k][1]) for k in sorted(family))])
    put(out, "given", [
        text(sorted(given)), bytes(given[k][0] for k in sorted(given)),
        bytes(flags(k, nouns, places) for k in sorted(given)), "".join(given[k][1] for k in sorted(given)).encode(),
    ])  # fmt: skip
    put(out, "given_readings", [text(",".join(given[k][2]) for k in sorted(given))], small=True)
    sur_chars, sur_table = position_counts(k for k in family if family[k][0] >= 40)
    giv_chars, giv_table = position_counts(k for k in given if given[k][0] >= 110)
    put(out, "kanji_stats", [sur_chars.encode(), sur_table, giv_chars.encode(), giv_table])
    write_kana(out, family, given, words)


def write_kana(
    out: Path, family: dict[str, tuple[int, list[str]]], given: dict[str, tuple[int, str, list[str]]], words: list[Word]
) -> None:
    """Kana and romaji keys with the weight of the likeliest kanji behind them."""
    sur: Counter[str] = Counter()
    giv: Counter[str] = Counter()
    for key, (weight, kana) in family.items():
        for i, reading in enumerate(kana or ([katakana(key)] if not KANJI.search(key) else [])):
            sur[reading] = max(sur[reading], round(weight / (1 + i)))
    for weight, _, kana in given.values():
        for i, reading in enumerate(kana):
            giv[reading] = max(giv[reading], round(weight / (1 + i / 2)))
    parts: list[bytes] = []
    roman: list[bytes] = []
    for table in (sur, giv):
        keys: Counter[str] = Counter()
        roman_keys: Counter[str] = Counter()
        for reading, weight in table.items():
            keys[kana_key(reading)] = max(keys[kana_key(reading)], weight)
            word = romaji_key(romaji(reading))
            roman_keys[word] = max(roman_keys[word], weight)
        parts += [text(sorted(keys)), bytes(keys[k] for k in sorted(keys))]
        roman += [text(sorted(roman_keys)), bytes(roman_keys[k] for k in sorted(roman_keys))]
    put(out, "kana", parts)
    put(out, "romaji", roman)
    common = {kana_key(w.text) for w in words if w.kind in ("noun", "place", "other")}
    foreign = {
        kana_key(unicodedata.normalize("NFKC", w.text))
        for w in words
        if w.kind in ("person", "surname", "given") and KATAKANA.fullmatch(w.text) and len(w.text) > 1
    }
    put(out, "foreign_kana", [text(sorted(foreign - common - set(sur) - set(giv)))])


def text(lines: Iterable[str]) -> bytes:
    """Lines as a text part."""
    return "\n".join(lines).encode()


def put(out: Path, name: str, parts: list[bytes], *, small: bool = False) -> None:
    """Write one piece and say how big it became."""
    data = pack_parts(parts, small=small)
    (out / f"{name}.bin").write_bytes(data)
    print(f"{name:20} {len(data):>9,} bytes")
