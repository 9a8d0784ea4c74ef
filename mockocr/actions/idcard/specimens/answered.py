"""Specimens that are answered without a warning: plain cards, and the limits of single fields."""

from mockocr.actions.idcard.specimens.cards import LI_MING, back, front, joined
from mockocr.actions.idcard.specimens.entry import Entry, config
from mockocr.actions.idcard.texts import BACK_MEMBERS, FRONT_MEMBERS
from mockocr.specimens.card_data import CardData, Kind

ANSWERED = (
    Entry(
        "li-ming",
        "A front without faults: the card of the API page's example, with another number.",
        LI_MING,
        members=FRONT_MEMBERS,
    ),
    Entry(
        "li-ming-back",
        "The back of the same card, valid for 20 years.",
        back("北京市公安局石景山分局", "2020.07.21-2040.07.21"),
        members=BACK_MEMBERS,
    ),
    Entry(
        "both-sides",
        "Both sides of one card in one picture: with MultiCardDetect all eight fields are"
        " returned, otherwise those of one side.",
        joined(
            Kind.BOTH,
            front("周静怡", "汉", "江苏省苏州市姑苏区人民路88号5号楼301室", "320500198506180028"),
            back("苏州市公安局姑苏分局", "2019.03.15-2039.03.15"),
        ),
        parameters=config("MultiCardDetect"),
        members=(*FRONT_MEMBERS, *BACK_MEMBERS),
    ),
    Entry(
        "temporary-card",
        "A temporary card without TempIdWarn: its front is read like any other.",
        joined(
            Kind.TEMPORARY,
            front("孙晓东", "满", "辽宁省沈阳市和平区中山路21号2号楼402室", "210100199102140078"),
            back("沈阳市公安局和平分局", "2026.05.06-2026.08.06"),
        ),
        members=FRONT_MEMBERS,
    ),
    Entry(
        "x-check-digit",
        "The number ends in X: a client should accept it and store the number as text.",
        front("马晓燕", "回", "山东省青岛市市南区香港中路12号3号楼501室", "37020019900312008X"),
        members=FRONT_MEMBERS,
    ),
    Entry(
        "long-term-card",
        "ValidDate ends in 长期: a client should not parse that part as a date.",
        back("赵县公安局", "2012.07.21-长期"),
        parameters=config("InvalidDateWarn"),
        members=BACK_MEMBERS,
    ),
    Entry(
        "expired-card",
        "Valid until 2016, without an error or a warning: a client must compare ValidDate with"
        " today.",
        back("太仓市公安局", "2006.01.01-2016.01.01"),
        parameters=config("InvalidDateWarn"),
        members=BACK_MEMBERS,
    ),
    Entry(
        "minority-name",
        "The name contains a middle dot (U+00B7): a client should accept, store and compare it"
        " unchanged.",
        front(
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
        front(
            "阿不都热合曼·阿不都热依木江买买提艾力",
            "维吾尔",
            "新疆维吾尔自治区喀什地区莎车县龙泉镇向阳村7组2号",
            "653100199211300039",
        ),
        members=FRONT_MEMBERS,
    ),
    Entry(
        "rare-character",
        "The name contains a character of four bytes in UTF-8 (U+2CB38), drawn as 〓: a client"
        " should store and display it unchanged.",
        front("陈𬬸", "汉", "四川省成都市青羊区文化路66号9号楼1802室", "510100199505050051"),
        members=FRONT_MEMBERS,
    ),
    Entry(
        "four-line-address",
        "The address fills the four lines of a card and is returned as one line of 41 characters:"
        " a client should have room for it.",
        front(
            "关秀琴",
            "锡伯",
            "新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县孙扎齐牛录镇团结村12组128号",
            "654000197904210067",
        ),
        members=FRONT_MEMBERS,
    ),
    Entry(
        "leap-day-birth",
        "Born on 29 February: a client that computes ages should handle years without that day.",
        front("林若溪", "汉", "浙江省杭州市西湖区育才路5号1号楼201室", "33010020000229008X"),
        members=FRONT_MEMBERS,
    ),
    Entry(
        "minor",
        "Born in 2018: a client for adults must refuse the card itself.",
        front("何子涵", "土家", "湖北省武汉市武昌区解放路30号6号楼604室", "420100201807070048"),
        members=FRONT_MEMBERS,
    ),
    Entry(
        "number-and-birth-disagree",
        "Sex and Birth contradict IdNum, and are corrected unless EnableRecognitionRectify is"
        " false: a client that checks for tampering must send false.",
        CardData(
            Kind.FRONT,
            name="郭建华",
            sex="女",
            nation="汉",
            birth="1990/6/15",
            address="陕西省西安市雁塔区长江路17号4号楼303室",
            id_num="61010019830815001X",
        ),
        parameters={"EnableRecognitionRectify": False},
        members=FRONT_MEMBERS,
    ),
    Entry(
        "low-quality",
        "Out of focus but readable, with a Quality below the recommended 50 and without a"
        " warning: a client must check the score.",
        front(
            "梁秋月", "汉", "山西省太原市小店区体育路9号2号楼1101室", "140100199904040222", "blur"
        ),
        defects=("blur",),
        parameters=config("Quality"),
        members=FRONT_MEMBERS,
        scores={"Quality": (0, 49)},
    ),
)
