import json
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from faker import Faker
from PIL import Image

from mockocr.actions.idcard.specimens.catalogue import BY_NAME, CATALOGUE
from mockocr.cli.main import main
from mockocr.people.provider import IdCardProvider
from mockocr.specimens.card_data import Kind
from mockocr.specimens.finding import Contents, Finding
from mockocr.specimens.read.reading import read

if TYPE_CHECKING:
    from tests.conftest import Run


def found_in(path: Path) -> Finding:
    found = read(path.read_bytes())
    assert isinstance(found, Finding)
    return found


@pytest.mark.parametrize(
    ("arguments", "contents"),
    [
        ((), Contents.FRONT),
        (("--side", "front"), Contents.FRONT),
        (("--side", "back"), Contents.BACK),
        (("--side", "both"), Contents.FRONT_AND_BACK),
        (("--temporary",), Contents.FRONT),
    ],
)
def test_each_kind_of_card_can_be_drawn(
    run: "Run", tmp_path: Path, arguments: tuple[str, ...], contents: Contents
) -> None:
    assert run("card", "-o", "card.png", *arguments).code == 0

    assert found_in(tmp_path / "card.png").contents is contents


@pytest.mark.parametrize(
    ("name", "format"), [("a.png", "PNG"), ("a.JPG", "JPEG"), ("a.jpeg", "JPEG"), ("a.bmp", "BMP")]
)
def test_the_file_name_sets_the_format(run: "Run", tmp_path: Path, name: str, format: str) -> None:
    assert run("card", "-o", name).code == 0

    with Image.open(BytesIO((tmp_path / name).read_bytes())) as image:
        assert (image.format, image.size) == (format, (1200, 800))


@pytest.mark.parametrize(
    ("arguments", "file"),
    [((), "a.png"), (("--name", "li-ming"), "a.jpg"), (("--side", "back"), "a.png")],
)
def test_a_picture_goes_to_stdout_and_its_description_to_stderr(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsysbinary: pytest.CaptureFixture[bytes],
    arguments: tuple[str, ...],
    file: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    printed = []
    for output in ("-", file):
        with pytest.raises(SystemExit) as ended:
            main(["card", "-o", output, *arguments])
        assert ended.value.code == 0
        printed.append(capsysbinary.readouterr())

    assert printed[0].out == (tmp_path / file).read_bytes()
    assert printed[0].err == printed[1].out.replace(file.encode(), b"-")


def test_given_fields_are_on_the_card_and_the_rest_agrees(run: "Run", tmp_path: Path) -> None:
    number = "440524198701010014"
    done = run("card", "-o", "a.png", "--field", "Name=李明", "--field", f"IdNum={number}")

    (side,) = found_in(tmp_path / "a.png").sides
    assert (side.card_data.name, side.card_data.id_num) == ("李明", number)
    assert (side.card_data.sex, side.card_data.birth) == ("男", "1987/1/1")
    assert done.stdout.startswith("a.png: 李明, 男, ")


def test_a_seed_gives_one_person(run: "Run", tmp_path: Path) -> None:
    for name, seed in (("a.png", "1"), ("b.png", "1"), ("c.png", "2")):
        run("card", "-o", name, "--seed", seed)

    one, again, other = [(tmp_path / name).read_bytes() for name in ("a.png", "b.png", "c.png")]
    assert one == again != other


@pytest.mark.parametrize("locale", ["zh_CN", "en_US"])
@pytest.mark.parametrize("seed", [0, 7, -3])
def test_the_person_of_a_seed_is_the_first_of_a_faker_with_the_seed(
    run: "Run", tmp_path: Path, seed: int, locale: str
) -> None:
    fake: Any = Faker(locale)
    fake.add_provider(IdCardProvider)
    before = datetime.now(UTC).date()
    done = run("card", f"--seed={seed}", "--json")

    people = []
    for today in (before, datetime.now(UTC).date()):
        fake.seed_instance(seed)
        people.append(fake.id_card(today=today))
    assert json.loads(done.stdout)["fields"] in people
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "kinds"),
    [
        (("--side", "back"), ["back"]),
        (("--temporary",), ["temporary"]),
        ((), ["front", "back"]),
    ],
)
def test_json_without_a_file_says_what_would_stand_on_it(
    run: "Run", tmp_path: Path, arguments: tuple[str, ...], kinds: list[str]
) -> None:
    without = json.loads(run("card", "--json", *arguments).stdout)
    side = arguments or ("--side", "both")
    written = json.loads(run("card", "--json", "-o", "a.png", *side).stdout)

    assert without == written | {"file": None}
    assert [card["kind"] for card in without["cards"]] == kinds


def test_json_of_a_ready_made_specimen_needs_no_file(run: "Run", tmp_path: Path) -> None:
    result = json.loads(run("card", "--name", "li-ming", "--json").stdout)

    assert result == BY_NAME["li-ming"].to_dict()
    assert list(tmp_path.iterdir()) == []


