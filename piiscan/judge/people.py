"""Who the people in a row are: which columns name one person, and by which columns two rows are the same person.

The key of a person, strongest first: an identifier within the file; name with birth date; name with phone, mail or
address; name alone. A surname alone tells nobody apart, so such a row counts for itself and the number is a bound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from piiscan.families import GOVERNMENT_IDS, KANA_NAMES, MEMBER_IDS, NAME_FAMILY
from piiscan.judge.columns import Verdict
from piiscan.judge.features import Features
from piiscan.judge.grid import Grid
from piiscan.judge.layout import Region
from piiscan.policy import HeaderMatch
from piiscan.shaped import later
from piiscan.text import fold, fold_header, fold_name

SAME_PERSON = 0.5
#: So many of a column's names stand in the rows' own names, too, when it only refers to them.
ALREADY = 0.8
#: Others of a row who live with the one it is about: the row's contact tells them apart, too.
FAMILY = ("child", "spouse", "guardian", "emergency")
#: Roles of those who stand in a row beside the one whom it is about.
BESIDE = ("guardian", "spouse", "emergency", "other")
PARTNERS = {"surname": "given_name", "given_name": "", "surname_kana": "given_name_kana", "given_name_kana": ""}
#: Headers over what somebody is also called: no second person beside a column of names.
ALSO_CALLED = later(
    "表示名|ニックネーム|愛称|通称|通名|旧姓|旧氏名|別名|呼び名|ハンドル|ペンネーム|芸名|イニシャル|変更前|改名前|display|nickname|alias|"
    "screenname|maiden|formername"
)
#: Mail addresses of users whom a developer has numbered, user1@, test-02@, sample.user3@, and those of duties: admin@, info@.
NOBODYS_MAIL = later(
    r"(?:user|test|sample|dummy|demo|guest|example)(?:[._-]?(?:user|test|mail))?[._-]?(?:[0-9]+|[A-Za-z])?@|[^@]{0,20}dummy[^@]{0,20}@"
    r"|(?:admin|administrator|webmaster|postmaster|root|info|operator|support|system|master|moderator|contact|office|no-?reply)[._-]?[0-9]*@"
)
#: Headers over those who only see to a row: they are not whom it is about.
STAFF = later("担当|受付者|対応者|入力者|校正者|記入者|登録者|更新者|承認者|作成者")
#: Headers over where something lies on a map.
COORDINATES = later("緯度|経度|latitude|longitude|lat|lng|lon")
#: Headers over those who keep the record itself: beside the one whom it is about they are not counted.
KEEPERS = later("入力者|校正者|更新者|createdby|updatedby|modifiedby")
#: Names of a row beyond these are counted by themselves: comparing each with each is for rows that people write.
MOST_TOLD_APART = 40
#: Of so few names it cannot be said that they repeat.
FEW = 6
#: Key columns by preference: what makes two people of one name different.
NUMBERS = ("employee_id", "student_id", "customer_id")
TELLING = (*NUMBERS, "birth_date", "phone", "email", "address", "postal_code")
#: Of an address in several columns the one that differs most tells most.
ALSO = {"address": ("address_part",)}
#: What is said of the one beside whose name it stands, not of everybody in the row.
_OF_ONE = (*NUMBERS, "birth_date")
KIND_OF_KEY = {
    **dict.fromkeys(NUMBERS, "plain"),
    "birth_date": "plain",
    "phone": "phone",
    "email": "plain",
    "address": "plain",
    "postal_code": "digits",
}


@dataclass(frozen=True, slots=True)
class Slot:
    """One person of every row. ``names``: the columns of the name, surname first; empty where only a mail address or
    a number stands for the person. ``key``: (column, kind of normalisation) of what the key is made of, names
    excluded. ``reading``: the column that stands for the name where that is empty. ``unless``:
    columns that, where filled, name the person of the row instead. ``others``: names of the row that come first; who
    is named among them is the same person. ``exact`` False: rows are counted, not people,
    because nothing tells two of one name apart."""

    role: str
    names: tuple[int, ...]
    key: tuple[tuple[int, str], ...]
    exact: bool = True
    reading: int | None = None
    unless: tuple[int, ...] = ()
    others: tuple[tuple[int, ...], ...] = ()


def find_slots(
    region: Region,
    verdicts: Mapping[int, Verdict],
    matches: Mapping[int, Sequence[HeaderMatch]],
    persons: Mapping[int, float],
    grid: Grid,
    features: Mapping[int, Features],
) -> tuple[Slot, ...]:
    """The people of a row, the first the one whom the row is about."""
    entity = {c: verdicts[c].entity for c in region.columns if features[c].real}
    roles = {c: next((m.role for m in matches[c] if m.role), "self") for c in region.columns}
    named = {c: any(m.meaning in NAME_FAMILY for m in matches[c]) for c in region.columns}
    groups = _name_groups(region, entity, persons, grid, named)
    if not groups:
        return _nameless(region, entity, verdicts, features)
    first = _subject(region, groups, entity, features, roles)
    slots: list[Slot] = []
    for group in sorted(groups, key=lambda g: g != first):
        subject = group == first
        role = "self" if subject else roles[group[0]]
        if not subject and KEEPERS.search(fold_header(region.names.get(group[0], ""))):
            continue
        if len(slots) >= MOST_TOLD_APART:  # a card of thousands of names: counted by name alone
            slots.append(Slot(role, group, (), False, None, (), ()))
            continue
        exact = len(group) > 1 or entity[group[0]] not in ("surname", "given_name", "surname_kana", "given_name_kana")
        if not subject and not exact and role not in FAMILY:
            continue
        names = group if exact or subject or entity[group[0]] != "given_name" else (first[0], *group)
        key = _key(region, group, groups, entity, features, subject=subject, family=role in FAMILY)
        firm = entity[group[0]] == "company"
        unless = tuple(c for g in groups if entity[g[0]] != "company" for c in g) if firm else ()
        before = tuple(s.names for s in slots if exact and s.exact)
        slots.append(Slot(role, names, key, exact, _reading(group, groups, entity, features), unless, before))
    return tuple(slots)


def _name_groups(
    region: Region,
    entity: Mapping[int, str | None],
    persons: Mapping[int, float],
    grid: Grid,
    named: Mapping[int, bool],
) -> list[tuple[int, ...]]:
    """Columns that together name one person, left to right; a second writing of the same name is no second person."""
    written = [
        c for c in region.columns if entity.get(c) in ("person_name", "surname", "given_name") and persons.get(c)
    ]
    kanji = any(e in ("person_name", "surname", "given_name") for e in entity.values())
    if not kanji:  # a reading stands for the person only where the name itself is missing
        written = [c for c in region.columns if entity.get(c) in NAME_FAMILY and persons.get(c)]
    written += [c for c in region.columns if entity.get(c) == "company" and persons.get(c, 0.0) > 0 and named[c]]
    pairs = _pairs(written, entity) or _latin_halves(written, entity, grid, region)
    taken = {c for pair in pairs for c in pair}
    groups = list(pairs)
    first_written = min((g[0] for g in groups if entity[g[0]] not in KANA_NAMES), default=10**9)
    for column in sorted(c for c in written if c not in taken):
        if entity[column] in KANA_NAMES and column > first_written:
            continue
        if ALSO_CALLED.search(fold_header(region.names.get(column, ""))) and len(written) > 1:
            continue
        near = groups[:MOST_TOLD_APART]
        if not any(_same_person(grid, region, g, column) or _named_already(grid, region, g, column) for g in near):
            groups.append((column,))
            if entity[column] not in KANA_NAMES:
                first_written = min(first_written, column)
    return sorted(groups, key=lambda g: (entity[g[0]] == "company", min(g)))  # a firm's own name comes after its people


def _pairs(written: Sequence[int], entity: Mapping[int, str | None]) -> list[tuple[int, ...]]:
    """Surname and given name side by side, in either order, as (surname, given name); the surname before comes first."""
    pairs: list[tuple[int, ...]] = []
    free = {c for c in written if entity[c] in PARTNERS}
    for reach in (range(1, 4), range(-1, -4, -1), range(4, 9), range(-4, -9, -1)):
        for column in sorted(c for c in free if entity[c] in ("surname", "surname_kana")):
            partner = next((column + d for d in reach if column + d in free and _partners(column, d, entity)), None)
            if column in free and partner is not None:
                pairs.append((column, partner))
                free -= {column, partner}
    return pairs


def _latin_halves(
    written: Sequence[int], entity: Mapping[int, str | None], grid: Grid, region: Region
) -> list[tuple[int, ...]]:
    """Two columns side by side of single words in Latin letters, each half of a name: Taro | Yamada."""
    rows = [p for p in range(region.start, min(region.end, region.start + 200)) if p not in region.repeats]
    for left, right in pairwise(written):
        if right == left + 1 and entity[left] == entity[right] == "person_name_romaji":
            cells = [text.strip() for p in rows for c in (left, right) if (text := grid.text(p, c))]
            if sum(" " in text or "," in text for text in cells) <= 0.1 * len(cells):
                return [(left, right)]
    return []


def _partners(column: int, distance: int, entity: Mapping[int, str | None]) -> bool:
    return entity[column + distance] == PARTNERS[entity[column] or ""]


def _subject(
    region: Region,
    groups: Sequence[tuple[int, ...]],
    entity: Mapping[int, str | None],
    features: Mapping[int, Features],
    roles: Mapping[int, str],
) -> tuple[int, ...]:
    """The names whom the rows are about: the first that do not repeat as those of staff and owners do."""
    people = [g for g in groups if entity[g[0]] != "company"] or list(groups)
    people = [g for g in people if roles[g[0]] not in BESIDE] or people
    people = [g for g in people if not STAFF.search(region.names.get(g[0], ""))] or people
    spread = {g: features[g[-1]].spread for g in people}
    best = max(spread.values())
    return next(g for g in people if spread[g] >= 0.6 * best or features[g[-1]].filled < FEW)


def _same_person(grid: Grid, region: Region, group: Sequence[int], column: int) -> bool:
    """Whether a column writes the same names again: 氏名 and 正式氏名, or surname and given name joined."""
    rows = [p for p in range(region.start, min(region.end, region.start + 200)) if p not in region.repeats]
    pairs = [(fold_name("".join(grid.text(p, c) for c in group)), fold_name(grid.text(p, column))) for p in rows]
    pairs = [(a, b) for a, b in pairs if a and b]
    same = sum(a == b or b in a or (len(a) > 2 and a in b) for a, b in pairs)
    return bool(pairs) and same >= SAME_PERSON * len(pairs)


def _named_already(grid: Grid, region: Region, group: Sequence[int], column: int) -> bool:
    """Whether nearly everybody in a column has a row of his own: the heads of the households of a register."""
    rows = [p for p in range(region.start, min(region.end, region.start + 200)) if p not in region.repeats]
    own = {fold_name("".join(grid.text(p, c) for c in group)) for p in rows}
    others = {fold_name(grid.text(p, column)) for p in rows} - {""}
    return len(others) >= 3 and len(others & own) >= ALREADY * len(others)


def _reading(
    group: Sequence[int],
    groups: Sequence[Sequence[int]],
    entity: Mapping[int, str | None],
    features: Mapping[int, Features],
) -> int | None:
    """The column with the whole name in kana or Latin letters that belongs to a group, the fullest of several: between
    it and the next name, or between it and the one before where readings stand before their names."""
    whole = [c for c, e in sorted(entity.items()) if e in ("person_name_kana", "person_name_romaji")]
    if len(groups) > 1 and whole and whole[0] < min(g[0] for g in groups):
        begin = max((g[-1] for g in groups if g[-1] < group[0]), default=-1)
        whole = [c for c in whole if begin < c < group[0]]
    elif len(groups) > 1:
        end = min((g[0] for g in groups if g[0] > group[0]), default=10**9)
        whole = [c for c in whole if group[-1] < c < end]
    return max((c for c in whole if c not in group), key=lambda c: features[c].filled, default=None)


def _key(
    region: Region,
    group: Sequence[int],
    groups: Sequence[Sequence[int]],
    entity: Mapping[int, str | None],
    features: Mapping[int, Features],
    *,
    subject: bool,
    family: bool,
) -> tuple[tuple[int, str], ...]:
    """What tells two people of one name apart: columns under the same words (契約者名, 契約者住所), else those up to the
    next name; for the one whom the row is about, and for family, any of the row. Staff is told apart by name alone."""
    starts = sorted(min(g) for g in groups)
    begin = -1 if subject and min(group) == starts[0] else min(group)
    end = min((s for s in starts if s > min(group)), default=10**9)
    word = region.names.get(group[0], "")
    ranges = [
        [c for c in sorted(entity) if _shared(word, region.names.get(c, "")) >= 2],
        [c for c in sorted(entity) if begin < c < end],
    ]
    if subject or family:
        ranges.append(sorted(entity))
    for columns in ranges[1:] if len(groups) == 1 else ranges:
        for wanted in TELLING if subject or columns is ranges[0] else TELLING[len(NUMBERS) + 1 :]:
            if columns is ranges[-1] and wanted in _OF_ONE:
                continue
            able = [
                c
                for c in columns
                if entity[c] in (wanted, *ALSO.get(wanted, ()))
                and features[c].filled >= 0.5 * max(1, features[group[-1]].filled)
            ]
            if able:
                return ((max(able, key=lambda c: features[c].spread), KIND_OF_KEY[wanted]),)
    return ()


def _shared(left: str, right: str) -> int:
    """How many characters two headers have in common at their beginning."""
    return next((n for n, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))


def _mobile(features: Features) -> bool:
    """Whether mobile telephones, which people carry, are among the numbers and not just one of several."""
    mobile = sum(fold(v).lstrip("+81( ").startswith(("070", "080", "090", "70", "80", "90")) for v in features.values)
    return 0 < mobile == len(features.values) or (mobile >= 3 and mobile >= 0.3 * len(features.values))


def _nameless(
    region: Region,
    entity: Mapping[int, str | None],
    verdicts: Mapping[int, Verdict],
    features: Mapping[int, Features],
) -> tuple[Slot, ...]:
    """People without a name: a mail address, a government number, or a member's number with a phone identifies one."""
    bodies = {"company", "facility_name", "corporate_number"} & {e for e in entity.values() if e}
    by_entity: dict[str, int] = {}
    for column, found in sorted(entity.items()):
        if found:
            by_entity.setdefault(found, column)
    for wanted in GOVERNMENT_IDS:
        if wanted in by_entity:
            return (Slot("self", (), ((by_entity[wanted], "plain"),)),)
    mails = features[by_entity["email"]].values if "email" in by_entity and not bodies else ()
    if mails and not all(map(NOBODYS_MAIL.match, mails)):
        return (Slot("self", (), ((by_entity["email"], "plain"),)),)
    personal = {"birth_date", "age", "sex", *MEMBER_IDS} & set(by_entity)
    mapped = any(COORDINATES.fullmatch(fold_header(name)) for name in region.names.values())  # shops have one as well
    if not mapped and "address" in by_entity and "phone" in by_entity and _mobile(features[by_entity["phone"]]):
        personal.add("phone")
    for wanted, kind in (("phone", "phone"), ("address", "plain")):
        if wanted in by_entity and personal and not bodies and verdicts[by_entity[wanted]].values >= 0.5:
            return (Slot("self", (), ((by_entity[wanted], kind),)),)
    return ()
