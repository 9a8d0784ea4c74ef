"""The door: the only package that knows Starlette."""
