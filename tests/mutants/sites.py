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
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from operator import setitem
from pathlib import Path

ROOT = Path(os.environ.get("MUTANTS_ROOT") or Path(__file__).parents[2])
FOLDERS = ("bot", "handlers", "storage")
#: How many are chosen from each stratum; the first matching stratum counts.
STRATA: dict[str, tuple[int, tuple[str, ...]]] = {
    "rules": (80, ("bot/domain/",)),
    "delivery": (40, ("handlers/delivery/", "handlers/slack/", "storage/")),
    "mail": (20, ("handlers/mail/", "bot/calendar/", "bot/mail")),
    "use cases": (60, ("bot/usecases/", "handlers/")),
    "the rest": (0, ("",)),
}
_PAIRS: list[tuple[type[ast.AST], type[ast.AST]]] = [
    *((ast.Lt, ast.LtE), (ast.Gt, ast.GtE), (ast.Eq, ast.NotEq), (ast.In, ast.NotIn), (ast.Is, ast.IsNot)),
    *((ast.And, ast.Or), (ast.Add, ast.Sub)),
]
_SWAPPED = {a: b for pair in _PAIRS for a, b in (pair, pair[::-1])}
#: The statement that contains a site, and its enclosing list.
_Held = tuple[list[ast.stmt], ast.stmt]


@dataclass(frozen=True, slots=True)
class Site:
    name: str
    node: ast.AST = field(repr=False)
    #: Changes the tree.
    change: Callable[[], object] = field(repr=False)
    #: The statement in a function that contains it, by its first site's name; None for import-time code.
    at: str | None

    @property
    def path(self) -> str:
        return self.name.partition(":")[0]

    @property
    def function(self) -> str:
        return self.name.rsplit(":", 2)[0]

    @property
    def stratum(self) -> str:
        return next(name for name, (_, within) in STRATA.items() if self.path.startswith(within))

    def shown(self) -> str:
        """Return the change as text. Call it once: it makes the change to show it."""
        before, _, after = ast.unparse(self.node), self.change(), ast.unparse(self.node)
        change = "  →  ".join(text.replace("\n", " ")[:100] for text in (before, after))
        return f"{self.name}\n    line {getattr(self.node, 'lineno', 0)}: {change}"


class Module:
    """A module's sites, and the statements in functions that contain them."""

    def __init__(self, path: str) -> None:
        self.source = (ROOT / path).read_text("utf-8")
        self.tree = ast.parse(self.source)
        self.sites: dict[str, Site] = {}
        self.statements: dict[str, _Held] = {}
        counts: Counter[str] = Counter()
        first: dict[int, str] = {}
        for node, where, held in _walk(self.tree, (), None):
            for how, change in _changes(node):
                kind = f"{path}:{'.'.join(where)}:{how}"
                counts[kind] += 1
                name = f"{kind}:{counts[kind]}"
                at = first.setdefault(id(held[1]), name) if held else None
                if at and held:
                    self.statements[at] = held
                self.sites[name] = Site(name, node, change, at)


def _walk(
    node: ast.AST, where: tuple[str, ...], held: _Held | None, within: bool = False
) -> Iterator[tuple[ast.AST, tuple[str, ...], _Held | None]]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        where, within = (*where, node.name), not isinstance(node, ast.ClassDef)
    elif isinstance(node, ast.Assign | ast.AnnAssign) and not within:
        where = (*where, ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target))
    yield node, where, held
    for name, value in ast.iter_fields(node):
        if name not in ("annotation", "decorator_list", "format_spec", "returns"):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST) and not _is_left_alone(child):
                    stands = (value, child) if within and isinstance(child, ast.stmt) else held
                    yield from _walk(child, where, stands, within)


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


def modules() -> dict[str, Module]:
    files = (file for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*.py")))
    return {path: Module(path) for file in files if (path := str(file.relative_to(ROOT)))}


def picked(sites: Iterable[Site], seed: int, of: list[str], count: int | None) -> list[Site]:
    """Choose each stratum's number of sites; or all under some paths, or `count` of them.

    Whether a site is chosen depends on its name, and little on the other sites. No function has a second one
    before all have one, and kinds of change take turns.
    """
    turn: Counter[str] = Counter()
    ranked: list[tuple[int, int, Site]] = []
    for site in sorted(sites, key=lambda s: hashlib.sha256(f"{seed}:{s.name}".encode()).digest()):
        if site.path.startswith(tuple(of) or FOLDERS):
            kind = f"{site.stratum}:{site.name.split(':')[2]}"
            turn.update((site.function, kind))
            ranked.append((turn[site.function], turn[kind], site))
    ranked.sort(key=lambda one: one[:2])
    chosen: list[Site] = []
    for *_, site in ranked:
        turn[site.stratum] += 1
        if of or turn[site.stratum] <= STRATA[site.stratum][0]:
            chosen.append(site)
    return sorted(chosen[:count], key=lambda site: (site.stratum, site.name))
