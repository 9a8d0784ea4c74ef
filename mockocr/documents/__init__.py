"""YAML and JSON that people write, with the location of each value for error messages."""
