"""Why a call was refused: what the real service never tells (docs/signing.md)."""
