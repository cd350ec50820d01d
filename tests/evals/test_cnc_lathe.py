"""The lathe's recordings: the short form reaches its aims, and no ranking depends on a label or on a name."""

import asyncio
import csv
import shutil
from pathlib import Path

import pytest

from evals.interval import redrawn_groups
from evals.lathe.ranking import average_precision, frozen, rank
from evals.lathe.recordings import causes_of, expert_graph, normals, read, runs
from evals.suite import Asked
from evals.suites.cnc_lathe import SUITE_CNC_LATHE, run
from mom.cycles.habits import learn
from mom.errors import BadInput, NotFound
from mom.settings import ROOT, Settings

DATA = Settings().data / "cnc-lathe-faults"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is absent")


def rankings(folder: Path):
    habits, graph = learn(normals(folder)), expert_graph(folder)
    return [rank(habits, graph, one) for one in runs(folder)]


@needs_data
def test_the_short_form_reaches_every_aim(tmp_path):
    asked = Asked(Settings(), tmp_path, lambda words: None, data=DATA, short=True)
    result = asyncio.run(run(asked))
    assert result.right, result.scores
    assert set(result.scores) >= {"graph_probe", "graph_coolant", "graph_hydraulics", "probe", "coolant", "hydraulics"}
    assert result.scores["normal_refused"] == 1


@needs_data
def test_the_rankings_are_the_same_without_labels_and_under_other_folder_names(tmp_path):
    bare = tmp_path / "bare"
    for part in ("normal", "expert_graph"):
        shutil.copytree(DATA / part, bare / part)
    first: dict[str, str] = {}
    for number, path in enumerate(sorted((DATA / "faults").rglob("run_*/*.csv"))[::5]):
        copy = bare / "faults" / f"any_{number:02}" / "run_1" / "recording.csv"
        copy.parent.mkdir(parents=True)
        shutil.copy(path, copy)
        first[copy.relative_to(bare).as_posix()] = path.relative_to(DATA).as_posix()
    known = {ranked.run: ranked for ranked in rankings(DATA)}
    for ranked in rankings(bare):
        same = known[first[ranked.run]]
        assert (ranked.alarms, ranked.learned, ranked.graph) == (same.alarms, same.learned, same.graph)
        assert ranked.learned
    assert frozen(rankings(DATA)) == frozen(list(known.values()))


@needs_data
def test_a_signal_may_have_any_name(tmp_path):
    """Every node renamed by its place in a shuffled list: the same signals are blamed."""
    habits = learn([renamed(path, tmp_path) for path in sorted((DATA / "normal").glob("*.csv"))])
    plain = learn(normals(DATA))
    for path in sorted((DATA / "faults" / "exp_probe").rglob("run_*/*.csv"))[::4]:
        ours = rank(habits, None, renamed(path, tmp_path)).learned
        assert sorted(ours[:1]) == sorted(alias(s) for s in rank(plain, None, read(path, DATA)).learned[:1])


@needs_data
def test_no_code_and_no_data_of_ours_names_a_variable_of_that_machine():
    """But for examples/cnc-lathe/plant.yaml, the list of addresses by which a recording is played into the product like
    any machine's: nothing that finds or judges causes opens it."""
    nodes = {row["label"] for row in csv.DictReader((DATA / "expert_graph" / "all_nodes.csv").open())}
    nodes = {node for node in nodes if "_" in node}
    looked = 0
    for suffix in ("*.py", "*.yaml", "*.md", "*.json", "*.csv"):
        for layer in ("mom", "evals", "tools", "agents", "api", "prompts", "connectors", "simulator", "bench"):
            for path in (ROOT / layer).rglob(suffix):
                looked += 1
                text = path.read_text(encoding="utf-8")
                assert not [node for node in nodes if node in text], path
                assert layer not in ("mom", "evals") or "examples/cnc-lathe" not in text, path
    assert looked > 100


def test_average_precision_is_that_of_the_published_results():
    assert average_precision(["a"], ["a", "b", "c"]) == 1
    assert average_precision(["a"], ["b", "a", "c"]) == 0.5
    assert average_precision(["a", "b"], ["a", "x", "b"]) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision(["a", "b", "c", "d"], ["a", "b", "c", "d"]) == 1
    assert average_precision(["a"], ["x", "y", "z", "a"]) == average_precision(["a"], []) == 0


def test_the_interval_of_all_right_is_not_a_point():
    assert redrawn_groups([("s", 1.0)] * 30) == (pytest.approx(0.9), 1.0)
    low, high = redrawn_groups([(f"s{n}", n % 2 / 2 + 0.5) for n in range(20)])
    assert 0.6 < low < 0.75 < high < 0.9


def test_a_folder_without_normal_production_or_a_bad_row_is_refused_by_name(tmp_path):
    with pytest.raises(BadInput, match="holds no"):
        normals(tmp_path)
    bad = tmp_path / "normal" / "one.csv"
    bad.parent.mkdir()
    bad.write_text("time_s,node,value,type\n0.0,a,True,Binary\n1.0,b,x,Continuous\n")
    with pytest.raises(BadInput, match=r"normal/one.csv, line 3: '1.0', 'x' is no Continuous"):
        normals(tmp_path)
    bad.write_text("time_s,node,value,type\n0.0,a,True,Odd\n")
    with pytest.raises(BadInput, match="type 'Odd' is none of Binary"):
        normals(tmp_path)
    with pytest.raises(BadInput, match="has no"):
        causes_of(tmp_path, "faults/a/run_1/x.csv")


@needs_data
async def test_without_an_expert_s_graph_there_is_no_score_of_one(tmp_path):
    for part in ("normal", "faults"):
        (tmp_path / part).symlink_to(DATA / part)
    result = await run(Asked(Settings(), tmp_path, lambda words: None, data=tmp_path, row="exp_6", short=True))
    assert set(result.scores) == {"probe"} == set(result.aims)
    assert "no expert_graph/" in result.notes[1]


@needs_data
async def test_a_row_that_no_run_has_is_refused(tmp_path):
    asked = Asked(Settings(), tmp_path, lambda words: None, data=DATA, row="nothing", short=True)
    with pytest.raises(NotFound, match="'nothing' in its path"):
        await SUITE_CNC_LATHE.run(asked)


def alias(signal: str) -> str:
    return f"signal {sum(signal.encode()) * 7919 % 10007}.{len(signal)}.{signal.encode()[-1]}"


def renamed(path: Path, folder: Path):
    """The file under names that say nothing."""
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    copy = folder / "renamed.csv"
    with copy.open("w", newline="") as file:
        writer = csv.DictWriter(file, ("time_s", "node", "value", "type"))
        writer.writeheader()
        writer.writerows({**row, "node": alias(row["node"])} for row in rows)
    return read(copy, folder)
