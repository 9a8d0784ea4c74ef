"""Resident identity cards, and the generated people who hold them."""
