"""What a plug-in is, one file each: a format, a detector, an action."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import BinaryIO

from piiscan.model.raw import Editor, Item, Limits, Source


@dataclass(frozen=True)
class Format:
    """A file format; ``piiscan/formats/<id>.py`` ends with ``FORMAT = Format(...)``.

    ``sniff`` looks at content first and the suffix last and answers how sure it is: 0 no, 10 the bare container or
    plain bytes would fit, 50 a sign that others lack, 90 certain. The surest format reads the file. ``read`` raises
    ``UnreadableError``, ``EncryptedError``, ``LimitError``. ``rewrite`` writes the edited copy to a stream, gives the
    notes for the manifest, and raises ``UnsafeCopyError`` for what cannot be cleaned; None: cannot be written.
    """

    id: str
    label: str
    suffixes: tuple[str, ...]
    sniff: Callable[[Source], int]
    read: Callable[[Source, Limits], Iterator[Item]]
    rewrite: Callable[[Source, BinaryIO, Editor, Limits], None] | None = None


@dataclass(frozen=True)
class Detector:
    """One entity; ``piiscan/detectors/<id>.py`` ends with ``DETECTOR = Detector(...)``. The module docstring is its manual.

    ``shapes``: patterns that match a *whole* cell, both widths written out, in the common subset of Rust's regex and
    Python's ``re``: no look-around, no back-reference, no ``\\d`` or ``\\w``, bounded repeats, linear time. Empty for an
    entity that only a header can name. ``check`` settles what a shape cannot (check digit, calendar, dictionary); it gets
    the whole cell as it stands and must be total. ``search``: a pattern for free text (``regex`` syntax, may use
    look-around) whose group ``value`` (or whole match) is the span; ``check`` is applied to the span as well.
    ``needs_context``: shapes are too common to be believed without a header or a cue word. ``cues``: words near a
    span in running text that make it believable. ``headers``: header words besides those of ``rules/headers.toml``,
    so that a detector is one file. ``group``: name, contact, place, date, attribute, identifier (a
    government or financial number), member_id, secret, sensitive, organisation. ``strength``: for a value that fits, how
    much it proves by itself, from 0 (a bare digit) to 1 (nobody could mean anything else); None stands for 1.
    """

    id: str
    group: str
    label: str
    label_en: str
    shapes: tuple[str, ...] = ()
    check: Callable[[str], bool] | None = None
    subtype: Callable[[str], str | None] | None = None
    search: str | None = None
    needs_context: bool = False
    cues: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    sample: Callable[[Random], str] | None = None
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    strength: Callable[[str], float] | None = None


#: Gives a number from 0 up to, not including, its argument.
Draw = Callable[[int], int]


@dataclass(frozen=True, repr=False)
class Keyed:
    """What an action with a secret key gets besides the value.

    ``unique(purpose, value, make)`` is what ``make`` makes of numbers that follow from the key, the purpose and the
    value alone; two values of one run are not given the same. ``permute(purpose, number, size)`` is another number
    below ``size``, one to one. ``row``: entity → text of the same person in the same row, empty in running text.
    ``exact``: what differs only in spelling counts as different, so that it can be turned back.
    """

    unique: Callable[[str, str, Callable[[Draw], str]], str]
    permute: Callable[[str, int, int], int]
    row: Mapping[str, str]
    exact: bool


@dataclass(frozen=True)
class Action:
    """A way of making one value safe; ``piiscan/actions/<id>.py`` ends with ``ACTION = Action(...)``.

    ``apply(entity, text, options)`` gives the replacement for one value of that entity. An action that needs a secret
    key has ``keyed`` as well, and its ``apply`` refuses every text but an empty one with ``UsageError``. ``many`` gives
    what ``apply`` gives for each of many texts, where that is quicker, or None where it is not.
    """

    id: str
    label: str
    label_en: str
    apply: Callable[[str, str, Mapping[str, str | int]], str]
    keyed: Callable[[str, str, Mapping[str, str | int], Keyed], str] | None = None
    many: Callable[[str, Sequence[str], Mapping[str, str | int]], Sequence[str] | None] | None = None
