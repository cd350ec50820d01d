"""The walls of the house, held on the syntax tree: who may import whom, and what nobody may write."""

import ast
import functools
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BELOW = {
    "prompts": set(),
    "simulator": set(),
    "mom": set(),
    "connectors": {"mom"},
    "tools": {"mom"},
    "agents": {"mom", "tools", "prompts"},
    "api": {"mom", "tools", "prompts", "agents", "connectors"},
    "evals": {"mom", "tools", "prompts", "agents", "connectors", "simulator"},
    "bench": {"mom", "tools", "prompts", "agents", "connectors", "simulator"},
}
"""For each top-level package, what it may import beside itself."""
DOORS_TO_MORE = {
    "api/commands/demo.py": {"simulator"},
    "api/commands/simulator.py": {"simulator"},
    "api/commands/replay.py": {"simulator"},
    "api/commands/eval.py": {"evals"},
    "api/commands/bench.py": {"bench"},
}
DECIDES_OR_CARRIES_OUT = ("mom.proposals", "mom.actions", "mom.letters", "mom.records")
PROPOSING = "mom.proposals.propose"
HEAVY = {"langgraph", "openai", "asyncua", "ortools", "pandas", "altair", "scipy", "onnxruntime", "vl_convert", "typst"}
FORBIDDEN_FOLDERS = {"utils", "core", "common", "services", "helpers"}
MODULES = sorted(path.relative_to(ROOT).as_posix() for layer in BELOW for path in (ROOT / layer).rglob("*.py"))
TESTS = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("*.py"))
COMMANDS = [path.stem for path in sorted((ROOT / "api" / "commands").glob("[!_]*.py"))]


@functools.cache
def tree(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text(), path)


def imports(path: str) -> Iterator[str]:
    """Every dotted name that a file imports, in functions too; `from a import b` counts as `a.b`."""
    package = path.removesuffix(".py").removesuffix("/__init__").split("/")
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + path.endswith("__init__.py")] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "import_module":
            yield from (arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant))


@pytest.mark.parametrize("path", MODULES)
def test_a_layer_imports_only_what_lies_below(path):
    layer = path.split("/")[0]
    ours = {name.split(".")[0] for name in imports(path)} & BELOW.keys()
    assert ours <= {layer} | BELOW[layer] | DOORS_TO_MORE.get(path, set())


@pytest.mark.parametrize("path", [path for path in MODULES if path.startswith(("tools/", "agents/"))])
def test_agents_and_tools_can_only_propose(path):
    reached = {name for name in imports(path) if f"{name}.".startswith(tuple(f"{n}." for n in DECIDES_OR_CARRIES_OUT))}
    assert not {name for name in reached if not f"{name}.".startswith(f"{PROPOSING}.")}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_light_to_import(command):
    code = (
        "import argparse, importlib, sys, api.__main__;"
        f"importlib.import_module('api.commands.{command}').arguments(argparse.ArgumentParser());"
        f"print(*{HEAVY} & sys.modules.keys())"
    )
    seen = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (seen.returncode, seen.stdout.split()) == (0, []), seen.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_says_what_it_does_in_its_first_line(command):
    first = (ROOT / "api" / "commands" / f"{command}.py").read_text().splitlines()[0]
    assert first.startswith('"""') and first.endswith('."""')
    assert first == f'"""{ast.get_docstring(tree(f"api/commands/{command}.py"))}"""'.splitlines()[0]


@pytest.mark.parametrize("path", MODULES + TESTS)
def test_nobody_catches_every_error_to_carry_on(path):
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ExceptHandler):
            named = ast.walk(node.type) if node.type else [ast.Name("BaseException")]
            caught = {name.id for name in named if isinstance(name, ast.Name)}
            ends = any(isinstance(inner, ast.Raise) and inner.exc is None for inner in node.body)
            assert ends or not caught & {"Exception", "BaseException"}, f"{path}:{node.lineno}"
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "suppress":
            caught = {getattr(arg, "id", "") for arg in node.args}
            assert not caught & {"Exception", "BaseException"}, f"{path}:{node.lineno}"


@pytest.mark.parametrize("path", MODULES + TESTS)
def test_a_file_is_one_noun_and_a_function_fits_in_the_eye(path):
    most_lines, longest = (400, 100) if path.startswith("tests/") else (250, 50)  # a table of cases may be long
    assert len((ROOT / path).read_text().splitlines()) <= most_lines
    functions = [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = {node.name: length for node in functions if (length := node.end_lineno - node.lineno + 1) > longest}
    assert not long or "/migrations/versions/" in path


def test_no_folder_for_leftovers():
    assert not {path for path in MODULES + TESTS if FORBIDDEN_FOLDERS & set(Path(path).parent.parts)}
