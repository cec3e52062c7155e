"""The places where the product's code can be changed, and how.

A change affects a comparison, `and` and `or`, a `not`, a condition that is a name or a call, `+` and `-`, a
number by one, True and False; or removes a `return`, `continue`, `break`, `raise` at the end of an `if`, or a
call whose value is unused. Types, log lines, defaults and `__repr__` are excluded. A mutant's name is path,
function, kind, and its number among that kind in the function, so that it survives moves within the file.
"""

from __future__ import annotations

import ast
import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from operator import setitem
from pathlib import Path

ROOT = Path(os.environ.get("MUTANTS_ROOT") or Path(__file__).parents[2])
FOLDERS = ("bot", "handlers", "storage")
_PAIRS: list[tuple[type[ast.AST], type[ast.AST]]] = [
    *((ast.Lt, ast.LtE), (ast.Gt, ast.GtE), (ast.Eq, ast.NotEq), (ast.In, ast.NotIn), (ast.Is, ast.IsNot)),
    *((ast.And, ast.Or), (ast.Add, ast.Sub)),
]
_SWAPPED = {a: b for pair in _PAIRS for a, b in (pair, pair[::-1])}


@dataclass(frozen=True, slots=True)
class Site:
    name: str
    node: ast.AST = field(repr=False)
    #: Changes the tree.
    change: Callable[[], object] = field(repr=False)

    def shown(self) -> str:
        """Return where it is, and what is changed there in the way that its name ends with."""
        changed = ast.unparse(self.node).replace("\n", " ")[:100]
        return f"{self.name}\n    line {getattr(self.node, 'lineno', 0)}: {changed}"


def of_module(path: str) -> tuple[ast.Module, dict[str, Site]]:
    """Return a module's tree, and by their names the sites in it."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    counts: Counter[str] = Counter()
    found: dict[str, Site] = {}
    for node, where in _walk(tree, ()):
        for how, change in _changes(node):
            kind = f"{path}:{'.'.join(where)}:{how}"
            counts[kind] += 1
            name = f"{kind}:{counts[kind]}"
            found[name] = Site(name, node, change)
    return tree, found


def _walk(
    node: ast.AST, where: tuple[str, ...], within: bool = False
) -> Iterator[tuple[ast.AST, tuple[str, ...]]]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        where, within = (*where, node.name), not isinstance(node, ast.ClassDef)
    elif isinstance(node, ast.Assign | ast.AnnAssign) and not within:
        where = (*where, ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target))
    yield node, where
    for name, value in ast.iter_fields(node):
        if name not in ("annotation", "decorator_list", "format_spec", "returns"):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST) and not _is_left_alone(child):
                    yield from _walk(child, where, within)


def _is_left_alone(node: ast.AST) -> bool:
    match node:
        case ast.arguments() | ast.pattern() | ast.FunctionDef(name="__repr__") | ast.keyword(arg="strict"):
            return True
        case ast.If(test=ast.Name("TYPE_CHECKING")) | ast.Subscript(value=ast.Name("Literal")):
            return True
        case ast.Expr(ast.Call(func) | ast.Await(ast.Call(func))):
            return ast.unparse(func).startswith(("log.", "super()"))
    return False


def _changes(node: ast.AST) -> Iterator[tuple[str, Callable[[], object]]]:
    match node:
        case ast.Compare(ops=ops):
            for i, op in enumerate(ops):
                yield _named(op), partial(setitem, ops, i, _SWAPPED[type(op)]())
        case ast.BinOp(right=ast.Constant(str()) | ast.JoinedStr() | ast.List() | ast.Tuple()):
            return  # not a sum
        case ast.BinOp(op=ast.Add() | ast.Sub()) | ast.BoolOp():
            yield _named(node.op), partial(setattr, node, "op", _SWAPPED[type(node.op)]())
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield "drop-not", partial(setattr, node, "operand", ast.UnaryOp(ast.Not(), operand))
        case ast.Constant(value=bool() as value):
            yield "not", partial(setattr, node, "value", not value)
        case ast.Constant(value=int() as value):
            yield "plus-one", partial(setattr, node, "value", value + 1)
        case ast.If(test=test) | ast.IfExp(test=test):
            if not isinstance(test, ast.Compare | ast.BoolOp | ast.UnaryOp):
                yield "negate", partial(setattr, node, "test", ast.UnaryOp(ast.Not(), test))
            if isinstance(node, ast.If) and not node.orelse:
                last = node.body[-1]
                if isinstance(last, ast.Return | ast.Raise | ast.Continue | ast.Break):
                    yield f"drop-{type(last).__name__.lower()}", partial(setitem, node.body, -1, ast.Pass())
        case ast.Expr(ast.Call() | ast.Await(ast.Call())):
            yield "drop-call", partial(setattr, node, "value", ast.Constant(None))


def _named(op: ast.AST) -> str:
    return f"{type(op).__name__}-{_SWAPPED[type(op)].__name__}".lower()


def picked(of: list[str], seed: int, count: int | None) -> list[Site]:
    """Return the sites in these paths; or `count` of them, by the seed and their names."""
    files = (str(file.relative_to(ROOT)) for folder in FOLDERS for file in (ROOT / folder).rglob("*.py"))
    found = [site for path in files if path.startswith(tuple(of)) for site in of_module(path)[1].values()]
    found.sort(key=lambda site: hashlib.sha256(f"{seed}:{site.name}".encode()).digest())
    return sorted(found[:count], key=lambda site: site.name)
