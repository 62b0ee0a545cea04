"""Reads the header vocabulary from ``headers*.toml``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from piiscan.policy import _fields as fields
from piiscan.policy._files import RuleFile
from piiscan.policy._header_parts import HeaderWords
from piiscan.policy.headers import ROLES, HeaderRules
from piiscan.shaped import later
from piiscan.text import fold_header

_KINDS = ("exact", "suffix", "likely", "weak", "weak_suffix")
_SETS = ("trailers", "numbers")
_PARTS = (*_SETS, "qualifiers", "modifier", "whose", "codes", "abbreviations", "other")
#: A word that folding would leave as it is; asking costs a tenth of folding.
_FOLDED = later(r"[a-z0-9ぁ-んァ-ヶ一-龠々〒]+")


def read(
    files: Iterable[RuleFile],
    entities: Collection[str],
    extra: Mapping[str, tuple[str, ...]],
    own: Mapping[str, tuple[str, ...]],
) -> HeaderRules:
    """The vocabulary of all header files in order; a word of a later folder belongs to what that folder says.

    ``extra`` (entity → words) are words of built-in detectors, which count where the files say nothing; ``own`` are
    words of detectors in rule files, which come before everything.
    """
    words: dict[str, dict[str, tuple[str, ...]]] = {kind: {} for kind in _KINDS}
    qualifiers: dict[str, str] = {}
    modifiers: dict[str, Mapping[str, str]] = {}
    whose: dict[str, str] = {}
    codes: dict[str, set[str]] = {"words": set(), "entities": set()}
    abbreviations: dict[str, str] = {}
    sets: dict[str, set[str]] = {name: set() for name in _SETS}
    for file in files:
        _add(words, _claims(file, entities), anew=bool(file.folder))
        qualifiers.update(_grouped(file, "qualifiers", ROLES, "rule_unknown_role"))
        modifiers.update(_modifiers(file, entities))
        whose.update(_grouped(file, "whose", entities, "rule_unknown_entity"))
        abbreviations.update(_abbreviations(file))
        for name, collected in codes.items():
            collected.update(_codes(file, entities, name))
        for name, collected in sets.items():
            collected.update(_set(file, name))
    for entity, brought in own.items():
        for word in map(_fold, brought):
            for kind in _KINDS:
                words[kind].pop(word, None)
            words["exact"][word] = (entity,)
    return HeaderRules(
        words=HeaderWords(
            **words,
            qualifiers=qualifiers,
            modifiers=modifiers,
            trailers=frozenset(sets["trailers"]),
            numbers=frozenset(sets["numbers"]),
            whose=whose,
            codes=frozenset(codes["words"]),
            coded=frozenset(codes["entities"]),
            abbreviations=abbreviations,
        ),
        extra={_fold(word): entity for entity, brought in extra.items() for word in brought},
    )


def _add(words: dict[str, dict[str, tuple[str, ...]]], claims: list[tuple[str, str, str]], *, anew: bool) -> None:
    """Adds the claims of a file; ``anew``: its words leave the tables in which they stood before."""
    for word in {word for _, _, word in claims} if anew else ():
        for kind in _KINDS:
            words[kind].pop(word, None)
    for kind, meaning, word in claims:
        known = words[kind].get(word, ())
        if meaning not in known:
            words[kind][word] = (*known, meaning)


def _set(file: RuleFile, name: str) -> list[str]:
    """The words of a table that holds nothing else."""
    entries = fields.table(file, (name,), file.data.get(name, {}))
    fields.only_keys(file, (name,), entries, ("words",))
    return list(map(_fold, fields.strings(file, (name,), entries, "words")))


def _fold(word: str) -> str:
    return word if _FOLDED.fullmatch(word) else fold_header(word)


def _claims(file: RuleFile, entities: Collection[str]) -> list[tuple[str, str, str]]:
    """(kind, meaning, folded word) of every word in the file's entity tables."""
    claims: list[tuple[str, str, str]] = []
    tables: list[tuple[tuple[str, ...], str, object]] = []
    for name, value in file.data.items():
        if name == "other":
            classes = fields.table(file, (name,), value)
            tables += [((name, inner), f"other.{inner}", entry) for inner, entry in classes.items()]
        elif name not in _PARTS and fields.one_of(file, (name,), name, entities, "rule_unknown_entity"):
            tables.append(((name,), name, value))
    for path, meaning, value in tables:
        entries = fields.table(file, path, value)
        fields.only_keys(file, path, entries, _KINDS)
        for kind in _KINDS:
            for word in fields.strings(file, path, entries, kind):
                if folded := _fold(word):
                    claims.append((kind, meaning, folded))
                else:
                    file.report((*path, kind), "rule_empty_word", word)
    return claims


def _grouped(file: RuleFile, table: str, groups: Collection[str], mistake: str) -> dict[str, str]:
    """Word → the group under whose name it is listed in the table."""
    entries = fields.table(file, (table,), file.data.get(table, {}))
    found: dict[str, str] = {}
    for group in entries:
        if fields.one_of(file, (table, group), group, groups, mistake):
            found |= {_fold(word): group for word in fields.strings(file, (table,), entries, group)}
    return found


def _modifiers(file: RuleFile, entities: Collection[str]) -> dict[str, Mapping[str, str]]:
    found: dict[str, Mapping[str, str]] = {}
    for name, value in fields.table(file, ("modifier",), file.data.get("modifier", {})).items():
        path = ("modifier", name)
        entries = fields.table(file, path, value)
        fields.only_keys(file, path, entries, ("words", "turns"))
        turns = fields.table(file, (*path, "turns"), entries.get("turns", {}))
        good: dict[str, str] = {}
        for old, new in turns.items():
            for entity in (old, new):
                at = (*path, "turns", old)
                if not isinstance(entity, str):
                    file.report(at, "rule_type", "string")
                elif fields.one_of(file, at, entity, entities, "rule_unknown_entity") and isinstance(new, str):
                    good[old] = new
        found |= {_fold(word): good for word in fields.strings(file, path, entries, "words")}
    return found


def _codes(file: RuleFile, entities: Collection[str], name: str) -> list[str]:
    entries = fields.table(file, ("codes",), file.data.get("codes", {}))
    fields.only_keys(file, ("codes",), entries, ("words", "entities"))
    given = fields.strings(file, ("codes",), entries, name)
    if name == "words":
        return list(map(_fold, given))
    where = [("codes", name, index) for index in range(len(given))]
    return [
        e for at, e in zip(where, given, strict=True) if fields.one_of(file, at, e, entities, "rule_unknown_entity")
    ]


def _abbreviations(file: RuleFile) -> dict[str, str]:
    entries = fields.table(file, ("abbreviations",), file.data.get("abbreviations", {}))
    found: dict[str, str] = {}
    for whole in entries:
        found |= {_fold(word): whole for word in fields.strings(file, ("abbreviations",), entries, whole)}
    return found