def test_the_flag_size_sets_the_size_of_the_picture(run: "Run", tmp_path: Path) -> None:
    assert run("card", "-o", "a.png", "--size", "900x700").code == 0

    found = found_in(tmp_path / "a.png")
    assert (found.width, found.height, found.contents) == (900, 700, Contents.FRONT)


def test_json_has_the_fields_and_their_positions(run: "Run", tmp_path: Path) -> None:
    done = run("card", "-o", "a.png", "--side", "both", "--field", "Name=李明", "--json")

    result = json.loads(done.stdout)
    assert (result["file"], result["size"], result["fields"]["Name"]) == (
        "a.png",
        [1200, 1600],
        "李明",
    )
    assert [card["kind"] for card in result["cards"]] == ["front", "back"]
    found = found_in(tmp_path / "a.png")
    for card, kind in zip(result["cards"], (Kind.FRONT, Kind.BACK), strict=True):
        side = found.side(kind)
        assert side is not None
        left, top, right, _ = card["box"]
        corners = [(left, top), (right, top)]
        for (x, y), (there_x, there_y) in zip(corners, side.corners[:2], strict=True):
            assert abs(x - there_x) < 15
            assert abs(y - there_y) < 15
        assert all(left <= box[0] < box[2] <= right for box in card["texts"].values())


def test_defects_above_strength_0_are_recorded_in_the_order_of_their_names(
    run: "Run", tmp_path: Path
) -> None:
    arguments = ("--defect", "blur:.25", "--defect", "border", "--defect", "copy:0")
    done = run("card", "-o", "a.png", "--json", *arguments)

    (side,) = found_in(tmp_path / "a.png").sides
    assert list(side.card_data.defects) == json.loads(done.stdout)["defects"] == ["border", "blur"]


def test_the_last_of_several_flags_for_a_defect_counts(run: "Run", tmp_path: Path) -> None:
    run("card", "-o", "a.png", "--defect", "copy:1", "--defect", "copy:0")

    (side,) = found_in(tmp_path / "a.png").sides
    assert side.card_data.defects == ()


@pytest.mark.parametrize(
    ("side", "kind"), [("front", Kind.TEMPORARY), ("back", Kind.BACK), ("both", Kind.FRONT)]
)
def test_a_temporary_card_is_recorded_and_drawn_if_the_side_exists(
    run: "Run", tmp_path: Path, side: str, kind: Kind
) -> None:
    run("card", "-o", "a.png", "--side", side, "--defect", "temporary_id")

    found = found_in(tmp_path / "a.png")
    assert kind in {one.card_data.kind for one in found.sides}
    assert all(one.card_data.defects == ("temporary_id",) for one in found.sides)


def test_an_invalid_date_is_a_validity_of_seven_years_unless_one_is_given(
    run: "Run", tmp_path: Path
) -> None:
    defect = ("--side", "back", "--defect", "invalid_date")
    run("card", "-o", "a.png", *defect)
    run("card", "-o", "b.png", *defect, "--field", "ValidDate=2010.07.21-2020.07.21")

    (seven,), (message,) = (found_in(tmp_path / name).sides for name in ("a.png", "b.png"))
    first, last = seven.card_data.valid_date.split("-")
    assert int(last[:4]) - int(first[:4]) == 7
    assert message.card_data.valid_date == "2010.07.21-2020.07.21"
    assert seven.card_data.defects == message.card_data.defects == ("invalid_date",)


def test_the_list_has_a_line_for_each_specimen_with_its_outcome(run: "Run") -> None:
    done = run("card", "--list")

    head, *lines = done.stdout.splitlines()
    assert head.split() == ["name", "outcome", "request"]
    assert [line.split()[0] for line in lines] == [entry.name for entry in CATALOGUE]
    (copied,) = [line for line in lines if line.startswith("warning-copy-bw ")]
    assert copied.split()[1:] == ["ok,", "-9102,", "-9108", "CopyWarn", "--contract", "2024-06-19"]
    (side,) = [line for line in lines if line.startswith("error-card-side-error ")]
    assert side.split()[1:] == ["FailedOperation.CardSideError", "CardSide=FRONT"]
    assert max(map(len, lines)) < 130


def test_a_narrow_list_has_the_request_below(run: "Run") -> None:
    lines = run("card", "--list", COLUMNS="80").stdout.splitlines()

    assert max(map(len, lines)) <= 80
    (index,) = (index for index, line in enumerate(lines) if line.startswith("warning-copy-bw "))
    assert lines[index + 1] == "    CopyWarn --contract 2024-06-19"


def test_the_list_as_json_is_the_index_of_the_fixtures(run: "Run") -> None:
    index = Path(__file__).parents[2] / "fixtures" / "cards" / "index.json"

    assert run("card", "--list", "--json").stdout == index.read_text(encoding="utf-8")


