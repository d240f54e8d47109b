"""What can be made wrong in a module: comparisons, conditions, constants, returns, calls, members of a rulebook."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq, ast.LtE, ast.GtE),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.BitOr: ast.BitAnd}

SETS = ("quiet_after",)  # what is given by these names has an order that says nothing
NOTHING = "(nothing)"
LONGEST = 110  # letters of a text that are shown


@dataclass(frozen=True)
class Mutation:
    """One thing made wrong: in which function, how it read and reads, and the lines that a test has to reach to notice.

    `nth` tells it from those of the function that read the same.

    `at_import`: it takes effect when the module is imported, as what stands outside functions does; without lines no
    test tells. `made_by` is what makes the value that it changes then, if that is one call. `key` stays the same while
    the function does.
    """

    function: str
    before: str
    after: str
    nth: int
    line: int
    lines: tuple[int, ...]
    at_import: bool
    made_by: str
    key: str

    @property
    def told(self) -> str:
        """In a line."""
        return f"{self.function}, line {self.line}: {self.before}  →  {self.after}"


@dataclass(frozen=True)
class _Site:
    node: ast.AST
    replace: Callable[[], None]
    after: str
    function: str
    lines: tuple[int, ...]
    at_import: bool
    made_by: str


def mutations(source: str) -> list[Mutation]:
    """Everything that can be made wrong, in the order of the source."""
    found: list[Mutation] = []
    seen: dict[tuple[str, str, str], int] = {}
    for it in _sites(ast.parse(source)):
        before = ast.unparse(it.node)
        same = (it.function, before, it.after)
        seen[same] = seen.get(same, 0) + 1
        digest = hashlib.sha256(f"{same} {seen[same]} {_text(source, it.function)}".encode()).hexdigest()
        line: int = getattr(it.node, "lineno", 0)
        texts = _short(*_difference(it.node, before, it.after))
        found.append(Mutation(it.function, *texts, seen[same], line, it.lines, it.at_import, it.made_by, digest[:16]))
    return found


def mutated(source: str, number: int) -> ast.Module:
    """The module with the mutation of that number made."""
    tree = ast.parse(source)
    list(_sites(tree))[number].replace()
    return ast.fix_missing_locations(tree)


def _difference(node: ast.AST, before: str, after: str) -> tuple[str, str]:
    """How both read; of the rules of a rulebook only those that differ."""
    if not isinstance(node, ast.Tuple):
        return before, after
    one, other = before.strip("()").split(", "), after.strip("(,)").split(", ")
    first = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(other))
    until = first + len(one) - len(other) + 1 if len(one) > len(other) else first + 2
    return ", ".join(one[first:until]), ", ".join(other[first : until - len(one) + len(other)]) or NOTHING


def _short(before: str, after: str) -> tuple[str, str]:
    """Each within a line, from a little before they differ if they are long."""
    texts = [" ".join(it.split()) for it in (before, after)]
    first = next((place for place, (a, b) in enumerate(zip(*texts, strict=False)) if a != b), 0)
    start = 0 if max(map(len, texts)) <= LONGEST else max(0, first - LONGEST // 3)
    cut = [("…" if start else "") + it[start:] for it in texts]
    one, other = (it if len(it) <= LONGEST else f"{it[: LONGEST - 1]}…" for it in cut)
    return one, other


def _text(source: str, function: str) -> str:
    return _texts(source).get(function.rpartition(".")[2], source)


@lru_cache
def _texts(source: str) -> dict[str, str]:
    """The functions and classes of a module, each as it reads, by name; of several the first."""
    nodes = [it for it in ast.walk(ast.parse(source)) if isinstance(it, ast.FunctionDef | ast.ClassDef)]
    return {it.name: ast.unparse(it) for it in reversed(nodes)}


def _sites(tree: ast.Module) -> Iterator[_Site]:
    yield from _in(tree, "module", (), "", at_import=True)


def _in(node: ast.AST, function: str, lines: tuple[int, ...], made_by: str, *, at_import: bool) -> Iterator[_Site]:
    """Those below a node, which is in that function and is reached at those lines."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "args") and not isinstance(node, ast.Call):
            continue  # types; and defaults of parameters, which are few
        if name == "keywords" and isinstance(node, ast.ClassDef):
            continue  # that a record is frozen
        children = value if isinstance(value, list) else [value]
        for place, child in enumerate(children):
            if not isinstance(child, ast.AST) or _is_docstring(node, name, place, child) or _is_for_types(child):
                continue
            own, reached, maker = function, lines, made_by
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                own = child.name if function == "module" else f"{function}.{child.name}"
            elif isinstance(child, ast.Assign | ast.AnnAssign) and function == "module":
                own = ast.unparse(child.targets[0] if isinstance(child, ast.Assign) else child.target)
                maker = _maker(child.value)
            elif isinstance(node, ast.FunctionDef) and name == "decorator_list" and function == node.name:
                maker = _maker(child)
            if isinstance(node, ast.FunctionDef) and name == "body":
                reached = _span(child)
            elif isinstance(node, ast.FunctionDef) and name == "decorator_list":
                reached = _span(*node.body)
            elif isinstance(child, ast.stmt) and lines:
                reached = _span(child)
            imported = at_import and not (isinstance(node, ast.FunctionDef) and name == "body")
            put = _putter(node, name, place if isinstance(value, list) else None)
            for replacement in _replacements(child, at_import=imported):
                if isinstance(node, ast.keyword) and node.arg in SETS and _has_as_many(child, replacement):
                    continue
                after = "" if isinstance(replacement, ast.Pass) else ast.unparse(replacement)
                yield _Site(child, partial(put, replacement), after or NOTHING, own, reached, imported, maker)
            yield from _in(child, own, reached, maker, at_import=imported)


