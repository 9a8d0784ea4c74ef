"""The forms of the report, one module for each."""
