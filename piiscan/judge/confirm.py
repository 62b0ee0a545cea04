"""Every cell of a judged column is looked at: the shape confirms most of them, the rest take the slow, thorough path."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from piiscan import columnar
from piiscan.columnar import Values
from piiscan.judge.features import Features
from piiscan.judge.keys import positions_in
from piiscan.judge.part import Part
from piiscan.judge.people import NOBODYS_MAIL, Slot
from piiscan.judge.tables import JudgedTable
from piiscan.judge.values import unnumbered
from piiscan.lexicon import names
from piiscan.model import Detector
from piiscan.prose.finding import find_spans
from piiscan.prose.searching import Same, cue_words, may_find_in_any_text
from piiscan.repeats import Repeats
from piiscan.text import fold

#: What any find in running text needs to have: a mail sign, five digits with signs between, a cue for a name, a place.
SUSPICIOUS = (
    r"[@＠]|〒|[0-9０-９](?:[-－ー−‐–—()（） ]?[0-9０-９]){5,}|様|さん|殿|氏|くん|ちゃん|先生|名前|担当|代表|責任者|"
    r"[都道府県市区町村郡].{1,20}[0-9０-９一二三四五六七八九十]|(?:昭和|平成|令和|大正|明治)[0-9０-９元]|生年月日|生まれ|"
    r"[部課係社会所店室次員]長|主任|[者先人係任師当][ \u3000]{0,2}[:：]|と申し|出席|欠席|参加者|振込|振替|送金|[フﾌ][リﾘ][コｺカｶ]|[ソｿ][ウｳ][キｷ]"
)
#: Characters, one of which is in whatever that matches.
SUSPICIOUS_MARKS = "@＠〒0123456789０１２３４５６７８９様さ殿氏くち先名担代責都道府県市区町村郡昭平令大明生と出欠参振送フﾌソｿ部課係社会所店室次員主者人任師当"
#: Firms and bodies, placeholders, digits and role words: a cell of a name column with one of them in front of any
#: brackets is no natural person. 山田太郎（株式会社見本） is one.
NOT_A_PERSON = (
    r"^[^(（\[【]*(?:株式会社|有限会社|合同会社|合資会社|合名会社|[㈱㈲㈳㈶㈻]|法人|組合|協会|連合会|財団|"
    r"公社|公団|機構|銀行|信用金庫|病院|医院|診療所|クリニック|薬局|学校|学園|大学|幼稚園|保育園|センター|事務所|営業所|"
    r"支店|本店|支社|商店|商会|工務店|製作所|役所|役場|工業|Inc|Ltd|LLC|Corp|"
    r"平均|総数|総計|人数|投票|得票|無効票|標準偏差|中央値|最高|最低|最大|最小|不詳|未詳|空席|欠員|空室|募集中|調整中|未配置|匿名|入力例|記入例|全角|半角|テーブル$|"
    r"自治会|町内会|婦人会|老人会|子ども会|子供会|同窓会|委員会|後援会|商工会|会議所|有志|一同|御中|持株会|保証会社|"
    r"[{}<>○〇◯□×＊●■◆*]{2}|[0-9０-９]{3}|[0-9０-９](?:[^0-9０-９年組番.．]|$))|[(（][株有同資名社財学医福宗独]+[)）]|^[{<○〇(（]|"
    r"^(?:一般|管理|テスト|サンプル|ダミー|ユーザ|システム|ゲスト|同上|なし|無し|不明|未定|該当|合計|小計|総計|計$|必須$|任意$|休み?$|本人$|同左|全員$|その他|各位|ご?担当者様?$|空室|共用|予備$|来賓$|"
    r"(?:店長|部長|課長|係長|主任|社長|会長|所長|院長|園長|校長|教頭|担任|当番|日直|監督|コーチ|代表|幹事)$|[-－ー―‐/／・〃″”々仝]+$)"
)
SHOWN_CELLS = 20


@dataclass
class Tally:
    """Running counts of one column: cells filled, cells that fit, and finds of other entities inside its cells."""

    filled: int = 0
    matches: int = 0
    finds: dict[str, list[int]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def find(self, entity: str, row: int) -> None:
        """Books one find; only the first rows are kept, for their addresses."""
        rows = self.finds.setdefault(entity, [])
        if len(rows) <= SHOWN_CELLS:
            rows.append(row)
        self.counts[entity] = self.counts.get(entity, 0) + 1

    def add(self, other: Tally) -> None:
        """Adds the counts of rows further down."""
        self.filled += other.filled
        self.matches += other.matches
        for entity, rows in other.finds.items():
            kept = self.finds.setdefault(entity, [])
            kept.extend(rows[: SHOWN_CELLS + 1 - len(kept)])
            self.counts[entity] = self.counts.get(entity, 0) + other.counts[entity]


def confirm_column(
    values: Values | Repeats,
    rows: Sequence[int],
    entity: str | None,
    features: Features,
    detectors: Mapping[str, Detector],
    tally: Tally,
) -> None:
    """Looks at every cell of one column of one part and books what it finds."""
    detector = detectors.get(entity or "")
    if entity is None or detector is None or detector.group == "organisation":
        _confirm_untyped(values, rows, entity, detectors, tally)
        if detector is not None:
            tally.matches = tally.filled
        return
    if not detector.shapes:
        count = columnar.filled(values)
        tally.filled += count
        tally.matches += count
        return
    look = columnar.tally(values, detector.shapes, joined=True)
    tally.filled += look.filled
    tally.matches += look.matched
    for position, text in look.exceptions:
        if features.fits(entity, text):
            tally.matches += 1
            continue
        for span in find_spans(text, detectors):
            if span.entity != entity:
                tally.find(span.entity, rows[position])
            else:
                tally.matches += 1


def _confirm_untyped(
    values: Values | Repeats, rows: Sequence[int], entity: str | None, detectors: Mapping[str, Detector], tally: Tally
) -> None:
    """Short and long plain numbers explain themselves; of the others only what could be a find is searched."""
    anything, pattern = _suspicious(Same(detectors))
    if isinstance(values, list):
        tally.filled += columnar.filled(values)
        search, distinct = re.compile(pattern).search, dict.fromkeys(values)
        if not anything and (marks := _marks(Same(detectors))):
            distinct = dict.fromkeys(v for v in distinct if not marks.isdisjoint(v))
        odd = [v for v in distinct if v and (anything or not _plain_number(v)) and search(v)]
        found = {v: spans for v in odd if (spans := find_spans(v, detectors, entity))}
        if found:
            for row, text in zip(rows, values, strict=True):
                for span in found.get(text, ()):
                    tally.find(span.entity, row)
        return
    tally.filled += columnar.filled(values)
    for position, text in columnar.containing(values, pattern):
        if anything or not _plain_number(text):
            for span in find_spans(text, detectors, entity):
                tally.find(span.entity, rows[position])


@lru_cache(maxsize=8)
def _suspicious(detectors: Same) -> tuple[bool, str]:
    """Whether any text may be one, and what a cell must hold to be searched: what any find has, or a cue word without
    which nothing is one."""
    if may_find_in_any_text(detectors.mapping):
        return True, "."
    return False, "|".join((SUSPICIOUS, *map(re.escape, cue_words(detectors.mapping))))


@lru_cache(maxsize=8)
def _marks(detectors: Same) -> frozenset[str]:
    """Characters, one of which is in whatever the pattern of :func:`_suspicious` matches; none where a cue is empty."""
    firsts = {cue[:1] for cue in cue_words(detectors.mapping)}
    return frozenset() if "" in firsts else frozenset(firsts.union(SUSPICIOUS_MARKS))


def _plain_number(text: str) -> bool:
    plain = text.strip()
    return plain.isascii() and plain.replace(".", "", 1).replace(",", "").isdigit() and len(plain) not in (10, 11, 12)


def _named_all_the_same(text: str, fits: Callable[[str, str], bool]) -> bool:
    """Whether a cell with digits or a role word in it names a person: 26T2001K 山田 太郎, 山田1, テスト太郎."""
    if any(c.isdigit() for c in text):
        return fits("person_name", text) or any(fits(e, unnumbered(text)) for e in ("person_name", "surname"))
    plain = fold(text)
    return plain.startswith(("テスト", "サンプル", "ダミー")) and not names.ROLE_WORDS.fullmatch(plain)


def _by_surname(part: Part, slot: Slot, column: int, rows: set[int], table: JudgedTable) -> set[int]:
    """Those of the rows whose person is known by the surname, whatever stands for the given name: 葛西 | 店長."""
    first = slot.names[0]
    if column == first or first not in part.columns or table.verdicts[first].entity != "surname":
        return set()
    fits, listed = table.features[first].fits, sorted(rows)
    surnames = columnar.take(part.columns[first], listed)
    return {row for row, text in zip(listed, surnames, strict=True) if fits("surname", text)}


def person_rows(part: Part, slot: Slot, table: JudgedTable) -> list[int]:
    """Positions in the part whose cells of this slot name no natural person: blanks, firms, placeholders, mailboxes of
    duties."""
    cells = [part.columns[c] for c in slot.names if c in part.columns]
    if not slot.names:
        mails = [c for c, _ in slot.key if table.verdicts[c].entity == "email" and c in part.columns]
        found = (columnar.containing(part.repeats(c), f"^(?:{NOBODYS_MAIL.pattern})") for c in mails)
        return [position for hits in found for position, _ in hits]
    if not cells:
        return list(range(len(part.rows)))
    out: set[int] = set()
    for column in slot.names:
        values = part.columns.get(column)
        if values is None:
            continue
        fits = table.features[column].fits
        nobody = {
            position
            for position, text in columnar.containing(part.repeats(column), NOT_A_PERSON)
            if not _named_all_the_same(text, fits)
        }
        if table.verdicts[column].entity == "company":  # a firm unless it reads like a person
            gone = out | nobody
            rest = [i for i in range(len(part.rows)) if i not in gone]
            nobody.update(
                i for i, text in zip(rest, columnar.take(values, rest), strict=True) if not fits("person_name", text)
            )
        excluded = table.excluded.get(column)
        if excluded:
            nobody.update(positions_in(part.repeats(column), excluded))
        out |= nobody - _by_surname(part, slot, column, nobody, table)
    return sorted(out)
