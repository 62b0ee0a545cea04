"""Puts in the place of a value one of its kind that is nobody's, the same for the same value: needs a key.

Names become names, addresses lie in towns that exist and in houses that do not, telephone numbers cannot be given out,
mail goes to example.jp, codes keep their form, and no My Number or card has a valid check digit.
"""

from __future__ import annotations

from collections.abc import Mapping

from piiscan.actions import _options
from piiscan.errors import UsageError
from piiscan.model import Action, Keyed


def apply(entity: str, text: str, options: Mapping[str, str | int]) -> str:  # noqa: ARG001
    """Only what is empty; raises ``UsageError`` for the rest."""
    _options.check(options, {})
    if text.strip():
        raise UsageError("action_wants_key", name="surrogate")
    return text


def keyed(entity: str, text: str, options: Mapping[str, str | int], key: Keyed) -> str:
    """The value that stands for ``text``."""
    from piiscan.actions import _stand_names, _stand_nobody, _stand_numbers, _stand_places

    _options.check(options, {})
    if _stand_nobody.says_nothing(text):
        return text
    if entity in _stand_names.FULL or entity in _stand_names.PARTS:
        return _stand_names.stand_in(entity, text, key)
    if entity in ("phone", "fax", "business_phone"):
        return _stand_numbers.phone(text, key)
    makers = {
        "postal_code": _stand_places.postal_code,
        "address": _stand_places.address,
        "business_address": _stand_places.address,
        "address_part": _stand_places.part,
        "email": _stand_numbers.email,
        "ip_address": _stand_numbers.ip_address,
    }
    maker = makers.get(entity)
    return maker(text, key) if maker else _stand_numbers.code(entity, text, key)


ACTION = Action(
    id="surrogate", label="別の値に置き換える", label_en="stand-in of the same kind", apply=apply, keyed=keyed
)