@pytest.mark.parametrize("suffix", ["png", "jpg", "bmp"])
def test_a_specimen_of_the_catalogue_is_drawn_by_its_name(
    run: "Run", tmp_path: Path, suffix: str
) -> None:
    done = run("card", "--name", "x-check-digit", "-o", f"a.{suffix}")

    (side,) = found_in(tmp_path / f"a.{suffix}").sides
    assert side.card_data == BY_NAME["x-check-digit"].card_data
    assert done.stdout.startswith(f"a.{suffix}: ok. The number ends in X")


def test_json_has_everything_about_a_specimen_of_the_catalogue(run: "Run", tmp_path: Path) -> None:
    done = run("card", "--name", "error-image-blur", "-o", "a.jpg", "--json")

    assert json.loads(done.stdout) == {**BY_NAME["error-image-blur"].to_dict(), "file": "a.jpg"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("-o", "a.gif"), "expected a .png, .jpg or .bmp file, got 'a.gif'"),
        (("-o", "no/such/a.png"), "cannot write no/such/a.png: No such file or directory"),
        (("-o", "a.png", "--field", "Nme=x"), "did you mean 'Name'?"),
        (("-o", "a.png", "--field", "zzz=x"), "expected one of Name, Sex"),
        (("-o", "a.png", "--field", "Name"), "expected NAME=TEXT, such as Name=李明"),
        (("-o", "a.png", "--field", "Sex=x"), "--field Sex: "),
        (
            ("-o", "a.png", "--field", "Birth=1987年1月1日"),
            "Birth: expected a date such as 1987/1/1, got '1987年1月1日'; write 1987/1/1\n",
        ),
        (("-o", "a.png", "--field", "Birth=soon"), "such as 1987/1/1, got 'soon'\n"),
        (
            ("-o", "a.png", "--side", "back", "--field", "ValidDate=2010.07.21至2020.07.21"),
            "got '2010.07.21至2020.07.21'; write 2010.07.21-2020.07.21\n",
        ),
        (
            ("-o", "a.png", "--side", "front", "--field", "Authority=x"),
            "a front does not show Authority; choose the side back or both",
        ),
        (("-o", "a.png", "--field", f"Name={'长' * 200}"), "at most 120 characters"),
        (("-o", "a.png", "--defect", "occluson"), "did you mean 'occlusion'?"),
        (("-o", "a.png", "--defect", "zzz:1"), "expected one of invalid_date, border"),
        (("-o", "a.png", "--defect", "copy:2"), "expected a strength from 0 to 1"),
        (("-o", "a.png", "--defect", "copy:"), "such as copy:0.5, got 'copy:'"),
        (("-o", "a.png", "--seed", "x"), "--seed: expected a whole number, got 'x'\n"),
        (("-o", "a.png", "--size", "big"), "expected WxH, such as 1200x800, got 'big'"),
        (
            ("-o", "a.png", "--size", "100x100"),
            "leaves 83 pixels for the width of a card; choose a",
        ),
        (
            ("-o", "a.png", "--side", "back", "--temporary"),
            "--temporary cannot be combined with --side",
        ),
        (("-o", "-", "--json"), "-o - cannot be combined with --json"),
        ((), "-o/--output is missing"),
        (("--name", "li-ming"), "-o/--output is missing"),
        (("--name", "li-mng", "-o", "a.png"), "unknown specimen 'li-mng'; did you mean 'li-ming'?"),
        (("--name", "zzz", "-o", "a.png"), "(mockocr card --list)"),
        (
            ("--name", "li-ming", "-o", "a.png", "--seed", "0"),
            "--seed cannot be combined with --name",
        ),
        (
            ("--name", "li-ming", "-o", "a.png", "--side", "back"),
            "--side cannot be combined with --name",
        ),
        (
            ("--name", "li-ming", "-o", "a.png", "--field", "Name=x"),
            "--field cannot be combined with --name",
        ),
        (
            ("--name", "li-ming", "-o", "a.png", "--defect", "copy"),
            "--defect cannot be combined with --name",
        ),
        (
            ("--name", "li-ming", "-o", "a.png", "--size", "900x600"),
            "--size cannot be combined with --name",
        ),
        (
            ("--name", "li-ming", "-o", "a.png", "--temporary"),
            "--temporary cannot be combined with --name",
        ),
        (("--name", "error-too-large-file-error", "-o", "a.png"), "is a BMP"),
        (("--list", "--seed", "1"), "--list can be combined with --json only"),
        (("--list", "--name", "li-ming"), "--list can be combined with --json only"),
        (("--list", "-o", "a.png"), "--list can be combined with --json only"),
    ],
)
def test_a_card_that_cannot_be_drawn_is_refused_with_the_reason(
    run: "Run", tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    done = run("card", *arguments)

    assert done.code == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_field_that_the_api_returns_in_another_form_is_drawn(run: "Run", tmp_path: Path) -> None:
    picture = tmp_path / "a.png"

    done = run("card", "-o", str(picture), "--field", "Nation=汉族")

    assert done.code == 0
    assert found_in(picture).sides
