"""Code that makes one call, in each language: one description of a call, one generator each."""
