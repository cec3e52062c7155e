"""The pages' pictures are taken: all of them, and no others."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.page.conftest import CHROMIUM, untested
from tests.page.pictures import FOLDER


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_it_takes_what_the_pages_show(tmp_path: Path) -> None:
    taking = [sys.executable, "-m", "tests.page.pictures", str(tmp_path)]
    subprocess.run(taking, check=True, env=untested(), timeout=600)
    assert {picture.name for picture in tmp_path.iterdir()} == {picture.name for picture in FOLDER.iterdir()}
