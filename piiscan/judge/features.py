"""What the values of one column say, measured on a sample of distinct values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from statistics import mean

from piiscan.detectors import _dates
from piiscan.judge.cells import kind
from piiscan.judge.priors import LOOSE_KINDS
from piiscan.judge.signs import may_score, sign
from piiscan.judge.values import LOOSE_TESTS, REMEMBERED, SCORES
from piiscan.lexicon import places
from piiscan.lexicon.organisations import organisation
from piiscan.model import Detector
from piiscan.shaped import wholly
from piiscan.text import digits, fold

#: Letters among the digits: 香川 300 さ 00-01 is no postal code.
_WORDY = re.compile("[^\\W\\d_〒]")
_CHECK_DIGITS = frozenset({"my_number", "drivers_license", "credit_card", "corporate_number"})
#: So many values are asked first whether they fit at all.
FIRST_LOOK = 25
#: Scores of longer values are not remembered.
LONGEST_REMEMBERED = 60


class Features:
    """Shares of a column's distinct values that fit something. Computed on demand, because most are never asked."""

    def __init__(
        self, values: Sequence[str], detectors: Mapping[str, Detector], filled: int, rows: int, limit: int = 200
    ) -> None:
        self.values = values
        self.limit = limit  # so many distinct values are looked at
        self.detectors = detectors
        self.filled = filled
        self.rows = rows
        self._shares: dict[str, float] = {}
        self._looses: dict[str, float] = {}
        self._scored: dict[str, list[float]] = {}

    @cached_property
    def _plain(self) -> list[str]:
        return [v.strip() for v in self.values]

    def _scores(self, entity: str) -> list[float]:
        if entity not in self._scored:
            self._scored[entity] = list(map(self._known[entity], self.values))
        return self._scored[entity]

    @cached_property
    def _known(self) -> Mapping[str, Callable[[str], float]]:
        """The scores: remembered from value to value where all are short, so that no monstrous cell is."""
        return REMEMBERED if max(map(len, self.values), default=0) <= LONGEST_REMEMBERED else SCORES

    @cached_property
    def kinds(self) -> Counter[str]:
        """How many sampled values are of each kind."""
        return Counter(map(kind, self.values))

    def kind_share(self, *names_: str) -> float:
        """The share of values that are of one of the kinds."""
        return sum(self.kinds[k] for k in names_) / len(self.values) if self.values else 0.0

    @cached_property
    def organisation(self) -> float:
        """The share of values that name a company, a school, a shop, a body."""
        return sum(score >= 0.5 for score in map(organisation, self.values)) / len(self.values) if self.values else 0.0

    @cached_property
    def mean_length(self) -> float:
        """The mean number of characters of a value."""
        return sum(map(len, self.values)) / len(self.values) if self.values else 0.0

    def fits(self, entity: str, value: str) -> bool:
        """Whether one value is of the entity, by shape and exact check or by the lexicon."""
        if entity in SCORES:
            score = REMEMBERED[entity] if len(value) <= LONGEST_REMEMBERED else SCORES[entity]
            return score(value) >= 0.5
        detector = self.detectors.get(entity)
        if detector is None:
            return False
        plain = value.strip()
        return wholly(detector.shapes)(plain) and (detector.check is None or detector.check(plain))

    def hopeless(self, entity: str) -> bool:
        """Whether none of the first values fits: without a header that says so the column is not of that entity."""
        if len(self.values) <= FIRST_LOOK:
            return False
        if entity in SCORES:
            if not may_score(entity, self._first):
                return True
            return max(map(self._known[entity], self._plain[:FIRST_LOOK])) < 0.5
        if self._unlike(entity, self._first):
            return True
        return not any(self.fits(entity, v) for v in self._plain[:FIRST_LOOK])

    @cached_property
    def _first(self) -> str:
        return "\n".join(self._plain[:FIRST_LOOK])

    @cached_property
    def _all(self) -> str:
        return "\n".join(self._plain)

    def _unlike(self, entity: str, text: str) -> bool:
        """Whether what every value of the entity has stands nowhere in the text."""
        detector = self.detectors.get(entity)
        if detector is None:
            return True
        found = sign(entity, detector.shapes)
        return found is not None and not found(text)

    def share(self, entity: str) -> float:
        """The share, 0 to 1, of sampled values that fit the entity; for dates and phones weighted by how telling."""
        if entity not in self._shares:
            self._shares[entity] = self._share(entity)
        return self._shares[entity]

    def _share(self, entity: str) -> float:
        if not self.values:
            return 0.0
        if entity == "postal_code":
            return self._postal
        if entity in SCORES:
            if not may_score(entity, self._all):
                return 0.0
            return sum(score >= 0.5 for score in self._scores(entity)) / len(self.values)
        detector = self.detectors.get(entity)
        if detector is None or self._unlike(entity, self._all):
            return 0.0
        shaped = list(filter(wholly(detector.shapes), self._plain))
        fitting = len(shaped) if detector.check is None else sum(map(bool, map(detector.check, shaped)))
        return fitting / len(self.values)

    def telling(self, entity: str) -> float:
        """The share of fitting values, each weighted by how much it proves by itself: what a column of bare codes 1
        and 2 says about sex is next to nothing, what 男 and 女 say is nearly everything."""
        share = self.share(entity)
        if share < 0.3:
            return share
        if entity == "birth_date":
            return share * _dates.birth_profile(self.values)
        if entity == "postal_code":
            return share  # that seven digits are a code of the post office says more than how they are written
        if entity in _CHECK_DIGITS and share >= 0.8 and len(self.values) >= 10:
            return share  # one number in ten passes a check digit by chance, ten out of ten do not
        if entity in SCORES and entity != "address_part":
            scores = self._scores(entity)
            return sum(score for score in scores if score >= 0.5) / len(scores)
        detector = self.detectors.get(entity)
        if detector is None or detector.strength is None:
            return share
        return mean(detector.strength(v) if self.fits(entity, v) else 0.0 for v in self.values)

    @cached_property
    def _postal(self) -> float:
        """Seven digits that the post office knows; without a hyphen the codes must nearly all exist."""
        if not any(sum(map(str.isdigit, v)) in (6, 7) for v in self.values[:FIRST_LOOK]):
            return 0.0
        hyphen = self._mean(lambda v: bool(re.fullmatch(r"〒? ?[0-9]{3}-[0-9]{4}", fold(v))))
        round_ = 0 if hyphen else self._mean(lambda v: digits(v).endswith("0000"))  # sums of money
        known = self._mean(
            lambda v: len(digits(v)) in (6, 7) and not _WORDY.search(v) and places.postal_exists(digits(v).zfill(7))
        )
        known = known if round_ < 0.5 and (hyphen or not _counted(self.values)) else 0.0
        if hyphen >= 0.5:
            return max(hyphen * 0.9, known)
        return known if known >= 0.6 and len(self.values) >= 3 else known * 0.3

    def _mean(self, test: Callable[[str], object]) -> float:
        return sum(1 for v in self.values if test(v)) / len(self.values) if self.values else 0.0

    @property
    def spread(self) -> float:
        """How many of the filled cells, as far as they were looked at, differ: 1 when each value stands there once."""
        return len(self.values) / max(1, min(self.filled, self.limit))

    @cached_property
    def real(self) -> bool:
        """Whether the column holds values at all, and not only what stands for them."""
        return bool(self.values) and self.kind_share("placeholder", "mark") < 0.5

    def loose(self, entity: str) -> float:
        """How far the values may be the entity when a header says so: 0 excluded, 1 nothing speaks against it."""
        if entity not in self._looses:
            self._looses[entity] = self._loose(entity)
        return self._looses[entity]

    def _loose(self, entity: str) -> float:
        real = [v for v in self.values if kind(v) != "placeholder"]
        if not real:
            return 1.0
        kinds, test = LOOSE_KINDS.get(entity), LOOSE_TESTS.get(entity)
        fit = sum(1 for v in real if (not kinds or kind(v) in kinds) and (test is None or test(v)))
        return fit / len(real)


def _counted(values: Sequence[str]) -> bool:
    """Whether numbers only count: 1000001, 1000002, 1000003."""
    numbers = sorted(int(v) for v in values if v.isdecimal() and len(v) <= 9)
    return len(numbers) == len(values) >= 3 and numbers[-1] - numbers[0] == len(numbers) - 1
