"""The speed of mockocr, as ratios to two servers that do less. Only bench/ asserts bounds on
time."""
