"""What a command is doing, on standard error: one line that changes on a terminal, a line for each step elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def told() -> Iterator[Callable[[str, str], None]]:
    """A function to tell the step and how far it is; on a terminal its line is cleared at the end."""
    live, last = sys.stderr.isatty(), ""

    def tell(step: str, detail: str) -> None:
        nonlocal last
        if live:
            sys.stderr.write(f"\r\x1b[K{step} ... {detail}")
        elif step != last:
            sys.stderr.write(f"{step} ...\n")
        last = step
        sys.stderr.flush()

    try:
        yield tell
    finally:
        if live:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
