"""The client, call by call."""

import time
from datetime import date

import kyc
import pytest
from kyc import KycClient, KycError, RetakeError, UnavailableError

from mockocr import Account, CardFields

LI_MING: CardFields = {"Name": "李明", "IdNum": "440524198701010014"}
OCR_FAILED, BLUR = "FailedOperation.OcrFailed", "FailedOperation.ImageBlur"


# What is on the card


def test_a_front_is_read(mockocr: Account, client: KycClient) -> None:
    front = client.read_front(mockocr.card("front", **LI_MING))

    assert (front.name, front.number) == ("李明", "440524198701010014")
    assert front.birth == date(1987, 1, 1)


def test_a_back_is_read(mockocr: Account, client: KycClient) -> None:
    back = client.read_back(mockocr.card("back", ValidDate="2016.07.21-2036.07.21"))

    assert (back.valid_from, back.valid_until) == (date(2016, 7, 21), date(2036, 7, 21))


def test_a_card_may_be_valid_without_end(mockocr: Account, client: KycClient) -> None:
    back = client.read_back(mockocr.card("back", ValidDate="2016.07.21-长期"))

    assert back.valid_until is None
    assert back.is_valid(date(2100, 1, 1))


def test_an_expired_card_is_not_valid(mockocr: Account, client: KycClient) -> None:
    back = client.read_back(mockocr.card("back", ValidDate="2010.07.21-2020.07.21"))

    assert back.is_valid(date(2020, 7, 21))
    assert not back.is_valid(date(2020, 7, 22))


def test_both_sides_in_two_calls(mockocr: Account, client: KycClient) -> None:
    front = mockocr.respond(when={"CardSide": "FRONT"}, card=LI_MING)
    back = mockocr.respond(when={"CardSide": "BACK"}, card={"Authority": "赵县公安局"})
    pictures = mockocr.card("front"), mockocr.card("back")

    assert client.read_front(pictures[0]).name == "李明"
    assert client.read_back(pictures[1]).authority == "赵县公安局"
    front.assert_called(times=1)
    back.assert_called(times=1)


def test_the_portrait_is_a_picture(mockocr: Account, client: KycClient) -> None:
    assert client.read_front(mockocr.card()).portrait.startswith(b"\xff\xd8")


# Warnings


def test_a_good_picture_has_no_warnings(mockocr: Account, client: KycClient) -> None:
    assert client.read_front(mockocr.card()).warnings == set()


def test_a_copy_is_reported(mockocr: Account, client: KycClient) -> None:
    assert client.read_front(mockocr.card(defects=["copy"])).warnings == {"copy"}


def test_a_photographed_screen_is_reported(mockocr: Account, client: KycClient) -> None:
    picture = mockocr.card(specimen="warning-reshoot")
    assert client.read_front(picture).warnings == {"reshoot"}


def test_several_warnings_are_reported(mockocr: Account, client: KycClient) -> None:
    mockocr.respond(card="invented", warnings=["copy", "reshoot"])
    assert client.read_front(mockocr.card()).warnings == {"copy", "reshoot"}


def test_the_warnings_are_asked_for(mockocr: Account, client: KycClient) -> None:
    client.read_front(mockocr.card())

    mockocr.assert_called(1, Config={"CopyWarn": True, "ReshootWarn": True, "TempIdWarn": True})


# Pictures that cannot be used


@pytest.mark.parametrize("specimen", ["error-image-blur", "error-id-card-too-small"])
def test_an_unusable_picture_has_to_be_taken_again(
    mockocr: Account, client: KycClient, specimen: str
) -> None:
    with pytest.raises(RetakeError):
        client.read_front(mockocr.card(specimen=specimen))


def test_the_other_side_has_to_be_taken(mockocr: Account, client: KycClient) -> None:
    with pytest.raises(RetakeError, match="CardSideError"):
        client.read_front(mockocr.card("back"))


def test_another_picture_is_not_sent_by_itself(mockocr: Account, client: KycClient) -> None:
    blurred = mockocr.respond(error=BLUR)
    with pytest.raises(RetakeError):
        client.read_front(mockocr.card())

    blurred.assert_called(times=1)


# The service


def test_a_failure_of_the_service_is_retried(mockocr: Account, client: KycClient) -> None:
    failing = mockocr.respond(error="InternalError", times=2)

    assert client.read_front(mockocr.card(Name="李明")).name == "李明"
    failing.assert_called(times=2)


def test_attempts_end(mockocr: Account, client: KycClient) -> None:
    failing = mockocr.respond(error="InternalError")
    with pytest.raises(UnavailableError):
        client.read_front(mockocr.card())

    failing.assert_called(times=3)


def test_too_many_calls_are_retried(mockocr: Account, client: KycClient) -> None:
    mockocr.respond({"error": "RequestLimitExceeded"}, {"card": "from_picture"})
    assert client.read_front(mockocr.card(Name="李明")).name == "李明"


def test_a_reset_connection_is_retried(mockocr: Account, client: KycClient) -> None:
    mockocr.respond(fault="CONNECTION_RESET_BY_PEER", times=1)
    assert client.read_front(mockocr.card(Name="李明")).name == "李明"


def test_a_broken_body_is_retried(mockocr: Account, client: KycClient) -> None:
    mockocr.respond(fault="BAD_JSON", times=1)
    assert client.read_front(mockocr.card(Name="李明")).name == "李明"


def test_a_gateway_error_is_retried(mockocr: Account, client: KycClient) -> None:
    mockocr.respond(http=503, times=1)
    assert client.read_front(mockocr.card(Name="李明")).name == "李明"


def test_no_answer_is_an_error_after_some_attempts(mockocr: Account) -> None:
    silent = mockocr.respond(fault="TIMEOUT")
    client = KycClient(
        mockocr.secret_id, mockocr.secret_key, url=mockocr.url, attempts=2, pause=0, timeout=0.1
    )
    with pytest.raises(UnavailableError, match="ReadTimeout"):
        client.read_front(mockocr.card())

    silent.assert_called(times=2)


# The account


def test_a_wrong_key_is_not_retried(mockocr: Account) -> None:
    client = KycClient(mockocr.secret_id, "wrong", url=mockocr.url)
    with pytest.raises(KycError, match="SignatureFailure"):
        client.read_front(mockocr.card())

    mockocr.assert_called(times=1)


def test_an_account_in_arrears_is_not_retried(mockocr: Account) -> None:
    poor = mockocr.account(state="arrears")
    client = KycClient(poor.secret_id, poor.secret_key, url=poor.url)
    with pytest.raises(KycError, match="InArrears"):
        client.read_front(mockocr.card())

    poor.assert_called(times=1)


def test_a_clock_that_is_wrong_is_reported(mockocr: Account, client: KycClient) -> None:
    with mockocr.clock.offset("+6m"), pytest.raises(KycError, match="SignatureExpire"):
        client.read_front(mockocr.card())


def test_a_process_may_run_for_hours(
    mockocr: Account, client: KycClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kyc, "now", lambda: time.time() + 7200)
    with mockocr.clock.offset("2h"):
        assert client.read_front(mockocr.card(Name="李明")).name == "李明"


def test_the_default_is_the_real_service(mockocr_intercept: Account) -> None:
    client = KycClient(mockocr_intercept.secret_id, mockocr_intercept.secret_key)

    assert client.read_front(mockocr_intercept.card(Name="李明")).name == "李明"
