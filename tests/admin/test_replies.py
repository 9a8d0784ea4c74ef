from pydantic import Field

from mockocr.admin.replies import Reply, to_dict


class Row(Reply):
    request_id: str = Field(alias="RequestId")


class Rows(Reply):
    rows: list[Row]
    title: str = Field(alias="Title")


def test_a_reply_with_rows_has_the_members_of_its_model_in_their_order() -> None:
    for length in range(3):
        rows = [{"RequestId": str(number)} for number in range(length)]

        shown = to_dict(Rows.model_validate({"Title": "a", "rows": rows}))

        assert shown == {"rows": rows, "Title": "a"}
        assert list(shown) == ["rows", "Title"]
