"""Tencent Cloud API 3.0, the same for every action. No I/O, no clock, no key store."""
