"""`python -m mockocr`, the same as `mockocr`."""

from mockocr.cli.main import main

if __name__ == "__main__":
    main()