def _maker(value: ast.AST | None) -> str:
    return ast.unparse(value.func) if isinstance(value, ast.Call) else ""


def _span(*nodes: ast.AST) -> tuple[int, ...]:
    first = min(getattr(it, "lineno", 0) for it in nodes)
    last = max(getattr(it, "end_lineno", None) or 0 for it in nodes)
    return tuple(range(first, last + 1))


def _putter(node: ast.AST, name: str, place: int | None) -> Callable[[ast.AST], None]:
    def put(it: ast.AST) -> None:
        if place is None:
            setattr(node, name, it)
        else:
            getattr(node, name)[place] = it

    return put


def _is_docstring(node: ast.AST, name: str, place: int, child: ast.AST) -> bool:
    first = name == "body" and place == 0 and isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module)
    return first and isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)


def _is_for_types(child: ast.AST) -> bool:
    """Whether it is for the type checker: the name of a type, or what the rules have seen to."""
    match child:
        case ast.Assign(value=ast.Subscript() | ast.BinOp(op=ast.BitOr(), right=ast.Name() | ast.Constant())):
            return True
        case ast.If(body=[ast.Raise(exc=ast.Call(func=ast.Name(id="AssertionError")))]) | ast.Assert():
            return True
    return False


def _replacements(node: ast.AST, *, at_import: bool) -> Iterator[ast.AST]:
    match node:
        case ast.Compare():
            for place, operator in enumerate(node.ops):
                for other in COMPARISONS[type(operator)]:
                    operators = [other() if n == place else it for n, it in enumerate(node.ops)]
                    yield ast.Compare(node.left, operators, node.comparators)
        case ast.BoolOp():
            yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
            for place in range(len(node.values)):
                rest = node.values[:place] + node.values[place + 1 :]
                yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
        case ast.UnaryOp(op=ast.Not()):
            yield node.operand
        case ast.BinOp() if type(node.op) in ARITHMETIC and not _is_text(node):
            yield ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right)
        case ast.Constant(value=bool()):
            yield ast.Constant(not node.value)
        case ast.Constant(value=int()):
            yield ast.Constant(node.value + 1)
        case ast.IfExp():
            yield from (node.body, node.orelse)
        case ast.If() if ast.unparse(node.test) != "TYPE_CHECKING":
            yield from (ast.If(ast.Constant(it), node.body, node.orelse) for it in (True, False))
        case ast.Return(value=ast.expr()) if not isinstance(node.value, ast.Constant):
            yield ast.Return(ast.Constant(None))
        case ast.Expr(value=ast.Call()) | ast.Raise():
            yield ast.Pass()
        case ast.comprehension(ifs=[_, *_]):
            yield ast.comprehension(node.target, node.iter, [], node.is_async)
        case ast.Tuple(ctx=ast.Load()) if at_import and len(node.elts) > 1:
            # The rules of a rulebook, in their order.
            if all(isinstance(it, ast.Name | ast.Starred) for it in node.elts):
                for place in range(len(node.elts)):
                    yield ast.Tuple(node.elts[:place] + node.elts[place + 1 :], node.ctx)
                for place in range(len(node.elts) - 1):
                    swapped = [*node.elts]
                    swapped[place : place + 2] = reversed(swapped[place : place + 2])
                    yield ast.Tuple(swapped, node.ctx)


def _has_as_many(node: ast.AST, other: ast.AST) -> bool:
    return isinstance(node, ast.Tuple) and isinstance(other, ast.Tuple) and len(node.elts) == len(other.elts)


def _is_text(node: ast.BinOp) -> bool:
    return any(isinstance(it, ast.JoinedStr) or isinstance(getattr(it, "value", None), str) for it in ast.walk(node))
