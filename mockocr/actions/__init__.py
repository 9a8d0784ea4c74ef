"""The OCR actions: one folder for each, with the same file names."""
