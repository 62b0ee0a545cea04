"""What stands in an OpenDocument part outside its paragraphs, and what a text is by the elements around it.

Source: OASIS OpenDocument 1.3 part 3; checked on the files of several free test suites.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from piiscan.formats._ooxml_xml import local
from piiscan.formats._xlsx_map import TEXT, Kind
from piiscan.formats._xlsx_places import Field

if TYPE_CHECKING:
    from lxml import etree

_PIVOT = ("data-pilot-table", "data-pilot-field", "data-pilot-member", "data-pilot-group", "data-pilot-group-member")
_DECLARED = ("user-field-decl", "variable-decl", "variable-set", "variable-get", "sequence-decl", "user-field-get")

_CONTENT = Kind(
    texts={"title": TEXT, "desc": TEXT, "creator": TEXT, "creator-initials": TEXT, "sender-initials": TEXT},
    attributes={
        "table": "name title",
        **dict.fromkeys(("table-cell", "covered-table-cell"), "=formula string-value"),
        "change-track-table-cell": "=formula string-value value date-value",
        "a": "href title name",
        "content-validation": "=condition",
        **dict.fromkeys(("help-message", "error-message"), "title"),
        "named-range": "name",
        "named-expression": "name =expression",
        "database-range": "name",
        "filter-condition": "value",
        "filter-set-item": "value",
        "database-source-sql": "database-name sql-statement",
        "database-source-query": "database-name query-name",
        "database-source-table": "database-name database-table-name table-name",
        **dict.fromkeys(_PIVOT, "name display-name source-field-name grand-total-name"),
        "scenario": "comment",
        "table-source": "href table-name",
        "cell-range-source": "name href",
        "dde-source": "dde-application dde-topic dde-item",
        **dict.fromkeys(_DECLARED, "name string-value formula"),
        "hidden-text": "string-value condition",
        "conditional-text": "string-value-if-true string-value-if-false condition",
        "placeholder": "description",
        "text-input": "description",
        **dict.fromkeys(("bookmark", "bookmark-start", "reference-mark", "reference-mark-start"), "name"),
        **dict.fromkeys(("frame", "custom-shape", "rect", "ellipse", "g", "object"), "name"),
        "connection-resource": "href",
        "image": "href",
        "label": "for",
        "condition": "value",
        "map": "condition",
    },
    wheres={
        "table": ("sheet_name", False),
        "a": ("hyperlink", False),
        **dict.fromkeys(("content-validation", "help-message", "error-message"), ("validation", True)),
        **dict.fromkeys(("named-range", "named-expression"), ("defined_name", True)),
        **dict.fromkeys(
            ("bookmark", "bookmark-start", "reference-mark", "reference-mark-start"), ("defined_name", True)
        ),
        **dict.fromkeys(_PIVOT, ("pivot_cache", True)),
        **dict.fromkeys(
            ("table-source", "cell-range-source", "dde-source", "connection-resource"), ("external_link", True)
        ),
        **dict.fromkeys(("title", "desc", "frame", "custom-shape", "rect", "ellipse", "g"), ("drawing", True)),
    },
)
KINDS: Mapping[str, Kind] = {
    "document-content": _CONTENT,
    "document-styles": _CONTENT,
    "document": _CONTENT,
    "document-meta": Kind(
        where="property",
        everything=True,
        ignored=frozenset(
            {"creation-date", "date", "print-date", "generator", "editing-duration", "editing-cycles", "language"}
        ),
    ),
    "document-settings": Kind(where="property", texts={"config-item": TEXT}),
    "manifest": Kind(skip=True),
    "RDF": Kind(),
    "document-signatures": Kind(where="property", everything=True),
}
_ELSE = Kind(everything=True)

#: Elements that decide what the texts in them are.
AROUND: Mapping[str, tuple[str, bool]] = {
    "annotation": ("comment", False),
    "tracked-changes": ("revision", True),
    "content-validation": ("validation", True),
    **dict.fromkeys(
        (
            "header", "footer", "header-left", "footer-left", "header-first", "footer-first",
            "region-left", "region-center", "region-right",
        ),
        ("header_footer", False),
    ),
    **dict.fromkeys(
        (
            "text-box", "custom-shape", "rect", "line", "circle", "ellipse", "polygon", "polyline", "path", "connector",
            "caption", "measure", "regular-polygon", "control", "frame", "page-thumbnail",
        ),
        ("drawing", False),
    ),
    "chart": ("chart_cache", False),
    "dde-link": ("external_link", True),
}  # fmt: skip
#: Settings that are switches, sizes and packed printer data.
_SETTING = re.compile(r"[\x21-\x7e]{1,12}|[A-Za-z0-9+/=\s]{60,}")
_STYLE_ATTRIBUTES = re.compile(r"(?:.*-)?style(?:-name)?|font.*|.*-font.*|master-page-name|apply-style-name|list-id")


def odf_kind(root: str) -> Kind:
    """The entry for a root element in an OpenDocument package."""
    return KINDS.get(root, _ELSE)


def around(element: etree._Element) -> tuple[str, bool] | None:
    """(where, hidden) by the nearest element around it that decides; None when there is none."""
    parent = element.getparent()
    while parent is not None:
        found = AROUND.get(local(parent))
        if found:
            return found
        parent = parent.getparent()
    return None


def left_out(found: Field) -> bool:
    """Whether a field is a name that only the file's own machinery uses: of styles, fonts, and the like."""
    plain = found.attribute[found.attribute.rfind("}") + 1 :]
    name = local(found.element)
    if plain:
        if _STYLE_ATTRIBUTES.fullmatch(plain) or name in ("font-face", "font-face-decls"):
            return True
        return plain == "name" and ":style:" in str(found.element.tag)
    if name == "config-item":
        return bool(_SETTING.fullmatch(found.get().strip()))
    return False
