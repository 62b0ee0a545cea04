"""File names from mails and archives, made fit to be a member's name: no folders, no control characters, no twins."""

from __future__ import annotations

import unicodedata

_LONGEST = 200


def clean_name(name: str, fallback: str) -> str:
    """``name`` without separators, control, bidirectional and surrogate characters, at most 200 long; never empty.

    It is shown and used to tell formats by suffix, never to open a file.
    """
    kept = "".join("_" if c in "/\\" else c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    kept = kept.strip().rstrip(".")
    if not kept.strip("._ "):
        return fallback
    if len(kept) > _LONGEST:
        dot = kept.rfind(".")
        suffix = kept[dot:] if dot >= len(kept) - 10 else ""
        kept = kept[: _LONGEST - len(suffix)] + suffix
    return kept


def clean_path(name: str, fallback: str) -> str:
    """A member's path with ``/`` between folders; empty, ``.`` and ``..`` steps are left out."""
    steps = [s for s in name.replace("\\", "/").split("/") if s not in ("", ".", "..")]
    return "/".join(clean_name(s, "_") for s in steps[-50:]) or fallback


def unique(name: str, taken: dict[str, int]) -> str:
    """``name``, or ``name (2).csv`` when it was given out before; ``taken`` counts and is changed."""
    key = name.casefold()
    taken[key] = count = taken.get(key, 0) + 1
    if count == 1:
        return name
    dot = name.rfind(".")
    stem, suffix = (name[:dot], name[dot:]) if dot > name.rfind("/") + 1 else (name, "")
    return unique(f"{stem} ({count}){suffix}", taken)
