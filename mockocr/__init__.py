"""mockocr: a local test double of Tencent Cloud's IDCardOCR."""
