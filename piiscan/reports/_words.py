"""Words for entities and evidence that several reports use."""

from __future__ import annotations

from piiscan import messages, registry


def entity_label(entity: str, lang: str, subtype: str | None = None) -> str:
    """What an entity is called: its detector knows, else the catalogue, else it is shown as it stands."""
    detector = registry.detectors().get(entity)
    if detector:
        name = detector.label if lang == "ja" else detector.label_en
    else:
        name = messages.label(messages.ENTITIES, entity, lang)
    return f"{name} ({messages.label(messages.SUBTYPES, subtype, lang)})" if subtype else name


def evidence_words(evidence: tuple[str, ...], lang: str) -> str:
    """Why a column was judged as it was, in words: 見出し、辞書."""
    separator = "、" if lang == "ja" else ", "
    return separator.join(messages.label(messages.EVIDENCE, item, lang) for item in evidence)
