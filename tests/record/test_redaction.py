"""What a recording writes of messages and URLs."""

from pathlib import Path

import pytest

from mockocr.actions.recording import Placeholders
from mockocr.record.messages import recordable_message
from mockocr.record.recorder import Recorder
from mockocr.record.recording_file import RecordingFile
from mockocr.record.urls import url_condition
from mockocr.settings import API_PAGE
from tests.actions.toy import ECHO_OCR
from tests.record.recording_servers import a_forwarded_call

NUMBER = "110107199003077512"


def message(text: str, placeholders: Placeholders | None = None) -> str:
    return recordable_message(text, a_forwarded_call(), placeholders or Placeholders(b"x"))


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("图片模糊。", "图片模糊。"),
        ("The image is blurry.", "The image is blurry."),
        ("李明的图片模糊", "…图片模糊"),
        ("张三", "…"),
        ("The image of Zhang San is blurry", "The image of … … is blurry"),
        ("limit 20 of 13912345678", "limit 00 of 00000000000"),
        ("١٢٣ ひらがな Ж", "… … …"),
        ("image\n\x1b[31m", "image  […"),
        ("a" * 1000, "…"),
        ("", ""),
    ],
)
def test_a_message_keeps_documented_words_only(sent: str, kept: str) -> None:
    assert message(sent) == kept


def test_known_personal_data_in_a_message_becomes_its_placeholder() -> None:
    placeholders = Placeholders(b"x")
    placeholders.of("李明", lambda: "王芳")
    placeholders.of("李明明", lambda: "王芳芳")
    first, second = (message(f"李明明、李明：{NUMBER}", placeholders) for _ in range(2))

    assert first == second
    assert first.startswith("王芳芳、王芳：")
    assert NUMBER not in first
    assert len(first.partition("：")[2]) == 18


def test_text_that_is_no_number_is_no_placeholder() -> None:
    assert message("999999999999999999") == "0" * 18


@pytest.mark.parametrize(
    ("url", "condition"),
    [
        ("https://xx/a.jpg", "https://xx/a.jpg"),
        ("https://xx", "https://xx"),
        ("https://xx/a.jpg?sign=geheim", {"glob": "https://xx/a.jpg?*"}),
        ("https://xx/a.jpg#geheim", {"glob": "https://xx/a.jpg?*"}),
        ("https://me:geheim@xx/a.jpg", {"glob": "https://*@xx/a.jpg"}),
        (f"https://xx/{NUMBER}/front.jpg", {"glob": "https://xx/*/front.jpg"}),
        ("https://xx/李明.jpg", {"glob": "https://xx/*.jpg"}),
        ("https://xx/%E6%9D%8E.jpg", {"glob": "https://xx/*.jpg"}),
        ("https://xx/a@b.example/c", {"glob": "https://xx/*/c"}),
        ("https://xx/13912345678", {"glob": "https://xx/*"}),
        ("https://xx/2026/11/30/a-1.jpg", "https://xx/2026/11/30/a-1.jpg"),
        (
            "https://xx/123e4567-e89b-12d3-a456-426614174000.jpg",
            "https://xx/123e4567-e89b-12d3-a456-426614174000.jpg",
        ),
        ("https://xx/" + "0a1b2c3d" * 8, "https://xx/" + "0a1b2c3d" * 8),
        ("https://xx/" + "01234567" * 8, {"glob": "https://xx/*"}),
        ("HTTPS://[::1]:8443/a", "HTTPS://[::1]:8443/a"),
        ("ftp://xx/a", None),
        ("https://x\\y/a", None),
        ("https://xx/" + "a" * 1000, None),
    ],
)
def test_a_url_is_written_without_what_may_be_personal(url: str, condition: object) -> None:
    assert url_condition(url) == condition


def test_an_action_without_a_recording_is_reported(
    tmp_path: Path, bugs: list[object], caplog: pytest.LogCaptureFixture
) -> None:
    file = RecordingFile(tmp_path / "a.yaml", API_PAGE, keep=True)
    recorder = Recorder(file, "host", Placeholders())
    call = a_forwarded_call(ECHO_OCR)
    recorder.record(call, {"Echo": "hallo"}, recordable_message("x", call, Placeholders()))

    assert (recorder.calls, recorder.not_recorded) == (0, 1)
    assert "calls of EchoOCR cannot be recorded" in caplog.text
    bugs.clear()


def test_a_bug_in_the_recording_does_not_reach_the_client(
    tmp_path: Path, bugs: list[object], caplog: pytest.LogCaptureFixture
) -> None:
    file = RecordingFile(tmp_path / "a.yaml", API_PAGE, keep=True)
    recorder = Recorder(file, "host", Placeholders())
    # Members are always a mapping.
    recorder.record(a_forwarded_call(), ["geheim"], "")  # type: ignore[arg-type]

    assert recorder.not_recorded == 1
    assert "bug in mockocr: a call is not recorded: AttributeError" in caplog.text
    assert "geheim" not in caplog.text
    bugs.clear()
