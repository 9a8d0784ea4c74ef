"""Scenarios: the files, their models, the active ones, and the choice of a call's outcome."""
