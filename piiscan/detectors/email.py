"""メールアドレス — e-mail addresses, one or several in a cell, with or without a name.

Forms: taro@example.jp, "山田 太郎" <taro@example.jp>, mailto:…, full width (ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ), several separated by
; , space or line break, and the mobile carriers' old addresses that break the standard (a..b@…, dot before @).
Refused: image names such as icon@2x.png, accounts without a domain (@taro), addresses without a top-level domain.

Source: RFC 5321 and 5322, narrowed to what mail systems hand out; lengths 64, 63 and 254.
"""

from __future__ import annotations

import unicodedata
from random import Random

from piiscan.detectors._shapes import SPACE, whole, word
from piiscan.model import Detector
from piiscan.shaped import later

_LOCAL = "[0-9A-Za-z!#$%&'*+/=?^_`{|}~.\\-０-９Ａ-Ｚａ-ｚ．＿－＋]"
_LABEL = "[0-9A-Za-z\\-０-９Ａ-Ｚａ-ｚ－]"
_DOT, _AT = "[.．]", "[@＠]"
_TLD = "[A-Za-zＡ-Ｚａ-ｚ]"
# Shapes bound nothing that a check bounds: counted repeats of wide classes are what makes Rust's automata large.
_DOMAIN_SHAPE = f"[0-9A-Za-z\\-.０-９Ａ-Ｚａ-ｚ－．]+{_DOT}{_TLD}+"
_LOOSE = f"{_LOCAL}+{_AT}{_DOMAIN_SHAPE}"
_QUOTED = f'["＂][^"＂@＠\n]+["＂]{_AT}{_DOMAIN_SHAPE}'
_ONE = f"(?:{word('mailto:')})?(?:{_LOOSE}|{_QUOTED})"
_NAMED = f"[^<>＜＞@＠\n]*[<＜]{_ONE}[>＞]"
_BETWEEN = f"{SPACE}{{0,2}}[;；,，、/／\r\n \u3000]{SPACE}{{0,2}}\n?"

_FILE_SUFFIXES = frozenset(
    {"png", "jpg", "jpeg", "gif", "svg", "webp", "bmp", "ico", "css", "js", "pdf", "html", "json"}
)
_MASKED = later(r"(?<![*＊])[*＊]{2,}+[^@＠\s]{0,8}[@＠]")  # s***@example.jp is nobody's address
_PARTS = later(r"[^\s<>;,、]{1,64}@([0-9A-Za-z.\-]{3,253})")
_DOMAIN = later(r"(?:(?!-)[0-9A-Za-z-]{1,63}(?<!-)\.){1,8}(?:[A-Za-z]{2,24}|xn--[0-9A-Za-z-]{2,59})\Z")


def domains(text: str) -> tuple[str, ...]:
    """The lower-case domains of the addresses in ``text``, in order."""
    plain = unicodedata.normalize("NFKC", text[:4000])
    return tuple(m[1].lower() for m in _PARTS.finditer(plain))


def check(text: str) -> bool:
    """Whether every address in ``text`` has a domain that could exist, and is not the name of a picture."""
    found = domains(text)
    if not found or _MASKED.search(text):
        return False
    return all(_DOMAIN.match(d) and d.rpartition(".")[2] not in _FILE_SUFFIXES for d in found)


def sample(rng: Random) -> str:
    """An address under example.jp, which is reserved."""
    name = rng.choice(("taro", "hanako.sato", "info_yamada", "s-suzuki", "k.tanaka", "ito+news"))
    address = f"{name}{rng.randrange(1000)}@{rng.choice(('', 'mail.', 'sub-domain.'))}example.jp"
    return rng.choice((address, address, address, f"<{address}>", f"山田 太郎 <{address}>", f"{address};b@example.jp"))


DETECTOR = Detector(
    id="email",
    group="contact",
    label="メールアドレス",
    label_en="E-mail address",
    shapes=(
        whole(_LOOSE),
        whole(f"(?:{_ONE}|{_NAMED})(?:{_BETWEEN}(?:{_ONE}|{_NAMED})){{0,9}}{SPACE}?[;；,，]?"),
    ),
    check=check,
    search=(
        # More than one @ is no address, and what stands before the last may be somebody's all the same.
        f"(?<!{_LOCAL})(?P<value>(?:{_LOCAL}{{1,64}}+{_AT}){{1,8}}+(?:{_LABEL}{{1,63}}{_DOT}){{1,8}}{_TLD}{{2,24}}+)"
        f"(?!{_LABEL}|{_AT}|{_DOT}{_LABEL})"
    ),
    cues=("メール", "mail", "Mail", "E-mail", "アドレス"),
    headers=("メールアドレス", "メール", "E-mail", "Eメール"),
    sample=sample,
    yes=(
        "taro.yamada@example.jp",
        "ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ",
        "a..b@docomo.example",
        "taro.@mobile.example",
        '"taro yamada"@example.jp',
        "山田 太郎 <taro@example.jp>",
        "mailto:taro@example.jp",
        "taro@example.jp; hanako@example.jp",
        "taro@example.jp\nhanako@example.jp",
        "o'hara+tag@sub.example.co.jp",
    ),
    no=(
        "taro@example",
        "@taro",
        "icon@2x.png",
        "taro@-example.jp",
        "taro＠",
        "http://example.jp/taro",
        "taro@@example.jp",
        "5個@120円",
        "連絡はtaro@example.jpまで",
        "例: なし",
    ),
)
