"""The bytes behind an ImageUrl: a file of a folder, or a download that a policy covers. Nothing
else is ever sent out."""
