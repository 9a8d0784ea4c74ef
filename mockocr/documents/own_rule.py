"""How our own rules are told from pydantic's; apart from yaml, which no model needs."""

OWN_RULE = "mockocr."
"""The type of a PydanticCustomError begins with this where its message says it all."""
