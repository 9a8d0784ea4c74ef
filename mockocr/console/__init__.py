"""The console: a page in the browser that shows and controls a running server."""
