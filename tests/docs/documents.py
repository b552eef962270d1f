"""The documents as text: their code, their links, the commands in them."""

import json
import re
import subprocess
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
GUIDE = ROOT / "docs" / "guide"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# The shell reads the words; what curl would send is sent from here, because a bare machine need not have it.
WORDS_OF_CURL = "curl() { printf '%s\\0' \"$@\"; }\n"


def documents() -> list[Path]:
    """Every page that people read."""
    return [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/**/*.md"))]


def blocks(language: str, page: Path = README) -> list[str]:
    """The code blocks of a page in a language."""
    return [code for found, code in BLOCK.findall(page.read_text()) if found == language]


def answer(command: str, environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What a `curl` command line is answered."""
    shell = subprocess.run(["/bin/sh", "-c", WORDS_OF_CURL + command], env=environ, capture_output=True, check=True)
    words = shell.stdout.decode().split("\0")[:-1]
    values = {flag: [words[at + 1] for at, word in enumerate(words) if word == flag] for flag in ("-H", "-d", "-X")}
    address = next(word for word in words if word.startswith("http://"))
    headers = dict(header.split(": ", 1) for header in values["-H"])
    body = values["-d"][0].encode() if values["-d"] else None
    method = values["-X"][0] if values["-X"] else None
    question = urllib.request.Request(address, data=body, headers=headers, method=method)
    with urllib.request.urlopen(question) as response:
        found = json.load(response)
    assert isinstance(found, dict)
    return found
