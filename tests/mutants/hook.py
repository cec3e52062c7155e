"""Changes or probes modules of the product on import: no file is written, and no bytecode.

`MUTANT` names the changed site; `MUTANTS_REACH` the folder that records which test reaches what.
"""

from __future__ import annotations

import ast
import builtins
import os
import sys
from collections.abc import Sequence
from functools import cache
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

from tests.mutants import sites

_told: set[int] = set()


def append(path: str | Path, line: str) -> None:
    """Append atomically: a process may be killed at any time, and is not the only one."""
    into = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(into, f"{line}\n".encode())
    os.close(into)


def _tell(hit: int) -> None:
    """Record a hit in a process that a test has started."""
    item = os.environ.get("MUTANTS_ITEM")
    if item and hit not in _told:
        _told.add(hit)
        append(f"{os.environ['MUTANTS_REACH']}/children.tsv", f"{hit}\t{Path(item).read_text('utf-8')}")


class _Loader(SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType:
        module = sites.Module(str(Path(self.path).relative_to(sites.ROOT)))
        if mutant := os.environ.get("MUTANT"):
            module.sites[mutant].change()
        else:
            for name, (body, statement) in module.statements.items():
                probe = ast.Call(ast.Name("__probe__", ast.Load()), [ast.Constant(_numbers()[name])], [])
                body.insert(body.index(statement), ast.copy_location(ast.Expr(probe), statement))
        return compile(ast.fix_missing_locations(module.tree), self.path, "exec", dont_inherit=True)


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] not in sites.FOLDERS:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        wanted = str(sites.ROOT / os.environ.get("MUTANT", "").partition(":")[0])
        if spec is None or spec.origin is None or not spec.origin.startswith(wanted):
            return None
        spec.loader = _Loader(fullname, spec.origin)
        return spec


@cache
def _numbers() -> dict[str, int]:
    names = Path(os.environ["MUTANTS_REACH"], "sites.txt").read_text("utf-8").split()
    return {name: i for i, name in enumerate(names)}


def forget() -> None:
    """Empty the rules' caches, which another test has filled."""
    for rules in [module for name, module in sys.modules.items() if name.startswith("bot.domain")]:
        for clear in [getattr(value, "cache_clear", None) for value in vars(rules).values()]:
            if clear is not None:
                clear()


def install() -> None:
    asked = os.environ.get("MUTANT") or os.environ.get("MUTANTS_REACH")
    if asked and not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        vars(builtins)["__probe__"] = _tell
        os.register_at_fork(after_in_child=_told.clear)
        sys.meta_path.insert(0, _Finder())
