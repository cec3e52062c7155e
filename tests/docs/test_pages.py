"""The documents name paths, functions, make targets and headings; each of them exists."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from itertools import chain
from pathlib import Path

from tests.every import every

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    page.relative_to(ROOT).as_posix() for page in chain(ROOT.glob("*.md"), (ROOT / "docs").rglob("*.md"))
)
FLOORS = ("bot", "handlers", "storage", "sandbox", "tests", "bench", "docs")

_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\(([^)\s]+)\)")
_PICTURE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(rf"(?:{'|'.join(FLOORS)}|\.ci)/[\w./<>{{}},*-]*")
_COMMANDS = re.compile(r"^```sh\n(.*?)^```$", re.S | re.M)
_NAME = re.compile(r"`((?!\w+\.py`)\w+(?:\.\w+)*)(?:\(\))?`")


def text_of(page: str) -> str:
    """The page without the blocks that are not prose."""
    return re.sub(r"^```.*?^```$", "", (ROOT / page).read_text("utf-8"), flags=re.S | re.M)


@lru_cache
def names_in(module: Path) -> frozenset[str]:
    """The names of a module: `name` at its top, `Class.member` for what a class defines or assigns."""
    names: set[str] = set()
    for node in ast.parse(module.read_text("utf-8")).body:
        for name in _defined(node):
            names.add(name)
            if isinstance(node, ast.ClassDef):
                names.update(f"{name}.{member}" for inner in ast.walk(node) for member in _defined(inner))
    return frozenset(names)


def _defined(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else []
    targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
    return [
        found.id if isinstance(found, ast.Name) else found.attr
        for target in targets
        for found in ast.walk(target)
        if isinstance(found, ast.Name | ast.Attribute)
    ]


def spelled_out(pattern: str) -> list[str]:
    """The paths that `a/{b,c}` stands for, as globs; `<subject>` stands for any name."""
    braces = re.search(r"\{([^{}]*)\}", pattern)
    if braces is None:
        return [re.sub(r"<\w+>", "*", pattern)]
    before, after = pattern[: braces.start()], pattern[braces.end() :]
    return [path for choice in braces[1].split(",") for path in spelled_out(before + choice + after)]


def anchors_of(page: Path) -> set[str]:
    """The headings of a page as GitHub links to them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@every("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    text = text_of(page)
    targets = [target for _, target in _LINK.findall(text)] + _PICTURE.findall(text)
    lost = []
    for target in targets:
        if re.match(r"\w+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (ROOT / page).parent / path if path else ROOT / page
        if not file.exists() or (anchor and anchor not in anchors_of(file)):
            lost.append(target)
    assert not lost


@every("page", PAGES)
def test_every_name_that_links_to_a_module_is_defined_there(page: str) -> None:
    lost = [
        f"{target}: {name}"
        for shown, target in _LINK.findall(text_of(page))
        if target.endswith(".py") and (module := (ROOT / page).parent / target).is_file()
        for name in _NAME.findall(shown)
        if name not in names_in(module)
    ]
    assert not lost


@every("page", PAGES)
def test_every_path_exists(page: str) -> None:
    whole = (ROOT / page).read_text("utf-8")
    typed = [word for block in _COMMANDS.findall(whole) for word in re.split(r"[\s=]+", block)]
    named = [code for code in _CODE.findall(text_of(page)) + typed if _PATH.fullmatch(code)]
    lost = [code for code in named if not all(any(ROOT.glob(p.rstrip("/"))) for p in spelled_out(code))]
    assert not lost


@every("page", PAGES)
def test_every_target_of_make_exists(page: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    whole = (ROOT / page).read_text("utf-8")
    named = set(re.findall(r"(?:^|[`\s])make ([a-z]+)(?=[`\s]|$)", "\n".join(code_of(whole)), re.M))
    assert named <= targets


def code_of(text: str) -> list[str]:
    """Blocks of commands and what stands between backticks."""
    return _COMMANDS.findall(text) + _CODE.findall(text)


def test_every_decision_is_in_the_index_once() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text("utf-8")
    listed = [target for _, target in _LINK.findall(index)]
    assert sorted(listed) == sorted(p.name for p in folder.glob("0*.md"))
    for file in folder.glob("0*.md"):
        title = file.read_text("utf-8").partition("\n")[0]
        number, _, said = title.removeprefix("# ").partition(". ")
        assert file.name.startswith(f"{int(number):04d}-")
        assert f"[{said}]({file.name})" in index


def cited_in_code(pattern: str) -> list[tuple[str, str, str]]:
    """Module, page and what is cited of it, by a pattern that has groups for the latter two."""
    modules = [module for floor in FLOORS[:-1] for module in sorted((ROOT / floor).rglob("*.py"))]
    prose = {m: re.sub(r"\s*\n[\s#:]*", " ", m.read_text("utf-8")) for m in modules}
    return [(str(m.relative_to(ROOT)), *found) for m in modules for found in re.findall(pattern, prose[m])]


def test_every_rule_and_heading_that_code_cites_is_there() -> None:
    pages = {p.name: p.read_text("utf-8") for p in (ROOT / "docs").glob("*.md")}
    rules = [
        (module, page, rf"^{number}\. ")
        for module, page, numbers in cited_in_code(r"docs/([\w-]+\.md) (\d+(?:(?:, |-| and )\d+)*)")
        for number in re.findall(r"\d+", numbers)
    ]
    headings = [
        (module, page, rf"^#+ (?:\d+\. )?{re.escape(heading)}$")
        for module, page, heading in cited_in_code(r"docs/([\w-]+\.md), «([^»]+)»")
    ]
    lost = [c for c in rules + headings if not re.search(c[2], pages.get(c[1], ""), re.M)]
    assert rules
    assert headings
    assert not lost
