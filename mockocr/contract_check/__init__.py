"""The contract check: calls whose answers are known, made to any server, and how these differ."""
