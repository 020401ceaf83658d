"""The package as it ships: the repository's version, types, and nothing it depends on."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from email.parser import HeaderParser
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1]
VERSION_FILE = PACKAGE.parents[1] / "VERSION"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package in a place where building may leave things behind, under a VERSION file of its own."""
    root = tmp_path_factory.mktemp("repository")
    (root / "VERSION").write_text("9.8.7\n", encoding="utf-8")
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info", "build", ".*")
    return Path(shutil.copytree(PACKAGE, root / "lambda-kit" / "adapter-python", ignore=ignored))


def build(source: Path, target: Path) -> Path:
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-cache-dir"]
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(target)]
    subprocess.run([*pip, "wheel", *options, str(source)], check=True)
    [wheel] = target.glob("*.whl")
    return wheel


def test_a_wheel_has_the_version_of_the_repository_and_types(copy: Path, tmp_path: Path) -> None:
    wheel = build(copy, tmp_path)
    assert wheel.name == "lpr_lambda_adapter-9.8.7-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = archive.read("lpr_lambda_adapter-9.8.7.dist-info/METADATA").decode()
    assert "lpr_lambda_adapter/py.typed" in names
    assert all(name.split("/")[0] in ("lpr_lambda_adapter", "lpr_lambda_adapter-9.8.7.dist-info") for name in names)
    headers = HeaderParser().parsestr(metadata)
    assert (headers["Requires-Dist"], headers["Requires-Python"]) == (None, ">=3.10")


def test_a_source_distribution_keeps_its_version_without_the_repository(copy: Path, tmp_path: Path) -> None:
    code = "import sys; from setuptools.build_meta import build_sdist; build_sdist(sys.argv[1])"
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=copy, check=True, stdout=subprocess.DEVNULL)
    [archive] = tmp_path.glob("*.tar.gz")
    assert build(archive, tmp_path / "wheels").name == "lpr_lambda_adapter-9.8.7-py3-none-any.whl"


def test_the_repository_has_a_version_to_take() -> None:
    assert VERSION_FILE.read_text(encoding="utf-8").strip().count(".") == 2
