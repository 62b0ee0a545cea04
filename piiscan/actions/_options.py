"""Options of actions: what is not known or does not fit is refused, never ignored."""

from __future__ import annotations

from collections.abc import Mapping

from piiscan.errors import UsageError

#: Option → the words it may be, or (lowest, highest) for a whole number; None: any text.
Known = Mapping[str, tuple[str, ...] | tuple[int, int] | None]


def check(options: Mapping[str, str | int], known: Known) -> None:
    """Raises ``UsageError`` for the first option that is not in ``known`` or has a value that is not."""
    for name, value in options.items():
        if name not in known:
            raise UsageError("action_unknown_option", name=name, choices=", ".join(known) or "-")
        allowed = known[name]
        if allowed is None:
            good = isinstance(value, str)
        elif isinstance(allowed[0], str):
            good = value in allowed
        else:
            low, high = int(allowed[0]), int(allowed[1])
            good = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        if not good:
            shown = "…" if allowed is None else ", ".join(map(str, allowed))
            raise UsageError("action_wrong_option", name=name, choices=shown)
