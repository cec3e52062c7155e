"""On PYTHONPATH, so that every Python process started by a test has the hook too."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))
from tests.mutants import hook

del sys.path[0]
hook.install()
