"""Gets the picture at an ImageUrl: a file of a folder, or a download that the policy allows.

The server makes no other outgoing connections, except those of `mockocr record` to its upstream.
"""
