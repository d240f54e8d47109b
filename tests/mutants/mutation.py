"""What can be made wrong in a module: comparisons, conditions, constants, returns, calls, members of a rulebook."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Mutation:
    """One thing made wrong: in which function, how it read and reads, and the lines a test has to reach to notice.

    No lines: it takes effect when the module is imported. `key` stays the same while the function does.
    """

    function: str
    before: str
    after: str
    line: int
    lines: tuple[int, ...]
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


def mutations(source: str) -> list[Mutation]:
    """Everything that can be made wrong, in the order of the source."""
    found: list[Mutation] = []
    seen: dict[tuple[str, str, str], int] = {}
    for it in _sites(ast.parse(source)):
        before = ast.unparse(it.node)
        same = (it.function, before, it.after)
        seen[same] = seen.get(same, 0) + 1
        digest = hashlib.sha256(f"{same} {seen[same]} {_function_text(source, it.function)}".encode()).hexdigest()
        line: int = getattr(it.node, "lineno", 0)
        found.append(Mutation(it.function, _short(before), _short(it.after), line, it.lines, digest[:16]))
    return found


def mutated(source: str, number: int) -> ast.Module:
    """The module with the mutation of that number made."""
    tree = ast.parse(source)
    list(_sites(tree))[number].replace()
    return ast.fix_missing_locations(tree)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 110 else f"{line[:107]}…"


def _function_text(source: str, function: str) -> str:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == function.rpartition(".")[2]:
            return ast.unparse(node)
    return source


def _sites(tree: ast.Module) -> Iterator[_Site]:
    yield from _in(tree, "module", ())


def _in(node: ast.AST, function: str, lines: tuple[int, ...]) -> Iterator[_Site]:
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
            own, reached = function, lines
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                own = child.name if function == "module" else f"{function}.{child.name}"
            if isinstance(node, ast.FunctionDef) and name == "body":
                reached = _span(child)
            elif isinstance(node, ast.FunctionDef) and name == "decorator_list":
                reached = _span(*node.body)
            elif isinstance(child, ast.stmt) and lines:
                reached = _span(child)
            put = _putter(node, name, place if isinstance(value, list) else None)
            for replacement in _replacements(child, function):
                after = "" if isinstance(replacement, ast.Pass) else ast.unparse(replacement)
                yield _Site(child, lambda put=put, it=replacement: put(it), after or "(nothing)", own, reached)
            yield from _in(child, own, reached)


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
    """Whether it tells the type checker what the rules have seen to: a condition under which nobody gets there."""
    match child:
        case ast.If(body=[ast.Raise(exc=ast.Call(func=ast.Name(id="AssertionError")))]) | ast.Assert():
            return True
    return False


def _replacements(node: ast.AST, function: str) -> Iterator[ast.AST]:
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
        case ast.Tuple(ctx=ast.Load()) if function == "module" and len(node.elts) > 1:
            if all(isinstance(it, ast.Name) for it in node.elts):  # the rules of a rulebook, in their order
                for place in range(len(node.elts)):
                    yield ast.Tuple(node.elts[:place] + node.elts[place + 1 :], node.ctx)
                for place in range(len(node.elts) - 1):
                    swapped = [*node.elts]
                    swapped[place : place + 2] = reversed(swapped[place : place + 2])
                    yield ast.Tuple(swapped, node.ctx)


def _is_text(node: ast.BinOp) -> bool:
    return any(isinstance(it, ast.JoinedStr) or isinstance(getattr(it, "value", None), str) for it in ast.walk(node))
