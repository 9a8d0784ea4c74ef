"""Outcome coverage: which outcomes of the API a test suite has seen (docs/coverage.md)."""
