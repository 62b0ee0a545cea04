"""Names that stand for names: of the same kind, script and arrangement, of people who are put together by a key."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from piiscan.actions import _stand_nobody
from piiscan.actions._half_width import half_width
from piiscan.lexicon import names
from piiscan.model import Draw, Keyed
from piiscan.text import fold_kanji, katakana

FULL = ("person_name", "person_name_kana", "person_name_romaji")
PARTS = {"surname": 0, "given_name": 1, "surname_kana": 0, "given_name_kana": 1}
_KINDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("k", "person_name", ("surname", "given_name")),
    ("r", "person_name_kana", ("surname_kana", "given_name_kana")),
    ("l", "person_name_romaji", ()),
)
_GAP = re.compile(r"[\s・,，、.．=＝_-]+")
_POLITE = re.compile(rf"(?<=\S)\s*+(?:{'|'.join(sorted(names.HONORIFICS, key=len, reverse=True))})$")
_KANA = re.compile(r"[ァ-ヺーヽヾ・\s]+")
_HALF = re.compile(r"[ｦ-ﾟ･\s]+")
_HIRAGANA = re.compile(r"[ぁ-ゖー・\s]+")
_QUOTED = re.compile(r"([\"'“‘「『]+)([^\"'“”‘’「」『』]+)([\"'”’」』]+)")
#: The first letter behind those of the Latin script, accented ones among them.
_BEYOND_LATIN = "\u0250"
_LEAST_KNOWN = 0.5
_SURELY_READ = 0.9  # as a name in Latin letters
_MOST_DRAWS = 20
_LISTED = re.compile(r"(\s{0,9}[、，,;；/／&＆\n]\s{0,9})")
_LONGEST_LIST = 200
_MOSTLY = 0.6
#: Names that people do bear, and that a reader takes for a body, a place or a table's own words.
_MISREAD = re.compile(
    "有志|一同|法人|組合|協会|財団|公社|機構|銀行|病院|医院|薬局|学校|学園|大学|商店|商会|工業|役場|自治|平均|総数|最高|最大|最小|"
    "同上|合計|本人|役所|本店|支店|支社|南橋|斉荘|紫苑|青果"
)


class Person(NamedTuple):
    """A name in three scripts; ``kana`` are katakana, ``romaji`` lower case."""

    surname: str
    given: str
    surname_kana: str
    given_kana: str
    surname_romaji: str
    given_romaji: str


class _Form(NamedTuple):
    """How a name is written: what stands around it, its words, the gap between them, its script."""

    before: str
    core: str
    gap: str
    after: str
    script: str


def stand_in(entity: str, text: str, keyed: Keyed) -> str:
    """The name that stands for ``text``: the same person's in a name, a kana and a romaji column of one row."""
    form = _form(text)
    if not form.core:
        return text
    if entity == "person_name" and (several := _several(text)):
        alone = replace(keyed, row={})
        return "".join(part if n % 2 else stand_in(entity, part, alone) for n, part in enumerate(several))
    part = PARTS.get(entity)
    who = identity(entity, text, keyed)
    told = form.core if part is not None else keyed.row.get("person_name", text).strip()
    if (kind := _stand_nobody.kind_of(told)) != "person" and not (part is not None and kind == "firm"):
        # A user by number in a column of names has no number in kana.
        script = "kanji" if kind == "nobody" and entity == "person_name" and form.script != "latin" else form.script
        return form.before + _stand_nobody.stand_in(kind, told, who, keyed, script) + form.after
    made = keyed.unique("name", who, lambda draw: _told(_another(draw, who), who))
    known = Person._make(made.split("\v")[0].split("\t"))
    families = (known.surname, known.surname_kana, known.surname_romaji)
    givens = (known.given, known.given_kana, known.given_romaji)
    if part is not None:
        return form.before + _written(givens if part else families, form) + form.after
    if not form.gap and who[:2] in ("f:", "g:"):
        return form.before + _written(families if who[0] == "f" else givens, form) + form.after
    if form.script == "latin" and _given_first(form.core, keyed.row):
        families, givens = givens, families
    words = [w for w in _GAP.split(form.core) if w]
    if form.script == "latin" and len(words) == 1:
        return form.before + _one_word(families, givens, form, keyed.row) + form.after
    ends = (words[0], words[-1]) if form.script == "latin" else (form.core, form.core)
    first, second = (_written(w, form._replace(core=end)) for w, end in zip((families, givens), ends, strict=True))
    # In a column of names katakana are those of foreigners, with a point between.
    gap = form.gap or ("・" if form.script == "kana" and entity == "person_name" else "")
    return form.before + first + gap + second + form.after


