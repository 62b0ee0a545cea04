"""Common names from abroad in Latin letters, and words that never stand in a name. Common knowledge, written by hand."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(text.split())


FOREIGN_GIVEN = words("""
aaron abdul abdullah adam adrian agnes ahmad ahmed aisha alan albert alberto alejandro alex alexander alexandra alexis
alfred ali alice alicia alison allison amanda amber amir amy ana andre andrea andreas andrew angel angela angelica anh
anita ann anna anne annie anthony antonio april arthur ashley barbara beatrice ben benjamin bernard beth betty beverly
bill bob bobby brandon brenda brian bruce bryan carl carla carlo carlos carmen carol caroline carolyn catherine cathy
charles charlie charlotte chen cheryl chris christian christina christine christopher claire clara claudia connie craig
crystal cynthia daisy dan daniel danielle darren david deborah debra denis dennis diana diane diego dmitri donald donna
doris dorothy douglas duc dung dylan edgar eduardo edward eileen elaine elena eli elizabeth ella ellen emily emma eric
erica erik erika ernest esther ethan eugene eva evan evelyn fatima felix fernando florence frances francesco francis
francisco frank fred gabriel gary george gerald giovanni gloria grace graham greg gregory hannah hans harold harry
hassan heather hector helen helena henry hoa hong huong hugo hung hussein ian ibrahim igor irene isaac isabel isabella
ivan jack jackie jacob jacqueline jaime james jamie jan jane janet janice jason javier jean jeff jeffrey jennifer jeremy
jerry jesse jessica jesus jill jim jimmy joan joanna joe joel johan john johnny jon jonathan jordan jorge jose joseph
joshua joyce juan juana judith judy julia julian julie justin karen karl kate katherine kathleen kathryn katie keith
kelly kenneth kevin kim kimberly kumar kyle lan larry laura lauren lawrence lea leah lee leo leon leonard leslie liam
lily linda linh lisa liu lois louis louise lucas lucia lucy luis luke lynn mai manuel marc marco margaret maria mariana
marie marilyn mario marion mark martha martin mary maryam matthew maurice max megan mei melissa michael michelle miguel
mike minh mohamed mohammad mohammed monica muhammad nam nancy natalia natalie nathan neil nga ngoc nguyen nhung nicholas
nicole nina noah norma oliver olivia omar oscar pamela patricia patrick paul paula pavel pedro peter philip phuong pierre
priya rachel rafael rahul ralph ramesh ramon raymond rebecca ricardo richard rita robert roberto robin roger roland ronald
rosa rose roy russell ruth ryan sally sam samantha samuel sandra sanjay sara sarah scott sean sergei sharon shirley simon
sofia sonia sophia sophie stanley stefan stephanie stephen steve steven stuart susan suzanne sylvia tam tanya teresa terry
thanh theresa thi thomas thu tiffany tim timothy tina todd tom tony tracy trang tuan tyler van vanessa vera veronica
victor victoria vincent vinh virginia vivian vladimir walter wayne wei wendy william xiao yan yang yen ying yuri zachary zoe
""")

FOREIGN_SURNAMES = words("""
adams ahn alexander allen alvarez anderson andrews aquino armstrong arnold bae bailey baker bang barnes bautista bell
bennett black brooks brown bryant bui burns butler byrne cai campbell cao carpenter carter castillo castro chan chang
chavez chen cheng cheung chin cho choi chong chow chu chun chung clark clarke cole coleman collins cook cooper cox
cruz dang davies davis dela diaz ding dinh dixon do dong dubois duong edwards ellis evans fan feng fernandez fisher
flores foster fox freeman fu gao garcia gibson gomez gonzales gonzalez gordon graham grant gray green griffin guo gupta
gutierrez ha hall hamilton han harris harrison hayes he henderson hernandez hill ho hoang howard hu huang hughes hunt
hunter huynh hwang ivanov jackson jang jenkins jensen jeon ji jiang jimenez jin johnson jones joo jung kang kaur kelly
kennedy khan kim king ko kuo kwon lai lam lau le lee leung lewis li lian liang liao lim lin liu lo long lopez lu luo luong
ly ma mai mao marshall martinez mason mcdonald mendoza meng meyer miller min mitchell moon moore morales moreno morgan
morris mueller muller murphy murray myers na nelson ng ngo nguyen noh oh ong ortiz owens pan park parker patel pereira
perera perez perry peters peterson petrov pham phan phillips phung pineda powell price quach ramirez ramos rana reed reyes
reynolds richardson rivera roberts robertson robinson rodriguez rogers ross rossi russell ryu sanchez sanders santos
schmidt schneider shah sharma shaw shen shi shin shrestha silva simpson singh smirnov smith sohn son song souza stevens
stewart su suh sullivan sun suzuki tan tang taylor thapa thompson tian to torres tran tucker turner vo vu wagner walker
wallace wang ward washington watson weber webb wei wells west white williams wilson wong woo wood wright wu xia xiao xie
xu yan yang yao ye yeo yi yin yoo yoon you young yu yuan yun zeng zhang zhao zheng zhou zhu
""")

NOT_NAME_WORDS = words("""
a about access account action active address admin after air all amount an analysis and android api app apple are area
as at auto available average awards back bag bank bar base basic battery beauty bed before best beta big bike black block
blue board body book bottle box brand bread brown business button by cafe cake camera cap car card care case cash cat
center central centre chair change channel charge chart check chicken child chocolate city class classic clean clear client
clock close club co coat code coffee cold collection college color comment company complete computer concert condition
confirm connection contact content control cool copy corp corporation cost country course cover cream create credit cup
customer daily dark data date day default delete deluxe department design desk detail device digital dinner direct disc
discount display district division dog door double down download dress drink drive dry east easy edit electric email
empty end energy engine english enter entry error event example exit extra factory failed false family fashion feature
file filter final finance first fish flag flash flat floor flower food for form foundation fred free fresh from front
fruit full function game garden gas gate general girl glass global gold golf good grand great green group guest guide
hair hall hand hard health heat heavy hello help high holiday home hospital hot hotel hour house ice id image import in
inc index industries info information input institute insurance international internet invalid invoice is island item
japan job juice key keyboard kit kitchen lab label large laser last latest leather left level library license light limit
limited line link linux list live llc load local log login logo loss low ltd lunch machine magazine mail main manager
management map market master match material max mean media medical medium memo memory menu message metal method mini
minimum mobile mode model module monday monitor month monthly mouse movie music name natural net network new news next
night no none normal north not note notebook null number of off office oil ok old on online open operation option or
orange order organic original other out output over owner oxford page paint pants paper park part party password pay
payment pc pen pending pencil people personal phone photo pink pizza plan plant plastic plate platinum play player plus
point portable post power premium president price print printer private pro process processing product production
professional profile program project public purchase pure purple quality quantity quarter quick radio rate read ready
record red region regular release remote rental report request research reset resort resource restaurant result return
rice right road rock room round route rule run sale sales salt sample save school science score screen search season seat
second section security select senior series server service services session set setting setup shampoo sheet ship shipping
shirt shoe shoes shop shopping short show silver simple single site size skin small smart snow soap society soda soft
software solar solution solutions sound soup source south space special speed spice sport sports spring square staff
standard star start state station status steel step stock stone stop storage store street string strong student studio
style submit sub success sugar suite summer sun sunday super supply support surface sweet switch system table tablet tag
target task tax tea team tech technologies technology television terminal test text the theme this ticket time title to
tokyo tool top total tour towel tower town toy track trade traffic trail train transfer travel tree trial true truck
trust type under undefined union unit universal university unknown update upload url usb use used user valid value version
video view village vintage visa wall warning watch water web website wednesday week weekly west white wide wi width wind
window windows wine winter wireless with women wood wool word work world write year yellow yes your zone
""")

#: Kana keys (large letters) of names common among foreign residents that the dictionaries lack or call nouns.
FOREIGN_KANA = words("""
グエン チヤン レ フアム ホアン フイン フアン ヴー ヴオ ダン ブイ ド ホー ゴー ズオン リー テイ ヴアン アン フオン トウアン ミン ハー
リン マイ フン ドウツク ナム ロン ハイ クアン タン ホア ラン ガー ニユン チヤン ズン ビン ソン フオツク ワン リウ チエン ヤン ジヤオ
フアン ジヨウ ウー シユー ジユー ホウ マー リン グオ チヨウ チン キム パク イ チエ ジヨン カン ユン チヤン イム オ ソ シン クオン
ラマ タマン シユレスタ グルン ライ マガル タパ ビスワス カルキ バンダリ アデイカリ クマル シン シヤルマ ラム ラジ アリ カーン モハメド
マリア サントス クルス レイエス デラ ガルシア ロペス ペレイラ シルバ ソウザ オリベイラ ロドリゲス フエルナンド アウン ミヤ ウイン ゾー テツト
プトラ サリ デウイ アグン ジヨン スミス ロバート メアリー アンナ ジエームズ マイケル デイビツド ピーター アレツクス サラ エミリー トム
""")

#: Surnames of one kanji common in China, Korea and Taiwan; any two kanji may follow them.
CONTINENTAL = frozenset(
    "王李張劉陳楊黄趙周呉徐孫朱高林何郭馬羅梁宋鄭謝韓唐馮于董蕭程曹袁鄧許傅沈曾彭呂蘇盧蒋蔡賈丁魏薛葉閻余潘杜戴夏鍾汪任姜范方姚譚廖鄒"
    "熊金陸郝孔白崔康毛邱秦史顧侯邵孟龍万段雷銭湯尹黎易喬賀頼文朴柳申安裵権洪全成車具禹閔慎池陶胡欧関権桂"
)
