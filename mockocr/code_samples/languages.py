"""The languages, each with its generator."""

from collections.abc import Callable, Mapping

from mockocr.code_samples.cpp import cpp
from mockocr.code_samples.csharp import csharp
from mockocr.code_samples.curl import curl
from mockocr.code_samples.go import go
from mockocr.code_samples.java import java
from mockocr.code_samples.node import node
from mockocr.code_samples.php import php
from mockocr.code_samples.python import pytest, python
from mockocr.code_samples.ruby import ruby
from mockocr.code_samples.sample_call import SampleCall
from mockocr.code_samples.tccli import tccli

LANGUAGES: Mapping[str, Callable[[SampleCall], str]] = {
    "curl": curl,
    "tccli": tccli,
    "python": python,
    "node": node,
    "go": go,
    "java": java,
    "php": php,
    "csharp": csharp,
    "cpp": cpp,
    "ruby": ruby,
    "pytest": pytest,
}
"""Each may raise NotRepeatableError."""

FILES: Mapping[str, str] = {
    "curl": "call.sh",
    "tccli": "call.sh",
    "python": "call.py",
    "node": "call.js",
    "go": "call.go",
    "java": "Call.java",
    "php": "call.php",
    "csharp": "Call.cs",
    "cpp": "call.cpp",
    "ruby": "call.rb",
    "pytest": "test_call.py",
}
"""The usual name of a file, by language."""
