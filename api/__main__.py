"""`python -m api COMMAND`: runs one command, imports no other, and turns what goes wrong into a line for a person."""

import argparse
import importlib
import os
import sys
import time
import traceback
from collections.abc import Coroutine
from pathlib import Path
from types import TracebackType
from typing import Any

from api.watch import watch_owner
from mom.errors import LinesideError

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = Path(__file__).parent / "commands"


def main(words: list[str]) -> int:
    """The exit status of a command: 0 done, 1 refused or failed, 2 wrongly asked, 130 interrupted."""
    name = "".join(words[:1])
    if not name.isidentifier() or name.startswith("_") or not (COMMANDS / f"{name}.py").is_file():
        print(f"lineside: there is no command '{name}'. `lineside --help` lists the commands.", file=sys.stderr)
        return 2
    try:
        return run(name, words[1:])
    except LinesideError as error:
        print(f"lineside: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our output has gone: `lineside kpis | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def run(name: str, words: list[str]) -> int:
    module = importlib.import_module(f"api.commands.{name}")
    parser = argparse.ArgumentParser(prog=f"lineside {name}", description=module.__doc__)
    module.arguments(parser)
    args, others = parser.parse_known_args(words)
    if "passed_on" in args:  # a command that hands what it does not know to another program
        args.passed_on = others
    elif others:
        parser.error(f"unrecognized arguments: {' '.join(others)}")
    result: int | Coroutine[Any, Any, int] = module.run(args)
    if isinstance(result, int):
        return result
    import asyncio  # most light commands do without

    return asyncio.run(result)


def tell_and_keep(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A fault of ours: one line for the person, the trace for whoever mends it."""
    home = Path(os.environ.get("LINESIDE_HOME") or ROOT / ".lineside").expanduser().absolute()
    log = home / "log" / "faults.log"
    text = "".join(traceback.format_exception(kind, error, trace))
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a") as out:
            out.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {' '.join(sys.argv[1:])}\n{text}\n")
    except OSError as failure:
        print(f"{text}lineside: the trace above could not be kept in {log}: {failure.strerror}", file=sys.stderr)
        return
    print(f"lineside: a fault in the program: {kind.__name__}: {error}. What happened is in {log}", file=sys.stderr)


if __name__ == "__main__":
    sys.excepthook = tell_and_keep
    watch_owner()
    sys.exit(main(sys.argv[1:]))
