"""Words for entities, evidence and reasons that several reports use."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from piiscan import labels, messages, registry
from piiscan.messages import Translate, fill, translator
from piiscan.model import Detector, Level, Severity
from piiscan.text import printable

#: The detectors of the rule files in force, by entity.
Own = Mapping[str, Detector]
NONE: Own = MappingProxyType({})


def entity_label(entity: str, lang: str, subtype: str | None = None, own: Own = NONE) -> str:
    """What an entity is called: its detector knows, else the catalogue, else it is shown as it stands."""
    detector = registry.detector(entity) or own.get(entity)
    if detector:
        name = printable(detector.label if lang == "ja" else detector.label_en, 80)
    else:
        name = messages.label(labels.ENTITIES, entity, lang)
    return f"{name} ({messages.label(labels.SUBTYPES, subtype, lang)})" if subtype else name


def level_words(level: Level, say: Translate) -> str:
    """A level in words, the id beside the translation where they differ: 重大 (critical)."""
    words = say(labels.LEVELS[level])
    return words if words == level.value else f"{words} ({level.value})"


def people(count: int, exact: bool, say: Translate) -> str:
    """The number of people in words."""
    return fill(say("people: {count}") if exact else say("people: at least {count}"), {"count": count})


def evidence_words(evidence: tuple[str, ...], lang: str) -> str:
    """Why a column was judged as it was, in words: 見出し、辞書."""
    separator = "、" if lang == "ja" else ", "
    return separator.join(messages.label(labels.EVIDENCE, item, lang) for item in evidence)


def duty_words(rule: str, threshold: int, lang: str) -> str:
    """A reporting duty in words; a duty of a company's own rule file is shown by its id."""
    return fill(messages.label(labels.TRIGGERS, rule, lang), {"threshold": threshold})


def why(severity: Severity, lang: str, own: Own = NONE) -> list[tuple[str, str]]:
    """The reasons of a severity as (msgid, sentence); ids of entities and duties are put into words."""
    say = translator(lang)
    found = []
    for msgid, pairs in severity.why:
        params = dict(pairs)
        if "entity" in params:
            params["entity"] = entity_label(str(params["entity"]), lang, own=own)
        if "rule" in params:
            params["rule"] = duty_words(str(params["rule"]), int(params.get("threshold", 0)), lang)
        found.append((msgid, fill(say(msgid), params)))
    return found
