"""The same client in unittest: `python -m unittest`, and pytest runs it too."""

import unittest

from kyc import KycClient, RetakeError

import mockocr


class KycTest(unittest.TestCase):
    def setUp(self) -> None:
        self.ocr = self.enterContext(mockocr.MockOCR(strict=True))
        self.client = KycClient(self.ocr.secret_id, self.ocr.secret_key, url=self.ocr.url)

    def test_a_front_is_read(self) -> None:
        front = self.client.read_front(self.ocr.card(Name="李明"))

        self.assertEqual(front.name, "李明")
        self.ocr.assert_called(times=1, CardSide="FRONT")

    def test_a_blurred_picture_has_to_be_taken_again(self) -> None:
        self.ocr.respond(error="FailedOperation.ImageBlur")

        with self.assertRaises(RetakeError):
            self.client.read_front(self.ocr.card())
