"""Takes the version from the repository's VERSION file, or, in a source distribution, from its metadata."""

from email.parser import HeaderParser
from pathlib import Path

from setuptools import setup

HERE = Path(__file__).resolve().parent
VERSION = HERE.parent.parent / "VERSION"
METADATA = HERE / "PKG-INFO"


def read_version() -> str:
    """Return the version; fail if it is in neither place, as a wrong one would be worse."""
    if METADATA.exists():
        return HeaderParser().parsestr(METADATA.read_text(encoding="utf-8"))["Version"]
    return VERSION.read_text(encoding="utf-8").strip()


setup(version=read_version())
