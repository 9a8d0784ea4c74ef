"""Values of the API page."""

DOCUMENTED_CODES = {
    "invalid_date": -9100,
    "border": -9101,
    "copy": -9102,
    "reshoot": -9103,
    "temporary_id": -9104,
    "occlusion": -9105,
    "tampered": -9106,
    "reflection": -9107,
}
"""API page §3, under WarnInfos."""
