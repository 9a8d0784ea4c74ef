"""Generates hostile input: `python -m fuzz`. Input that shows a bug is stored and can be
replayed."""
