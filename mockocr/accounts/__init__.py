"""Accounts: keys, settings, clocks and quotas, and the identity of a caller."""
