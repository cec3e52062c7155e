"""Changes a module of the product on import, at the site that `MUTANT` names; no file is written."""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

from tests.mutants import sites


class _Loader(SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType:
        tree, found = sites.of_module(str(Path(self.path).relative_to(sites.ROOT)))
        found[os.environ["MUTANT"]].change()
        return compile(ast.fix_missing_locations(tree), self.path, "exec", dont_inherit=True)


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] not in sites.FOLDERS:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.origin != str(sites.ROOT / os.environ["MUTANT"].partition(":")[0]):
            return None
        spec.loader = _Loader(fullname, spec.origin)
        return spec


def install() -> None:
    if os.environ.get("MUTANT"):
        sys.meta_path.insert(0, _Finder())
