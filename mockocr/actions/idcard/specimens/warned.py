"""Specimens with one defect each: `warning-NAME` for each warning of the API."""

from datetime import date
from typing import Any

from mockocr.actions.idcard.contract import contract_on
from mockocr.actions.idcard.specimens.cards import back, front, joined
from mockocr.actions.idcard.specimens.entry import Entry, config
from mockocr.actions.idcard.texts import BACK_MEMBERS, FRONT_MEMBERS
from mockocr.settings import API_PAGE
from mockocr.specimens.card_data import CardData, Kind, WarningName


def _warned(
    warning: WarningName, purpose: str, card_data: CardData, since: date, **more: Any
) -> Entry:
    """An entry whose request sets the flag of the warning. By default the picture shows each
    recorded defect, and `warning` is the only warning; `more` replaces members of the entry."""
    in_contract = contract_on(since).warnings[warning]
    advanced = {"CardWarnType": "Advanced"} if in_contract.advanced else {}
    members: dict[str, Any] = {
        "card_data": card_data,
        "defects": card_data.defects,
        "parameters": {**config(in_contract.flag), **advanced},
        "contract": since,
        "members": BACK_MEMBERS if card_data.kind is Kind.BACK else FRONT_MEMBERS,
        "warnings": (warning,),
    }
    return Entry(f"warning-{warning.replace('_', '-')}", purpose, **(members | more))


_COPIES = date(2024, 6, 19)
_ELECTRONIC = date(2026, 2, 5)
_WATERMARKS = date(2026, 3, 9)

WARNED = (
    _warned(
        "invalid_date",
        "Valid for seven years, although only 5, 10, 20 years and 长期 exist: let a person check"
        " the card.",
        back("丽江市公安局古城分局", "2018.04.10-2025.04.10", "invalid_date"),
        API_PAGE,
        defects=(),
    ),
    _warned(
        "border",
        "The card is cut off at the edge of the picture, and BorderCodeValue is over 50: ask the"
        " user to show the whole card.",
        front("唐建平", "汉", "天津市南开区胜利路41号8号楼702室", "120000198610100070", "border"),
        API_PAGE,
        scores={"BorderCodeValue": (51, 100)},
    ),
    _warned(
        "copy",
        "A colour copy: ask the user for a picture of the card itself.",
        front(
            "许婉清", "苗", "湖南省长沙市岳麓区新华路3号5号楼1402室", "430100199312010088", "copy"
        ),
        API_PAGE,
    ),
    _warned(
        "reshoot",
        "Photographed from a screen: ask the user for a picture of the card itself.",
        front(
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
        "A temporary card with TempIdWarn: all fields are blank, as in example 1 of the API page.",
        joined(
            Kind.TEMPORARY,
            front(
                "姜海波", "汉", "黑龙江省哈尔滨市道里区建设路15号3号楼903室", "230100199401280111"
            ),
            back("哈尔滨市公安局道里分局", "2026.03.02-2026.06.02"),
        ),
        API_PAGE,
        members=(),
    ),
    _warned(
        "occlusion",
        "A finger covers part of the card: ask the user to take it away.",
        front(
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
        "Something is pasted over the name: let a person check the card.",
        front(
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
        front(
            "韦小燕",
            "壮",
            "广西壮族自治区南宁市青秀区迎宾大道19号6号楼801室",
            "450100198411110147",
            "reflection",
        ),
        API_PAGE,
        parameters={**config("ReflectWarn"), "EnableReflectDetail": True},
        reflections=("Portrait", "RecognitionField"),
    ),
    _warned(
        "copy_bw",
        "A black-and-white copy, which also counts as a copy: ask the user for a picture of the"
        " card itself.",
        front(
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
        "An electronic card on the screen of a phone: decide whether to accept it.",
        front(
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
        "The person who submitted the card has written a watermark across it: decide whether to"
        " accept that.",
        front(
            "符永安",
            "黎",
            "海南省海口市龙华区解放东路11号1号楼304室",
            "460100197812240177",
            "watermark",
        ),
        _WATERMARKS,
    ),
)
