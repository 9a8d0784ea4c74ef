"""Explains why a signature was refused: the real service does not (docs/troubleshooting.md)."""
