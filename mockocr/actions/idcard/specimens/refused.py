"""Specimens that are refused: `error-CODE` for each error that a picture can cause."""

from mockocr.actions.idcard.specimens.cards import LI_MING, back, front
from mockocr.actions.idcard.specimens.entry import Entry, Refused

REFUSED = (
    Entry(
        "error-card-side-error",
        "A back where a front is asked for: tell the user which side is wanted.",
        back("遂宁市公安局船山分局", "2016.11.08-2036.11.08"),
        parameters={"CardSide": "FRONT"},
        code="FailedOperation.CardSideError",
    ),
    Entry(
        "error-id-card-info-illegal",
        "The number's last digit is wrong: ask for another picture, then let a person look at it.",
        front("田玉林", "汉", "河南省郑州市金水区文化路101号3号楼205室", "410100198008080199"),
        code="FailedOperation.IdCardInfoIllegal",
    ),
    Entry(
        "error-multi-card-error",
        "The fronts of two cards: ask the user for a picture of one.",
        front("朴成浩", "朝鲜", "吉林省长春市朝阳区新华路6号2号楼703室", "220100199202020219"),
        other=front(
            "乌兰", "蒙古", "内蒙古自治区呼和浩特市赛罕区中山路44号5号楼602室", "150100197707170223"
        ),
        refused=Refused.TWO_OF_ONE_SIDE,
        code="FailedOperation.MultiCardError",
    ),
    Entry(
        "error-ocr-failed",
        "Something lies on the part that tells whose card it is: try once more, then ask the user"
        " for another picture.",
        front("才让", "藏", "青海省西宁市城中区南大街14号1号楼101室", "630100199810300237"),
        refused=Refused.COVERED,
        code="FailedOperation.OcrFailed",
    ),
    Entry(
        "error-image-blur",
        "So much out of focus that nothing can be read: ask the user for a sharper picture.",
        LI_MING,
        refused=Refused.BLURRED,
        code="FailedOperation.ImageBlur",
    ),
    Entry(
        "error-id-card-too-small",
        "A card in a picture of 150 pixels: ask the user to come closer.",
        LI_MING,
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
        LI_MING,
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
        LI_MING,
        refused=Refused.TOO_MANY_BYTES,
        code="LimitExceeded.TooLargeFileError",
    ),
)