def _one_word(families: tuple[str, str, str], givens: tuple[str, str, str], form: _Form, row: Mapping[str, str]) -> str:
    """One word in Latin letters: the half of the name that it is in a row with both halves, else both as one word."""
    word = unicodedata.normalize("NFKC", form.core).lower()
    halves = [(row.get(a) or row.get(b), new) for a, b, new in (("surname_kana", "surname", families),
                                                               ("given_name_kana", "given_name", givens))]  # fmt: skip
    if all(old for old, _ in halves):
        read = [names.romaji(unicodedata.normalize("NFKC", katakana(old or ""))) for old, _ in halves]
        same = next((n for n, reading in enumerate(read) if _short(reading) == _short(word)), None)
        if same is None:
            same = 0 if word in _romaji_surnames() else 1
        return _written(halves[same][1], form)
    return _written((families[0] + givens[0], families[1] + givens[1], families[2] + givens[2]), form)


def _short(reading: str) -> str:
    """A reading without what says that a vowel is long."""
    return reading.replace("ou", "o").replace("oo", "o").replace("uu", "u").replace("oh", "o")


def _several(text: str) -> list[str]:
    """Names and what stands between them, in turn, of a cell that lists some; empty for any other."""
    parts = _LISTED.split(text)
    people = parts[::2]
    if len(people) < 2 or len(text) > _LONGEST_LIST or not all(p.strip() for p in people):
        return []
    named = sum(names.full_name_score(p) >= _LEAST_KNOWN for p in people)
    return parts if named >= _MOSTLY * len(people) else []


def identity(entity: str, text: str, keyed: Keyed) -> str:
    """Who a name is, as a string: by the kanji of the row when it has them, else by the kana, else by what it says."""
    row = keyed.row
    for kind, full, halves in _KINDS:
        if row.get(full):
            return _of_text(full, row[full], keyed, kind)
        given = [_plain(row[half], keyed) for half in halves if row.get(half)]
        if len(given) == 2:
            return f"{kind}:{given[0]}{given[1]}"
        if given and entity in PARTS:
            return f"{'f' if row.get(halves[0]) else 'g'}:{given[0]}"
    if entity in PARTS:
        return f"{'g' if PARTS[entity] else 'f'}:{_plain(text, keyed)}"
    return _of_text(entity, text, keyed, "k")


def _of_text(entity: str, text: str, keyed: Keyed, kind: str) -> str:
    form = _form(text)
    core = _plain(form.core, keyed)
    if keyed.exact and form.before + form.core + form.after != text:
        return f"x:{text}"
    if entity == "person_name" and not _GAP.search(form.core) and names.is_surname(core):
        return f"f:{core}"
    return f"{kind}:{core}"


def _plain(text: str, keyed: Keyed) -> str:
    """The letters of a name: NFKC, no gaps, lower case, kana alone as katakana; common kanji unless spelling counts."""
    plain = _GAP.sub("", unicodedata.normalize("NFKC", _POLITE.sub("", text.strip()))).casefold()
    if _HIRAGANA.fullmatch(plain):
        plain = katakana(plain)
    return plain if keyed.exact else fold_kanji(plain)


# ---------------------------------------------------------------- how it is written


def _form(text: str) -> _Form:
    stripped = text.strip()
    start = text.find(stripped)
    before, after = text[:start], text[start + len(stripped) :]
    core = stripped
    if (polite := _POLITE.search(core)) and not names.is_surname(core):
        core, after = core[: polite.start()], core[polite.start() :] + after
    if quoted := _QUOTED.fullmatch(core):
        before, core, after = before + quoted[1], quoted[2], quoted[3] + after
    core = re.split(r"[(\[（［【〔「《<]", core)[0].rstrip() or core
    gap = _GAP.search(core)
    return _Form(before, core, gap.group() if gap else "", after, _script(core))


def _script(text: str) -> str:
    if _HALF.fullmatch(text):
        return "half"
    if _KANA.fullmatch(text):
        return "kana"
    if _HIRAGANA.fullmatch(text):
        return "hiragana"
    plain = unicodedata.normalize("NFKC", text)
    letters = [c for c in plain if c.isalpha()]
    return "latin" if letters and max(letters) < _BEYOND_LATIN else "kanji"


