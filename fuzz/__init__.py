"""Hostile input, made without end: `python -m fuzz`. What is found is kept and can be replayed."""
