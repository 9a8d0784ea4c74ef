"""What the OCR actions mean: one folder an action, the same file names in each."""
