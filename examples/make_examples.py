"""Makes the files of this folder: invented people only, the same bytes from the same seed.

    python examples/make_examples.py            writes into the folder this script is in

Names are as common as in Japan and have their reading, an address has its postal code. Nothing here can reach anybody:
the digit behind the mobile prefix and the first digit of a local office are 0, which no number in use has, mail goes to
example.jp, which is reserved, house numbers are drawn by lot, and the firms do not exist.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.generator import BytesGenerator
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from html import unescape
from itertools import accumulate
from pathlib import Path
from random import Random
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from piiscan.lexicon import names, places

SEED = 20261101
MADE = datetime(2026, 11, 1, 9, 0, 0)  # noqa: DTZ001  a spreadsheet's time has no zone
CUSTOMERS = 2_940
OUTSIDE = 29
SHOP = "mihon-motors.example.jp"

#: Prefecture → area code of its capital.
AREAS = {"愛知県": "052", "岐阜県": "058", "三重県": "059", "静岡県": "054", "滋賀県": "077", "長野県": "026"}
GIVEN_M = "誠 隆 浩 修 博 豊 大輔 直樹 哲也 達也 健太 翔太 拓也 亮 学 剛 翼 海斗 健一 和夫 正人 英樹 茂 進 弘".split()
GIVEN_F = (
    "恵子 洋子 裕子 由美子 久美子 真由美 智子 陽子 美穂 香織 恵 愛 麻衣 美香 優子 美咲 彩 萌 葵 遥 和子 幸子".split()
)
CHILDREN = {"男": "湊 樹 大和 陽翔 悠真 律 蒼 結翔".split(), "女": "陽葵 紬 凛 芽依 結菜 澪 莉子 杏 咲良".split()}


@dataclass(frozen=True)
class Person:
    """An invented person."""

    surname: str
    given: str
    surname_kana: str
    given_kana: str
    romaji: str
    town: places.Town
    block: str
    number: int

    @property
    def name(self) -> str:
        return f"{self.surname} {self.given}"

    @property
    def kana(self) -> str:
        return f"{self.surname_kana} {self.given_kana}"

    @property
    def postal(self) -> str:
        return f"{self.town.code[:3]}-{self.town.code[3:]}"

    @property
    def address(self) -> str:
        return f"{self.town.prefecture}{self.town.city}{self.town.name}{self.block}"

    @property
    def phone(self) -> str:
        return f"{AREAS[self.town.prefecture]}-0{self.number // 89 % 100:02}-{self.number * 7 % 10_000:04}"

    @property
    def mobile(self) -> str:
        return f"0{(9, 8, 7)[self.number % 3]}0-0{self.number // 10_000 % 1000:03}-{self.number % 10_000:04}"

    @property
    def mail(self) -> str:
        return f"{self.romaji}{self.number % 1000}@example.jp"


@cache
def _surnames() -> tuple[list[names.Surname], list[int]]:
    known = [s for s in names.surnames_by_frequency() if s.kanji.encode("cp932", "ignore").decode("cp932") == s.kanji]
    return known[:1500], list(accumulate(s.people for s in known[:1500]))


@cache
def _towns(prefecture: str) -> list[places.Town]:
    return [t for t in places.towns(prefecture) if t.name.isalpha() and 2 <= len(t.name) < 7]


def person(rng: Random, number: int, given: Sequence[str] = (*GIVEN_M, *GIVEN_F)) -> Person:
    """One person; ``number`` (0 to 9,999,999) is their own and makes their telephone numbers and mail address."""
    listed, sums = _surnames()
    family = rng.choices(listed, cum_weights=sums)[0]
    first = rng.choice(given)
    kana = names.readings(given=first)[0]
    town = rng.choice(_towns(rng.choice(list(AREAS))))
    block = rng.choice(("{}-{}-{}", "{}丁目{}番{}号", "{}丁目{}-{}")).format(*(rng.randint(1, 30) for _ in "123"))
    romaji = f"{names.romaji(kana)}.{family.romaji}"
    return Person(family.kanji, first, family.kana, kana, romaji, town, block, number)


def people(rng: Random, count: int) -> list[Person]:
    """So many people, of whom no two have a name and a number in common."""
    return [person(rng, number) for number in rng.sample(range(10_000_000), count)]


# ---------------------------------------------------------------- spreadsheets

THIN = Border(*(Side("thin", "D0D0D0"),) * 4)
HEAD = PatternFill("solid", fgColor="1F4E79")


def table(sheet: Worksheet, top: int, header: Sequence[str], rows: Sequence[Sequence[object]], widths: str) -> None:
    """A formatted table: a coloured header, thin lines, the given column widths."""
    for column, (title, width) in enumerate(zip(header, widths.split(), strict=True), 1):
        cell = sheet.cell(top, column, title)
        cell.font, cell.fill, cell.border = Font(bold=True, color="FFFFFF"), HEAD, THIN
        cell.alignment = Alignment(horizontal="center")
        sheet.column_dimensions[get_column_letter(column)].width = float(width)
    for number, row in enumerate(rows, top + 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column, value)
            cell.border = THIN
            if isinstance(value, date):
                cell.number_format = "yyyy/mm/dd"


def save(book: Workbook, furigana: dict[str, str] | None = None) -> bytes:
    """The workbook as Excel would write it: one table of strings, readings above names, the same bytes every time."""
    raw = io.BytesIO()
    book.properties.creator = "営業部"
    book.properties.created = book.properties.modified = MADE
    book.save(raw)
    strings: dict[str, int] = {}
    out = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as copy:
        parts = {info.filename: source.read(info) for info in source.infolist()}
        shared = [_texts(x) for x in re.findall(r"<si>(.*?)</si>", parts.get(STRINGS, b"").decode(), re.DOTALL)]
        strings.update({text: number for number, text in enumerate(shared)})
        for name, data in parts.items():
            if name.startswith("xl/worksheets/sheet"):
                data = _share(data.decode(), strings).encode()
            elif name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + MADE.isoformat().encode() + b"Z", data)
            elif name in LISTS and STRINGS not in parts:
                data = data.replace(*LISTS[name])
            if name != STRINGS:
                copy.writestr(zipfile.ZipInfo(name, MADE.timetuple()[:6]), data, zipfile.ZIP_DEFLATED)
        info = zipfile.ZipInfo(STRINGS, MADE.timetuple()[:6])
        copy.writestr(info, _strings(strings, furigana or {}), zipfile.ZIP_DEFLATED)
    return out.getvalue()


STRINGS = "xl/sharedStrings.xml"
#: Where the table of strings has to be listed: what is replaced by what.
LISTS = {
    "[Content_Types].xml": (
        b"</Types>",
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        b'spreadsheetml.sharedStrings+xml"/></Types>',
    ),
    "xl/_rels/workbook.xml.rels": (
        b"</Relationships>",
        b'<Relationship Id="rIdStrings" Target="sharedStrings.xml" Type="http://schemas.openxmlformats.org/'
        b'officeDocument/2006/relationships/sharedStrings"/></Relationships>',
    ),
}
_INLINE = re.compile(r'(<c [^>]*?)t="inlineStr"([^>]*)><is>(.*?)</is></c>', re.DOTALL)


def _texts(xml: str) -> str:
    return unescape("".join(re.findall(r"<t[^>]*>(.*?)</t>", xml, re.DOTALL)))


def _share(xml: str, strings: dict[str, int]) -> str:
    """Moves the texts of cells into the table of strings, where Excel keeps them."""

    def move(cell: re.Match[str]) -> str:
        number = strings.setdefault(_texts(cell[3]), len(strings))
        return f'{cell[1]}t="s"{cell[2]}><v>{number}</v></c>'

    return _INLINE.sub(move, xml)


def _strings(strings: dict[str, int], furigana: dict[str, str]) -> str:
    items = []
    for text in strings:
        kana = furigana.get(text, "")
        ruby = f'<rPh sb="0" eb="{len(text)}"><t>{escape(kana)}</t></rPh><phoneticPr fontId="0"/>' if kana else ""
        items.append(f'<si><t xml:space="preserve">{escape(text)}</t>{ruby}</si>')
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return f'{head}<sst xmlns="{namespace}" uniqueCount="{len(strings)}">{"".join(items)}</sst>'


def dealer(rng: Random) -> bytes:
    """The customers of a car dealer: the list that went out with a mail about delivery dates."""
    book = Workbook()
    sheet = book.active
    sheet.title = "顧客一覧"
    models = ("コンパクトA", "ミニバンB", "軽トールC", "ワゴンD", "電動E")
    customers = people(rng, CUSTOMERS)
    rows = [
        (f"C{n:06}", p.name, p.kana, p.postal, p.address, p.phone, p.mobile, p.mail, rng.choice(models),
         date(2026, 11, 4) + timedelta(days=rng.randrange(90)), rng.choice(("本店", "東店", "西店", "北店")))
        for n, p in enumerate(customers, 1)
    ]  # fmt: skip
    header = (
        "顧客番号",
        "氏名",
        "フリガナ",
        "郵便番号",
        "住所",
        "電話番号",
        "携帯電話",
        "メールアドレス",
        "車種",
        "納車予定日",
        "担当店",
    )
    sheet["A1"] = "納車予定 顧客一覧（社外秘）"
    sheet["A1"].font = Font(size=14, bold=True)
    table(sheet, 3, header, rows, "10 16 20 11 44 16 16 34 12 12 9")
    last = 3 + CUSTOMERS
    sheet.freeze_panes = "C4"
    sheet.auto_filter.ref = f"A3:K{last}"
    sheet.oddFooter.center.text = "社外秘 - &P / &N"
    late = customers[17]
    sheet["J21"].comment = Comment(f"{late.surname}様 ご不在が多い。{late.mobile} へ夕方に電話", "営業部")
    book.defined_names["顧客"] = DefinedName("顧客", attr_text=f"顧客一覧!$A$3:$K${last}")
    total = book.create_sheet("集計")
    shops = ("本店", "東店", "西店", "北店")
    counts = [(s, f'=COUNTIF(顧客一覧!$K$4:$K${last},"{s}")') for s in shops]
    table(total, 1, ("店", "納車予定の台数"), [*counts, ("計", "=SUM(B2:B5)")], "12 18")
    return save(book, {p.name: p.kana for p in customers[:40]})


def facilities(rng: Random) -> bytes:
    """Places that everybody may know: no person in it, whatever the addresses and telephone numbers look like."""
    book = Workbook()
    sheet = book.active
    sheet.title = "施設一覧"
    kinds = ("図書館", "体育館", "児童館", "公民館", "保健センター", "文化会館")
    rows = []
    for number in range(36):
        p = person(rng, rng.randrange(10_000_000))
        name = f"{p.town.city.partition('郡')[2] or p.town.city}立{p.town.name}{kinds[number % len(kinds)]}"
        rows.append((name, kinds[number % len(kinds)], p.postal, p.address, p.phone, "9:00～17:00", "月曜日"))
    table(
        sheet,
        1,
        ("施設名", "種別", "郵便番号", "所在地", "電話番号", "開館時間", "休館日"),
        rows,
        "34 16 11 44 16 14 10",
    )
    sheet.freeze_panes = "A2"
    return save(book)


def applications(rng: Random) -> bytes:
    """A sheet as people make it: titles, a header of two rows with merged cells, a second table, totals between."""
    book = Workbook()
    sheet = book.active
    sheet.title = "11月"
    sheet["A1"], sheet["A2"] = "秋の講座 申込集計", "2026年11月1日現在　担当：総務"
    for area, title in (("A4:A5", "No."), ("B4:C4", "申込者"), ("D4:E4", "連絡先"), ("F4:F5", "口数")):
        sheet.merge_cells(area)
        sheet[area.partition(":")[0]] = title
    for column, title in zip("BCDE", ("氏名", "フリガナ", "電話番号", "メールアドレス"), strict=True):
        sheet[f"{column}5"] = title
    row = 5
    for number, p in enumerate(people(rng, 24), 1):
        row += 1
        for column, value in enumerate((number, p.name, p.kana, p.mobile, p.mail, rng.randint(1, 4)), 1):
            sheet.cell(row, column, value)
    sheet.cell(row + 1, 1, "合計")
    sheet.cell(row + 1, 6, f"=SUM(F6:F{row})")
    row += 4
    sheet.cell(row - 1, 1, "キャンセル待ち")
    for column, title in enumerate(("順番", "お名前", "ご住所", "電話"), 1):
        sheet.cell(row, column, title)
    for number, p in enumerate(people(rng, 8), 1):
        for column, value in enumerate((number, p.name, p.address, p.phone), 1):
            sheet.cell(row + number, column, value)
    for column, width in zip("ABCDEF", (8, 18, 24, 18, 36, 8), strict=True):
        sheet.column_dimensions[column].width = width
    return save(book)


# ---------------------------------------------------------------- text


def csv(header: Sequence[str], rows: Sequence[Sequence[str]], encoding: str) -> bytes:
    """Lines as Excel saves them: CRLF, quotes only where needed (nothing here needs them)."""
    return "".join(",".join(row) + "\r\n" for row in (header, *rows)).encode(encoding)


def families(rng: Random) -> bytes:
    """Members of a swimming school: each row names a guardian and a child."""
    rows = []
    for number in rng.sample(range(10_000_000), 60):
        sex = rng.choice(("男", "女"))
        guardian = person(rng, number)
        child = rng.choice(CHILDREN[sex])
        born = date(2014, 1, 1) + timedelta(days=rng.randrange(3000))
        line = (
            guardian.postal,
            guardian.address,
            guardian.name,
            f"{guardian.surname} {child}",
            f"{born:%Y/%m/%d}",
            sex,
        )
        rows.append(line)
    return csv(("郵便番号", "住所", "保護者氏名", "お子様氏名", "生年月日", "性別"), rows, "cp932")


def partners(rng: Random) -> bytes:
    """Firms and natural persons in one list, as a ledger of business partners holds them."""
    trades = "商事 工業 建設 運輸 印刷 食品 電機 設計 物産 サービス".split()
    rows = []
    for number, p in enumerate(people(rng, 40), 1):
        firm = number % 4 != 0
        name = rng.choice(("株式会社架空{}", "架空{}株式会社", "有限会社例示{}", "合同会社見本{}")).format(
            rng.choice(trades)
        )
        kind, shown, head = ("法人", name, p.name) if firm else ("個人", p.name, "")
        rows.append((f"T{number:04}", kind, shown, head, p.postal, p.address, p.phone))
    header = ("取引先コード", "区分", "取引先名", "代表者", "郵便番号", "住所", "電話番号")
    return csv(header, rows, "utf-8-sig")


def _mail(sender: str, to: str, subject: str, when: str, body: str, charset: str) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"], mail["Date"] = sender, to, subject, when
    mail["Message-ID"] = "<20261101.1@mail.invalid>"
    mail.set_content(body, charset=charset)
    return mail


def _bytes(mail: EmailMessage) -> bytes:
    if mail.is_multipart():
        mail.set_boundary("=_piiscan_example_=")
    out = io.BytesIO()
    BytesGenerator(out, policy=SMTP).flatten(mail)
    return out.getvalue()


def notice(rng: Random, attachment: bytes) -> bytes:
    """The mail that should not have gone out: the customer list attached, every recipient in Cc for all to see."""
    recipients = ", ".join(p.mail.replace("@", f"@mail{n % 5}.") for n, p in enumerate(people(rng, OUTSIDE)))
    body = (
        "お客様各位\n\nこのたびはご契約いただき、誠にありがとうございます。\n納車の日程をご案内いたします。"
        "添付の一覧をご確認ください。\n\n見本モータース 営業部\n"
    )
    sender = f"見本モータース 営業部 <eigyo@{SHOP}>"
    when = "Sun, 01 Nov 2026 09:30:00 +0900"
    mail = _mail(sender, f"eigyo@{SHOP}", "納車のご案内", when, body, "iso-2022-jp")
    mail["Cc"] = recipients
    sheet = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    mail.add_attachment(attachment, maintype="application", subtype=sheet, filename="顧客一覧.xlsx")
    return _bytes(mail)


def meeting(rng: Random) -> bytes:
    """A thread of three mails with the signatures that such threads carry along."""
    one, two = people(rng, 2)
    sign = "--\n{p.name}（{p.kana}）\n{firm} 営業部\n〒{p.postal} {p.address}\nTEL {p.phone} / 携帯 {p.mobile}\nE-mail: {p.mail}\n"
    first, second = sign.format(p=one, firm="架空商事株式会社"), sign.format(p=two, firm="有限会社例示設計")
    quoted = f"{one.surname}様\n\n11月5日の14時でお願いいたします。\n\n{second}"
    body = (
        f"{two.surname}様\n\n承知しました。当日は会議室Bでお待ちしております。\n\n{first}\n"
        f"2026年10月31日(土) 16:20 {two.name} <{two.mail}>:\n" + "".join(f"> {line}\n" for line in quoted.splitlines())
    )
    sender, to = f"{one.name} <{one.mail}>", f"{two.name} <{two.mail}>"
    return _bytes(_mail(sender, to, "Re: 打合せの件", "Sun, 01 Nov 2026 10:05:00 +0900", body, "utf-8"))


def make() -> dict[str, bytes]:
    """File name → content of every example. Each has a stream of chance of its own, so one can change alone."""
    customers = dealer(Random(SEED))
    return {
        "顧客一覧.xlsx": customers,
        "納車のご案内.eml": notice(Random(SEED + 1), customers),
        "会員家族.csv": families(Random(SEED + 2)),
        "施設一覧.xlsx": facilities(Random(SEED + 3)),
        "取引先と個人.csv": partners(Random(SEED + 4)),
        "申込集計.xlsx": applications(Random(SEED + 5)),
        "打合せ.eml": meeting(Random(SEED + 6)),
    }


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    for file, content in make().items():
        (folder / file).write_bytes(content)
        print(f"{file}: {len(content):,} bytes")
