"""The catalogue of specimens: each a picture with a name, and what is answered to it. Data only.

Names are those of the ready-made scenarios: `warning-NAME` for each warning, `error-CODE` for each
error that a picture can cause, and the edge of a field. Nobody is on two cards, so that whatever
stands on one tells which it is. All numbers are of the kind `safe`: right in themselves, with the
code of a prefecture where that of a county belongs, so that nobody has or will have one
(docs/fidelity.md#numbers-safe): these pictures are published.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from mockocr.actions.idcard.catalogue_entry import Entry, Refused
from mockocr.actions.idcard.contract import contract_on
from mockocr.actions.idcard.texts import BACK_MEMBERS, FRONT_MEMBERS
from mockocr.people import number
from mockocr.people.card import birth_text
from mockocr.settings import API_PAGE
from mockocr.specimens.card_data import CardData, Kind, WarningName


def _front(name: str, nation: str, address: str, id_num: str, *planted: str) -> CardData:
    """Sex and birth as the number says."""
    facts = number.read(id_num)
    assert facts is not None  # noqa: S101 - a test reads them all
    return CardData(
        Kind.FRONT,
        name=name,
        sex=facts.sex,
        nation=nation,
        birth=birth_text(facts.birth),
        address=address,
        id_num=id_num,
        planted=planted,
    )


def _back(authority: str, valid_date: str, *planted: str) -> CardData:
    return CardData(Kind.BACK, authority=authority, valid_date=valid_date, planted=planted)


def _joined(kind: Kind, front: CardData, back: CardData) -> CardData:
    return CardData.of(kind, {name: front.texts.get(name) or back.texts[name] for name in _TEXTS})


_TEXTS = (*_front("", "", "", "440500198701010013").texts, *_back("", "").texts)


def _config(*flags: str) -> Mapping[str, Any]:
    return {"Config": dict.fromkeys(flags, True)}


def _warned(
    warning: WarningName, purpose: str, card_data: CardData, since: date, **more: Any
) -> Entry:
    """A defect that is drawn and planted, asked for by its flag."""
    flag = contract_on(since).warnings[warning]
    asked = dict(_config(flag.flag)) | ({"CardWarnType": "Advanced"} if flag.advanced else {})
    said: dict[str, Any] = {
        "card_data": card_data,
        "defects": card_data.planted,
        "asked": asked,
        "contract": since,
        "members": BACK_MEMBERS if card_data.kind is Kind.BACK else FRONT_MEMBERS,
        "warnings": (warning,),
    }
    return Entry(f"warning-{warning.replace('_', '-')}", purpose, **(said | more))


_COPIES = date(2024, 6, 19)
_ELECTRONIC = date(2026, 2, 5)
_WATERMARKS = date(2026, 3, 9)

_LI_MING = _front("李明", "汉", "北京市石景山区高新技术园腾讯大楼", "440500198701010013")
_LI_MINGS_BACK = _back("北京市公安局石景山分局", "2020.07.21-2040.07.21")

CATALOGUE = (
    Entry(
        "li-ming",
        "A front without any fault: the card of the API page's example, but for its number.",
        _LI_MING,
        members=FRONT_MEMBERS,
    ),
    Entry(
        "li-ming-back",
        "The back of the same card, valid for 20 years.",
        _LI_MINGS_BACK,
        members=BACK_MEMBERS,
    ),
    Entry(
        "both-sides",
        "Both sides of one card in one picture: MultiCardDetect brings all eight fields, else only"
        " one side is answered.",
        _joined(
            Kind.BOTH,
            _front("周静怡", "汉", "江苏省苏州市姑苏区人民路88号5号楼301室", "320500198506180028"),
            _back("苏州市公安局姑苏分局", "2019.03.15-2039.03.15"),
        ),
        asked=_config("MultiCardDetect"),
        members=(*FRONT_MEMBERS, *BACK_MEMBERS),
    ),
    Entry(
        "temporary-card",
        "A temporary card where nobody asks for TempIdWarn: its front is read like any other.",
        _joined(
            Kind.TEMPORARY,
            _front("孙晓东", "满", "辽宁省沈阳市和平区中山路21号2号楼402室", "210100199102140078"),
            _back("沈阳市公安局和平分局", "2026.05.06-2026.08.06"),
        ),
        members=FRONT_MEMBERS,
    ),
    Entry(
        "x-check-digit",
        "The number ends in X: a client should take it for a digit, and not store the number as"
        " one.",
        _front("马晓燕", "回", "山东省青岛市市南区香港中路12号3号楼501室", "37020019900312008X"),
        members=FRONT_MEMBERS,
    ),
    Entry(
        "long-term-card",
        "ValidDate ends in 长期: a client should not try to read it as a date.",
        _back("赵县公安局", "2012.07.21-长期"),
        asked=_config("InvalidDateWarn"),
        members=BACK_MEMBERS,
    ),
    Entry(
        "expired-card",
        "Valid until 2016, without error or warning: a client has to compare ValidDate with today.",
        _back("太仓市公安局", "2006.01.01-2016.01.01"),
        asked=_config("InvalidDateWarn"),
        members=BACK_MEMBERS,
    ),
    Entry(
        "minority-name",
        "The name has a middle dot (U+00B7): a client should accept, store and compare it as it"
        " is.",
        _front(
            "阿依努尔·买买提",
            "维吾尔",
            "新疆维吾尔自治区喀什地区疏勒县城关镇光明村3组18号",
            "653100198809090043",
        ),
        members=FRONT_MEMBERS,
    ),
    Entry(
        "long-name",
        "A name of 19 characters: a client should have room for it.",
        _front(
            "阿不都热合曼·阿不都热依木江买买提艾力",
            "维吾尔",
            "新疆维吾尔自治区喀什地区莎车县龙泉镇向阳村7组2号",
            "653100199211300039",
        ),
        members=FRONT_MEMBERS,
    ),
    Entry(
        "rare-character",
        "A name with a character of four bytes in UTF-8 (U+2CB38), drawn as 〓: a client should"
        " store and show it whole.",
        _front("陈𬬸", "汉", "四川省成都市青羊区文化路66号9号楼1802室", "510100199505050051"),
        members=FRONT_MEMBERS,
    ),
    Entry(
        "four-line-address",
        "The address fills the four lines of a card and comes as one line of 41 characters: a"
        " client should have room for it.",
        _front(
            "关秀琴",
            "锡伯",
            "新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县孙扎齐牛录镇团结村12组128号",
            "654000197904210067",
        ),
        members=FRONT_MEMBERS,
    ),
    Entry(
        "leap-day-birth",
        "Born on a 29 February: a client that counts ages should have a birthday for every year.",
        _front("林若溪", "汉", "浙江省杭州市西湖区育才路5号1号楼201室", "33010020000229008X"),
        members=FRONT_MEMBERS,
    ),
    Entry(
        "minor",
        "Born in 2018: a client for adults has to refuse the card by itself.",
        _front("何子涵", "土家", "湖北省武汉市武昌区解放路30号6号楼604室", "420100201807070048"),
        members=FRONT_MEMBERS,
    ),
    Entry(
        "number-and-birth-disagree",
        "Sex and Birth contradict IdNum, and follow it unless EnableRecognitionRectify is false: a"
        " client that looks for tampering has to send false.",
        CardData(
            Kind.FRONT,
            name="郭建华",
            sex="女",
            nation="汉",
            birth="1990/6/15",
            address="陕西省西安市雁塔区长江路17号4号楼303室",
            id_num="61010019830815001X",
        ),
        asked={"EnableRecognitionRectify": False},
        members=FRONT_MEMBERS,
    ),
    Entry(
        "low-quality",
        "Out of focus and still read, with a Quality below the 50 that the API page advises: there"
        " is no warning of it, so a client has to look at the score.",
        _front(
            "梁秋月", "汉", "山西省太原市小店区体育路9号2号楼1101室", "140100199904040222", "blur"
        ),
        defects=("blur",),
        asked=_config("Quality"),
        members=FRONT_MEMBERS,
        scores={"Quality": (0, 49)},
    ),
    _warned(
        "invalid_date",
        "Valid for seven years, where there are 5, 10, 20 years and 长期: let a person look at the"
        " card.",
        _back("丽江市公安局古城分局", "2018.04.10-2025.04.10", "invalid_date"),
        API_PAGE,
        defects=(),
    ),
    _warned(
        "border",
        "The card is cut off at the edge of the picture, and BorderCodeValue is over 50: ask the"
        " user to take in the whole card.",
        _front("唐建平", "汉", "天津市南开区胜利路41号8号楼702室", "120000198610100070", "border"),
        API_PAGE,
        scores={"BorderCodeValue": (51, 100)},
    ),
    _warned(
        "copy",
        "A copy in colour: ask the user for a picture of the card itself.",
        _front(
            "许婉清", "苗", "湖南省长沙市岳麓区新华路3号5号楼1402室", "430100199312010088", "copy"
        ),
        API_PAGE,
    ),
    _warned(
        "reshoot",
        "Taken of a screen: ask the user for a picture of the card itself.",
        _front(
            "吴志远",
            "畲",
            "福建省福州市鼓楼区和平路27号1号楼602室",
            "35010019890523009X",
            "reshoot",
        ),
        API_PAGE,
    ),
    _warned(
        "temporary_id",
        "A temporary card where TempIdWarn asks for it: all fields are blank, as in example 1 of"
        " the API page.",
        _joined(
            Kind.TEMPORARY,
            _front(
                "姜海波", "汉", "黑龙江省哈尔滨市道里区建设路15号3号楼903室", "230100199401280111"
            ),
            _back("哈尔滨市公安局道里分局", "2026.03.02-2026.06.02"),
        ),
        API_PAGE,
        members=(),
    ),
    _warned(
        "occlusion",
        "A finger lies on the card: ask the user to leave it free.",
        _front(
            "方雅琴",
            "汉",
            "安徽省合肥市蜀山区朝阳路52号7号楼1201室",
            "340100198207190121",
            "occlusion",
        ),
        API_PAGE,
    ),
    _warned(
        "tampered",
        "Something is pasted over the name: let a person look at the card.",
        _front(
            "邓文斌",
            "汉",
            "江西省南昌市东湖区滨河路8号2号楼502室",
            "360100199603030136",
            "tampered",
        ),
        API_PAGE,
    ),
    _warned(
        "reflection",
        "A lamp is reflected on the portrait and the fields: ask the user to tilt the card.",
        _front(
            "韦小燕",
            "壮",
            "广西壮族自治区南宁市青秀区迎宾大道19号6号楼801室",
            "450100198411110147",
            "reflection",
        ),
        API_PAGE,
        asked={**_config("ReflectWarn"), "EnableReflectDetail": True},
        reflections=("Portrait", "RecognitionField"),
    ),
    _warned(
        "copy_bw",
        "A copy in black and white, which is also a copy: ask the user for a picture of the card"
        " itself.",
        _front(
            "罗启明",
            "布依",
            "贵州省贵阳市云岩区光明路33号4号楼1003室",
            "520100198106060153",
            "copy_bw",
        ),
        _COPIES,
        warnings=("copy", "copy_bw"),
    ),
    _warned(
        "electronic_id",
        "An electronic card on the screen of a phone: decide whether one will do.",
        _front(
            "杨素芬",
            "白",
            "云南省昆明市五华区人民中路70号2号楼401室",
            "530100199709170163",
            "electronic_id",
        ),
        _ELECTRONIC,
    ),
    _warned(
        "watermark",
        "Words across the card, put on by whoever handed it in: decide whether it may have any.",
        _front(
            "符永安",
            "黎",
            "海南省海口市龙华区解放东路11号1号楼304室",
            "460100197812240177",
            "watermark",
        ),
        _WATERMARKS,
    ),
    Entry(
        "error-card-side-error",
        "A back where a front is asked for: tell the user which side is wanted.",
        _back("遂宁市公安局船山分局", "2016.11.08-2036.11.08"),
        asked={"CardSide": "FRONT"},
        code="FailedOperation.CardSideError",
    ),
    Entry(
        "error-id-card-info-illegal",
        "The number's last digit is wrong: ask for another picture, then let a person look at it.",
        _front("田玉林", "汉", "河南省郑州市金水区文化路101号3号楼205室", "410100198008080199"),
        code="FailedOperation.IdCardInfoIllegal",
    ),
    Entry(
        "error-multi-card-error",
        "The fronts of two cards: ask the user for a picture of one.",
        _front("朴成浩", "朝鲜", "吉林省长春市朝阳区新华路6号2号楼703室", "220100199202020219"),
        other=_front(
            "乌兰", "蒙古", "内蒙古自治区呼和浩特市赛罕区中山路44号5号楼602室", "150100197707170223"
        ),
        refused=Refused.TWO_OF_ONE_SIDE,
        code="FailedOperation.MultiCardError",
    ),
    Entry(
        "error-ocr-failed",
        "Something lies on the part that tells whose card it is: try once more, then ask the user"
        " for another picture.",
        _front("才让", "藏", "青海省西宁市城中区南大街14号1号楼101室", "630100199810300237"),
        refused=Refused.COVERED,
        code="FailedOperation.OcrFailed",
    ),
    Entry(
        "error-image-blur",
        "So much out of focus that nothing can be read: ask the user for a sharper picture.",
        _LI_MING,
        refused=Refused.BLURRED,
        code="FailedOperation.ImageBlur",
    ),
    Entry(
        "error-id-card-too-small",
        "A card in a picture of 150 pixels: ask the user to come closer.",
        _LI_MING,
        refused=Refused.SMALL,
        code="FailedOperation.IdCardTooSmall",
    ),
    Entry(
        "error-image-no-id-card",
        "A cup and a notebook: ask the user for a picture of the card.",
        refused=Refused.NO_CARD,
        settings={"--unknown-pictures": "refuse"},
        code="FailedOperation.ImageNoIdCard",
    ),
    Entry(
        "error-image-decode-failed",
        "A file that ends in the middle, as an upload that broke off: send it whole.",
        _LI_MING,
        refused=Refused.UNDECODABLE,
        code="FailedOperation.ImageDecodeFailed",
    ),
    Entry(
        "error-image-size-too-large",
        "A strip 10,001 pixels long: make it smaller before sending it again.",
        refused=Refused.TOO_LONG,
        code="FailedOperation.ImageSizeTooLarge",
    ),
    Entry(
        "error-empty-image-error",
        "An empty file: a client that sends one has a bug of its own.",
        refused=Refused.EMPTY,
        code="FailedOperation.EmptyImageError",
    ),
    Entry(
        "error-too-large-file-error",
        "A BMP of 5.8 MB, more than 7 M as Base64: compress the picture before sending it.",
        _LI_MING,
        refused=Refused.TOO_MANY_BYTES,
        code="LimitExceeded.TooLargeFileError",
    ),
)
