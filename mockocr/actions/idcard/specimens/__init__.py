"""The specimens of IDCardOCR: the ready-made ones, and how a new one is drawn."""
