"""What works with nothing but a Python."""

import ast
import subprocess
import sys
import time


def test_help_lists_every_command_with_what_it_does(clone, start):
    seen = start("--help")
    assert seen.returncode == 0
    assert "probe       Says where it runs, for the tests." in seen.stdout
    assert not (clone / ".venv").exists()


def test_no_command_shows_the_same(start):
    assert start().stdout == start("--help").stdout


def test_help_answers_within_ten_bare_starts(clone):
    def best(words: list[str]) -> float:
        times = []
        for _ in range(7):
            begin = time.perf_counter()
            subprocess.run(words, stdout=subprocess.DEVNULL, check=True)
            times.append(time.perf_counter() - begin)
        return min(times)

    assert best([sys.executable, str(clone / "lineside"), "--help"]) <= 10 * best([sys.executable, "-c", "pass"])


def test_an_unknown_command_is_refused_with_what_is_near(clone, start):
    seen = start("prob")
    assert (seen.returncode, seen.stdout) == (2, "")
    assert seen.stderr == "lineside: there is no command 'prob'. Did you mean probe?\n"
    assert start("__init__").returncode == 2
    assert start("../commands/probe").returncode == 2
    assert not (clone / ".venv").exists()


def test_an_old_python_can_still_read_it(clone):
    ast.parse((clone / "lineside").read_text(), feature_version=(3, 6))


def test_an_old_python_says_so(start):
    seen = start("probe", before="sys.version_info = (3, 9, 2, 'final', 0)", PATH="/nowhere")
    assert seen.returncode == 1
    assert seen.stderr.startswith("lineside: Python 3.11 to 3.14 is needed, this is 3.9.")
    assert len(seen.stderr.splitlines()) == 1


def test_an_old_python_hands_over_to_one_that_fits(start, tmp_path):
    fitting = tmp_path / "python3.12"
    fitting.write_text('#!/bin/sh\n[ "$1" = -c ] || echo "handed $2 $3"\n')
    fitting.chmod(0o755)
    seen = start("probe", "--fail", before="sys.version_info = (3, 9, 2, 'final', 0)", PATH=str(tmp_path))
    assert seen.stdout == "handed probe --fail\n", seen.stderr
