"""Read a YAML file into a model; what is wrong is refused with file, line, field, value and what was expected."""

from collections.abc import Hashable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from mom.errors import BadInput

M = TypeVar("M", bound=BaseModel)
Loc = tuple[int | str, ...]
MOST_SHOWN = 20


class Faults(BadInput):
    """All that is wrong with a file, a line each."""

    def __init__(self, path: Path, faults: list[tuple[int, str]]) -> None:
        shown = [f"{path}:{line}: {text}" for line, text in sorted(faults)[:MOST_SHOWN]]
        more = len(faults) - len(shown)
        super().__init__("\n".join(shown + ([f"… and {more} more"] if more > 0 else [])))
        self.faults = faults


class YamlFile:
    """A parsed file that still knows on which line each value stands."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError as error:
            raise BadInput(f"{path}: there is no such file.", remedy="Check the name.") from error
        except (OSError, UnicodeDecodeError) as error:
            raise BadInput(f"{path}: cannot be read: {error}.") from error
        try:
            self.root = yaml.compose(text, Loader=yaml.SafeLoader)
            self._refuse_repeated_keys()
            self.data: Any = yaml.safe_load(text)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise Faults(path, [(line, f"not valid YAML: {error.problem}")]) from error
        except yaml.YAMLError as error:
            raise Faults(path, [(1, f"not valid YAML: {error}")]) from error

    def line(self, loc: Loc) -> int:
        """The line of the deepest part of `loc` that the file has, counted from 1."""
        node, line = self.root, 1
        for key in loc:
            found = _child(node, key)
            if found is None:
                continue  # the model's own steps (a union's branch) are not in the file
            node, line = found
        return line

    def into(self, model: type[M]) -> M:
        """The file as `model`; every fault at once."""
        if not isinstance(self.data, dict):
            raise Faults(
                self.path, [(1, f"expected keys such as {', '.join(list(model.model_fields)[:4])}; the file has none")]
            )
        try:
            return model.model_validate(self.data)
        except ValidationError as error:
            raise Faults(self.path, self.faults(model, error)) from error

    def faults(self, model: type[BaseModel], error: ValidationError, at: Loc = ()) -> list[tuple[int, str]]:
        """What is wrong with the block at `at`, each with its line."""
        return [(self.line((*at, *e["loc"])), _say(model, e)) for e in error.errors()]

    def _refuse_repeated_keys(self) -> None:
        faults: list[tuple[int, str]] = []
        stack = [self.root] if self.root is not None else []
        while stack:
            node = stack.pop()
            if isinstance(node, yaml.MappingNode):
                seen: set[Hashable] = set()
                for key, value in node.value:
                    if key.value in seen:
                        faults.append((key.start_mark.line + 1, f"{key.value}: stands twice; keep one of them"))
                    seen.add(key.value)
                    stack.append(value)
            elif isinstance(node, yaml.SequenceNode):
                stack.extend(node.value)
        if faults:
            raise Faults(self.path, faults)


def _child(node: Any, key: int | str) -> tuple[Any, int] | None:
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if name.value == str(key):
                return value, name.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        item = node.value[key]
        return item, item.start_mark.line + 1
    return None


def _say(model: type[BaseModel], error: Any) -> str:
    loc: Loc = error["loc"]
    where = ".".join(str(part) for part in loc) or "the file"
    if error["type"] == "extra_forbidden":
        known = _fields_at(model, loc[:-1])
        near = get_close_matches(str(loc[-1]), known, 1)
        hint = (
            f"did you mean {near[0]}?" if near else f"known here: {', '.join(sorted(known))}" if known else "remove it"
        )
        return f"{where}: unknown key; {hint}"
    if error["type"] == "missing":
        return f"{where}: missing; add it"
    message = error["msg"].removeprefix("Value error, ")
    return f"{where}: {error.get('input')!r}: {message[0].lower()}{message[1:]}"


def _fields_at(model: type[BaseModel], loc: Loc) -> list[str]:
    """The keys that the model knows at `loc`, as far as plain nesting tells."""
    current: Any = model
    for part in loc:
        if isinstance(part, int):
            continue
        field = getattr(current, "model_fields", {}).get(part)
        nested = _types(field.annotation) if field else []
        current = next((a for a in nested if isinstance(a, type) and issubclass(a, BaseModel)), None)
        if current is None:
            return []
    return [f.alias or name for name, f in current.model_fields.items()]


def _types(annotation: Any) -> list[Any]:
    inner = getattr(annotation, "__args__", ())
    return [annotation, *(t for a in inner for t in _types(a))]
