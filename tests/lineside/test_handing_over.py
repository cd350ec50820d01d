"""`python -m api COMMAND`: what a person sees of a command that goes wrong."""

import os
import subprocess
import sys

import pytest


@pytest.fixture
def api(clone, tmp_path):
    env = {**os.environ, "PYTHONPATH": str(clone), "PYTHONSAFEPATH": "1", "LINESIDE_HOME": str(tmp_path / "home")}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "api", *words]
        return subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)

    return run


def test_an_expected_error_says_what_to_do(api):
    seen = api("probe", "--fail", "expected")
    assert (seen.returncode, seen.stdout) == (1, "")
    assert seen.stderr == "lineside: There is no line 'L9'. `lineside query lines` lists them.\n"


def test_an_unexpected_error_is_one_line_and_a_trace_in_the_log(api, tmp_path):
    seen = api("probe", "--fail", "unexpected")
    log = tmp_path / "home" / "log" / "faults.log"
    assert seen.returncode == 1
    assert seen.stderr.startswith("lineside: a fault in the program: ZeroDivisionError: a fault of ours.")
    assert seen.stderr.endswith(f"What happened is in {log}\n")
    assert len(seen.stderr.splitlines()) == 1
    assert "Traceback" in log.read_text()


def test_interrupting_is_quiet(api):
    seen = api("probe", "--fail", "interrupted")
    assert (seen.returncode, seen.stdout, seen.stderr) == (130, "", "")


@pytest.mark.parametrize("words", [["probe", "--wrong"], ["probe", "--fail", "oddly"], ["nonsense"], []])
def test_a_wrong_usage_is_status_two(api, words):
    seen = api(*words)
    assert seen.returncode == 2
    assert "Traceback" not in seen.stderr


def test_a_reader_that_goes_away_is_no_fault(clone, tmp_path):
    env = {**os.environ, "PYTHONPATH": str(clone), "LINESIDE_HOME": str(tmp_path / "home")}
    command = f"'{sys.executable}' -u -P -m api probe | exec true"
    seen = subprocess.run(command, shell=True, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert seen.stderr == ""
