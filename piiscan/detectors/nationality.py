"""国籍 — nationality, country of origin: 日本, ベトナム, 中国籍, ブラジル人, Philippines, VNM.

Countries are also where goods come from, and タイ and マリ are other things besides: a header such as 国籍 or 出身国 is
needed. Nationality by itself is not special-care information under the law (PPC guideline), though it weighs more in the
JNSA model.

Sources: PPC guideline on 法2条3項; JNSA's report on the JO model; ISO 3166-1 for codes; the names are common
knowledge.
"""

from __future__ import annotations

from random import Random

from piiscan.detectors._countries import CODES, ENGLISH, NAMES
from piiscan.detectors._shapes import whole, word, words
from piiscan.model import Detector

_SUFFIX = "(?:人民共和国|民主共和国|社会主義共和国|共和国|王国|連邦共和国|連邦|合衆国)?(?:国籍|籍|人|国)?"


def strength(text: str) -> float:
    """国籍 in the value itself 0.9, 人 0.5, a country 0.3, a code 0.1."""
    plain = text.strip()
    if plain.endswith(("国籍", "籍")):
        return 0.9
    if plain.endswith("人"):
        return 0.5
    return 0.1 if plain.isascii() and len(plain) <= 3 else 0.3


def sample(rng: Random) -> str:
    """A country in one of the usual forms."""
    return rng.choice(
        (rng.choice(NAMES), f"{rng.choice(NAMES)}人", f"{rng.choice(NAMES)}籍", rng.choice(ENGLISH), rng.choice(CODES))
    )


DETECTOR = Detector(
    id="nationality",
    group="attribute",
    label="国籍",
    label_en="Nationality",
    shapes=(
        whole(f"{words(*NAMES, any_case=False)}{_SUFFIX}"),
        whole(words(*ENGLISH)),
        whole("|".join(word(c, any_case=False) for c in CODES)),
    ),
    search=rf"(?:国籍|出身国|母国)(?:・地域)?(?:[:：は]|が)?[ \u3000]?(?P<value>{'|'.join(sorted(NAMES, key=lambda n: (-len(n), n)))})",
    needs_context=True,
    cues=("国籍", "出身国", "母国", "nationality"),
    headers=("国籍", "国籍・地域", "出身国", "母国", "nationality"),
    sample=sample,
    yes=("日本", "ベトナム", "中国籍", "ブラジル人", "大韓民国", "Philippines", "VNM", "無国籍"),
    no=("山田太郎", "日本橋", "日本太郎", "タイムズ", "Japan Inc.", "jp", "中国地方", "インドカレー", "12"),
    strength=strength,
)
