"""Why a call was refused: what the real service never tells (`product.md` §8)."""
