"""The numbers in the package's public signatures: parameters, fields and results, with the names they go by.

A signature is a number when its annotation is, or holds, int, float, Decimal or a numeric array:
`float | None`, `list[float]`, `dict[str, NDArray[np.float64]]`, and any alias of those in the package. Classes
of the package and `NewType`s are not numbers: they say by themselves what they mean. Nor are tuples that mix
numbers with other things: one name cannot say what each part is; they are for results that are unpacked at once.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

NUMBERS = {"int", "float", "complex", "Decimal", "Fraction", "ndarray", "NDArray", "ArrayLike"}
NUMPY_NUMBERS = ("int", "uint", "float", "floating", "integer", "number")
MAPPINGS = {"dict", "Mapping", "MutableMapping", "defaultdict", "OrderedDict", "Callable", "Generator"}
NO_NUMBERS = {"Literal", "type", "TypeVar"}

Kind = Literal["parameter", "field", "result"]
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Number:
    """A number in a public signature.

    `key` is `module:function.parameter`, `module:Class.field` or, for a result, `module:function()`.
    """

    key: str
    name: str
    kind: Kind
    line: int


class Package:
    """The modules of a package, with the aliases of types that they define."""

    def __init__(self, modules: dict[str, ast.Module]) -> None:
        self._modules = modules
        self._aliases = {name: dict(_aliases(tree)) for name, tree in modules.items()}
        self._imports = {name: dict(_imports(tree)) for name, tree in modules.items()}

    def numbers(self) -> Iterator[Number]:
        """Every number in the public signatures of the package."""
        for module, tree in self._modules.items():
            yield from self._numbers_of_body(tree.body, module, "")

    def _numbers_of_body(self, body: list[ast.stmt], module: str, owner: str) -> Iterator[Number]:
        for node in body:
            if isinstance(node, Function) and _is_called(node.name):
                yield from self._numbers_of_function(node, module, owner)
            elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                yield from self._numbers_of_body(node.body, module, f"{owner}{node.name}.")
            elif owner and isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                name = node.target.id
                if not name.startswith("_") and self.is_number(node.annotation, module):
                    yield Number(f"{module}:{owner}{name}", name, "field", node.lineno)

    def _numbers_of_function(self, function: Function, module: str, owner: str) -> Iterator[Number]:
        arguments = function.args
        named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        starred = [argument for argument in (arguments.vararg, arguments.kwarg) if argument]
        for argument in [*named, *starred]:
            public = not argument.arg.startswith("_")
            if public and argument.annotation and self.is_number(argument.annotation, module):
                key = f"{module}:{owner}{function.name}.{argument.arg}"
                yield Number(key, argument.arg, "parameter", argument.lineno)
        if function.returns and self.is_number(function.returns, module):
            yield Number(f"{module}:{owner}{function.name}()", function.name, "result", function.lineno)

    def is_number(self, annotation: ast.expr, module: str) -> bool:
        """Whether a value of this annotation is a number or holds numbers."""
        if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
            return self.is_number(ast.parse(annotation.value, mode="eval").body, module)
        if isinstance(annotation, ast.BinOp):
            return self.is_number(annotation.left, module) or self.is_number(annotation.right, module)
        if isinstance(annotation, ast.Subscript):
            return self._is_subscript_number(annotation, module)
        if isinstance(annotation, ast.Attribute):
            return annotation.attr in NUMBERS or _is_numpy_number(annotation)
        if isinstance(annotation, ast.Name):
            return annotation.id in NUMBERS or self._is_alias_number(annotation.id, module)
        return False

    def _is_subscript_number(self, annotation: ast.Subscript, module: str) -> bool:
        outer = _last_name(annotation.value)
        inner = annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else [annotation.slice]
        if outer in NO_NUMBERS:
            return False
        if outer in {"NDArray", "ndarray"}:  # an array of booleans is a mask
            return "bool" not in ast.unparse(annotation.slice)
        if outer == "Annotated":
            return self.is_number(inner[0], module)
        if outer in MAPPINGS:
            return self.is_number(inner[-1], module)
        are_numbers = [self.is_number(part, module) for part in inner if ast.unparse(part) != "..."]
        return all(are_numbers) if outer == "tuple" else any(are_numbers)

    def _is_alias_number(self, name: str, module: str) -> bool:
        if name in self._aliases.get(module, {}):
            alias = self._aliases[module][name]
            return ast.unparse(alias) != name and self.is_number(alias, module)
        if name in self._imports.get(module, {}):
            origin, original = self._imports[module][name]
            return origin in self._modules and origin != module and self._is_alias_number(original, origin)
        return False


def _aliases(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in tree.body:
        if isinstance(node, ast.Assign):
            target = node.targets[0]
        elif isinstance(node, ast.AnnAssign) and _last_name(node.annotation) == "TypeAlias":
            target = node.target
        else:
            continue
        may_be_type = isinstance(node.value, ast.Name | ast.Subscript | ast.BinOp | ast.Attribute)
        if isinstance(target, ast.Name) and node.value and may_be_type:
            yield target.id, node.value


def _imports(tree: ast.Module) -> Iterator[tuple[str, tuple[str, str]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for name in node.names:
                yield name.asname or name.name, (node.module, name.name)


def _is_called(name: str) -> bool:
    return not name.startswith("_") or name in {"__init__", "__call__"}


def _last_name(node: ast.expr) -> str:
    return ast.unparse(node).split("[")[0].split(".")[-1]


def _is_numpy_number(annotation: ast.Attribute) -> bool:
    in_numpy = isinstance(annotation.value, ast.Name) and annotation.value.id in {"np", "numpy"}
    return in_numpy and annotation.attr.rstrip("0123456789_p") in NUMPY_NUMBERS
