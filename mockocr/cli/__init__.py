"""The command `mockocr`."""
