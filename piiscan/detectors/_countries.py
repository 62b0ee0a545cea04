"""Names of countries and regions as Japanese forms list them, and their ISO 3166-1 codes.

Written from general knowledge: the short Japanese names, the older kanji abbreviations, and common English names.
"""

from __future__ import annotations

#: Short names; 人, 籍, 国籍, 共和国, 王国 may follow.
NAMES: tuple[str, ...] = tuple(
    s
    for line in (
        "日本 中国 中華人民 台湾 香港 マカオ 韓国 大韓民国 朝鮮 北朝鮮 モンゴル ベトナム ヴェトナム フィリピン インドネシア タイ マレーシア シンガポール ブルネイ",
        "カンボジア ラオス ミャンマー ビルマ 東ティモール インド ネパール パキスタン バングラデシュ スリランカ ブータン モルディブ アフガニスタン イラン イラク",
        "サウジアラビア アラブ首長国連邦 UAE カタール クウェート バーレーン オマーン イエメン ヨルダン シリア レバノン イスラエル パレスチナ トルコ キプロス",
        "カザフスタン ウズベキスタン キルギス タジキスタン トルクメニスタン アゼルバイジャン アルメニア ジョージア グルジア ロシア ウクライナ ベラルーシ モルドバ",
        "ポーランド チェコ スロバキア ハンガリー ルーマニア ブルガリア セルビア クロアチア スロベニア ボスニア・ヘルツェゴビナ モンテネグロ 北マケドニア アルバニア",
        "コソボ ギリシャ エストニア ラトビア リトアニア フィンランド スウェーデン ノルウェー デンマーク アイスランド イギリス 英国 アイルランド フランス ドイツ",
        "オランダ ベルギー ルクセンブルク スイス オーストリア リヒテンシュタイン モナコ イタリア バチカン サンマリノ マルタ スペイン ポルトガル アンドラ",
        "アメリカ アメリカ合衆国 米国 カナダ メキシコ グアテマラ ベリーズ エルサルバドル ホンジュラス ニカラグア コスタリカ パナマ キューバ ジャマイカ ハイチ",
        "ドミニカ ドミニカ共和国 バハマ バルバドス トリニダード・トバゴ コロンビア ベネズエラ ガイアナ スリナム エクアドル ペルー ブラジル ボリビア パラグアイ",
        "ウルグアイ アルゼンチン チリ エジプト リビア チュニジア アルジェリア モロッコ スーダン 南スーダン エチオピア エリトリア ジブチ ソマリア ケニア ウガンダ",
        "タンザニア ルワンダ ブルンジ コンゴ コンゴ民主共和国 ガボン カメルーン チャド 中央アフリカ ナイジェリア ニジェール マリ ブルキナファソ ベナン トーゴ",
        "ガーナ コートジボワール リベリア シエラレオネ ギニア セネガル ガンビア モーリタニア カーボベルデ アンゴラ ザンビア ジンバブエ マラウイ モザンビーク",
        "マダガスカル モーリシャス セーシェル コモロ ボツワナ ナミビア 南アフリカ レソト エスワティニ オーストラリア 豪州 ニュージーランド フィジー パプアニューギニア",
        "ソロモン諸島 バヌアツ サモア トンガ ツバル キリバス ナウル パラオ ミクロネシア マーシャル諸島 グアム プエルトリコ 無国籍 欧州 その他外国",
    )
    for s in line.split()
)

ENGLISH: tuple[str, ...] = (
    "Japan", "Japanese", "China", "Chinese", "Taiwan", "Korea", "South Korea", "Republic of Korea", "Korean", "Vietnam", "Viet Nam",
    "Vietnamese", "Philippines", "Filipino", "Indonesia", "Indonesian", "Thailand", "Thai", "Malaysia", "Singapore", "Cambodia",
    "Myanmar", "India", "Indian", "Nepal", "Nepalese", "Pakistan", "Bangladesh", "Sri Lanka", "Mongolia", "Turkey", "Russia", "Ukraine",
    "United Kingdom", "British", "UK", "Ireland", "France", "French", "Germany", "German", "Netherlands", "Belgium", "Switzerland",
    "Austria", "Italy", "Spain", "Portugal", "Poland", "Sweden", "Norway", "Finland", "Denmark", "United States", "USA", "American",
    "Canada", "Canadian", "Mexico", "Brazil", "Brazilian", "Peru", "Peruvian", "Argentina", "Chile", "Australia", "New Zealand", "Egypt",
    "Nigeria", "Ghana", "Kenya", "South Africa", "Stateless",
)  # fmt: skip

_PACKED_CODES = (
    "JP JPN CN CHN TW TWN HK HKG KR KOR PRK MN MNG VN VNM PH PHL ID IDN TH THA MY MYS SG SGP BN BRN KH KHM LA LAO MM MMR IN IND NP NPL "
    "PK PAK BD BGD LK LKA BT BTN AF AFG IR IRN IQ IRQ SA SAU AE ARE TR TUR IL ISR UZ UZB KZ KAZ RU RUS UA UKR PL POL CZ CZE HU HUN RO "
    "ROU BG BGR GR GRC FI FIN SE SWE NO NOR DK DNK GB GBR IE IRL FR FRA DE DEU NL NLD BE BEL CH CHE AT AUT IT ITA ES ESP PT PRT US "
    "USA CA CAN MX MEX CU CUB CO COL VE VEN EC ECU PE PER BR BRA BO BOL PY PRY AR ARG CL CHL EG EGY MA MAR NG NGA GH GHA KE KEN ET ETH "
    "TZ TZA ZA ZAF AU AUS NZ NZL FJ FJI"
)
#: Codes that occur on Japanese forms; capitals only, because "in" and "is" are words.
CODES: tuple[str, ...] = tuple(_PACKED_CODES.split())
