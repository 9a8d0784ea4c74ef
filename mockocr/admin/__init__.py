"""The admin API of the server, its health and its metrics."""
