"""Answers of another server, recorded as a scenario without personal data (docs/recording.md)."""