def _written(words: tuple[str, str, str], form: _Form) -> str:
    kanji, kana, romaji = words
    if form.script == "kana":
        return kana
    if form.script == "half":
        return half_width(kana)
    if form.script == "hiragana":
        return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in kana)
    if form.script == "latin":
        wide = not form.core.isascii()
        latin = romaji.upper() if form.core.isupper() else romaji if form.core.islower() else romaji.title()
        return "".join(chr(ord(c) + 0xFEE0) for c in latin) if wide and "Ａ" <= form.core[0] <= "ｚ" else latin
    return kanji


def _given_first(core: str, row: Mapping[str, str]) -> bool:
    """Whether a name in Latin letters has its given name in front: by the kana beside it, else by the known surnames."""
    words = [w for w in re.split(r"[\s,，]+", unicodedata.normalize("NFKC", core)) if w]
    if len(words) != 2 or "," in core:
        return False
    if words[0].isupper() != words[1].isupper():
        return words[1].isupper()
    kana = row.get("surname_kana") or _GAP.split(row.get("person_name_kana", "").strip())[0]
    if kana:
        reading = names.romaji(unicodedata.normalize("NFKC", kana))
        if words[0].lower() == reading or words[1].lower() == reading:
            return words[1].lower() == reading
    surnames = _romaji_surnames()
    first, last = (surnames.get(w.lower(), 0) for w in words)
    return last >= first


# ---------------------------------------------------------------- who it is


def _another(draw: Draw, who: str) -> Person:
    """Somebody in whose name the name itself is not: matsuji is in matsujirou. What stands for a name in Latin letters
    reads like one as surely, so that it is found again in a text."""
    told, sex = who.partition(":")[2].strip().casefold(), _sex(who)
    for _ in range(_MOST_DRAWS):
        person = _drawn(draw, sex)
        inside = len(told) >= 2 and any(told in a + b for a, b in zip(person[::2], person[1::2], strict=True))
        latin = f"{person.given_romaji} {person.surname_romaji}"
        if not inside and (not told.isascii() or names.romaji_name_score(latin.title()) >= _SURELY_READ):
            break
    return person


def _drawn(draw: Draw, sex: str) -> Person:
    families, givens = _families(), _givens()[sex]
    family, given = families[draw(len(families))], givens[draw(len(givens))]
    return Person(family.kanji, given.kanji, family.kana, given.kana, family.romaji, given.romaji)


def _told(person: Person, who: str) -> str:
    """A person as text, with all that nobody else may have behind: what columns of one script alone would show."""
    kind, _, told = who.partition(":")
    if kind in "fg":
        script = 1 if _KANA.fullmatch(told) else 2 if told.isascii() else 0
        marks = [f"{kind}{fold_kanji(person[2 * script + (kind == 'g')])}"]
    else:
        marks = ["".join(person[:2]), " ".join(person[4:])]
    return "\v".join(["\t".join(person), *map(fold_kanji, marks)])


@cache
def _families() -> tuple[names.Surname, ...]:
    return tuple(s for s in names.surnames_by_frequency() if len(s.kanji) > 1 and not _MISREAD.search(s.kanji))


@cache
def _givens() -> Mapping[str, tuple[names.Given, ...]]:
    known = [
        g for g in names.given_names() if g.weight >= _LEAST_KNOWN and len(g.kanji) > 1 and not _MISREAD.search(g.kanji)
    ]
    return {"u": tuple(known), **{s: tuple(g for g in known if g.sex == s) for s in "mf"}}


@cache
def _romaji_surnames() -> Mapping[str, int]:
    found: dict[str, int] = {}
    for s in names.surnames_by_frequency():
        found.setdefault(s.romaji, s.people)
        found.setdefault(s.romaji.replace("ou", "o").replace("uu", "u"), s.people)
    return found


@cache
def _sex_of_kana() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for g in names.given_names():
        if found.setdefault(g.kana, g.sex) != g.sex:
            found[g.kana] = "u"
    return found


def _sex(who: str) -> str:
    """m or f where the given name says it, else u: by the name alone, so that it is the same in every file."""
    kind, _, name = who.partition(":")
    if kind == "k":
        parts = names.split_name(name)
        return (names.sex_of_given(parts[1]) if parts else None) or "u"
    if kind == "g":
        return names.sex_of_given(name) or _sex_of_kana().get(name, "u")
    if kind == "r":
        # The longest known ending of the kana is taken for the given name.
        return next((s for n in range(1, len(name)) if (s := _sex_of_kana().get(name[n:]))), "u")
    return "u"
