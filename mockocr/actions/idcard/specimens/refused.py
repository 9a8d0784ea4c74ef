"""Specimens that are refused: `error-CODE` for each error that a picture can cause."""

from mockocr.actions.idcard.specimens.cards import LI_MING, back, front
from mockocr.actions.idcard.specimens.entry import Entry, PictureFault

REFUSED = (
    Entry(
        "error-card-side-error",
        "A back, although the call asks for a front: tell the user which side to show.",
        back("遂宁市公安局船山分局", "2016.11.08-2036.11.08"),
        parameters={"CardSide": "FRONT"},
        code="FailedOperation.CardSideError",
    ),
    Entry(
        "error-id-card-info-illegal",
        "The check digit of the number is wrong: ask for another picture, then let a person check"
        " the card.",
        front("田玉林", "汉", "河南省郑州市金水区文化路101号3号楼205室", "410100198008080199"),
        code="FailedOperation.IdCardInfoIllegal",
    ),
    Entry(
        "error-multi-card-error",
        "The fronts of two cards: ask the user for a picture of one card.",
        front("朴成浩", "朝鲜", "吉林省长春市朝阳区新华路6号2号楼703室", "220100199202020219"),
        other=front(
            "乌兰", "蒙古", "内蒙古自治区呼和浩特市赛罕区中山路44号5号楼602室", "150100197707170223"
        ),
        fault=PictureFault.TWO_OF_ONE_SIDE,
        code="FailedOperation.MultiCardError",
    ),
    Entry(
        "error-ocr-failed",
        "The part that identifies the specimen is covered: retry once, then ask the user for"
        " another picture.",
        front("才让", "藏", "青海省西宁市城中区南大街14号1号楼101室", "630100199810300237"),
        fault=PictureFault.COVERED,
        code="FailedOperation.OcrFailed",
    ),
    Entry(
        "error-image-blur",
        "Too blurred to be read: ask the user for a sharper picture.",
        LI_MING,
        fault=PictureFault.BLURRED,
        code="FailedOperation.ImageBlur",
    ),
    Entry(
        "error-id-card-too-small",
        "A picture only 150 pixels wide: ask the user to move closer.",
        LI_MING,
        fault=PictureFault.SMALL,
        code="FailedOperation.IdCardTooSmall",
    ),
    Entry(
        "error-image-no-id-card",
        "A cup and a notebook: ask the user for a picture of the card.",
        fault=PictureFault.NO_CARD,
        settings={"--unknown-pictures": "refuse"},
        code="FailedOperation.ImageNoIdCard",
    ),
    Entry(
        "error-image-decode-failed",
        "A file that ends in the middle, like an interrupted upload: send it completely.",
        LI_MING,
        fault=PictureFault.UNDECODABLE,
        code="FailedOperation.ImageDecodeFailed",
    ),
    Entry(
        "error-image-size-too-large",
        "A strip 10,001 pixels long: scale it down before sending it again.",
        fault=PictureFault.TOO_LONG,
        code="FailedOperation.ImageSizeTooLarge",
    ),
    Entry(
        "error-empty-image-error",
        "An empty file: the client has a bug.",
        fault=PictureFault.EMPTY,
        code="FailedOperation.EmptyImageError",
    ),
    Entry(
        "error-too-large-file-error",
        "A BMP of 5.8 MB, more than 7 M as Base64: compress the picture before sending it.",
        LI_MING,
        fault=PictureFault.TOO_MANY_BYTES,
        code="LimitExceeded.TooLargeFileError",
    ),
)
