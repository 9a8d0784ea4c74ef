"""IDCardOCR, 2018-11-19. "The API page" is that of docs/fidelity.md#api-page."""
