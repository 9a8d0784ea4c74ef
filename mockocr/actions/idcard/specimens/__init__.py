"""The ready-made specimens of IDCardOCR."""
