"""IDCardOCR, 2018-11-19. "The API page" is the vendor's page of spring 2024 (`wire.md` §0)."""
