"""How fast mockocr is: ratios against two servers that do less. Bounds are asserted here only."""
