"""The lathe's recordings: the short form reaches its aims, and no ranking depends on a label or on a name."""

import asyncio
import csv
import json
import random
import shutil
import sys
from pathlib import Path

import pytest

from evals.interval import redrawn_groups
from evals.lathe.ranking import average_precision, frozen, rank
from evals.lathe.recordings import causes_of, expert_graph, normals, runs
from evals.suite import Asked, Result
from evals.suites.cnc_lathe import SUITE_CNC_LATHE, run
from mom.cycles.habits import learn
from mom.errors import BadInput, NotFound
from mom.settings import ROOT, Settings

SEED = 5
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
async def test_a_signal_may_have_any_name(tmp_path):
    """Every name drawn anew, in recordings, graph and labels: the same scores, and the same runs fail."""
    renamed(DATA, tmp_path, random.Random(SEED))
    ours, plain = await scored(DATA, tmp_path), await scored(tmp_path, tmp_path)
    assert ours.scores == plain.scores, f"seed {SEED}"
    assert [row["run"] for row in ours.failures] == [row["run"] for row in plain.failures]
    assert "n0" in plain.table[0]["caused by"]


@needs_data
async def test_no_label_is_opened_before_the_rankings_are_frozen_and_none_changes_them(tmp_path):
    for part in ("normal", "expert_graph"):
        (tmp_path / part).symlink_to(DATA / part)
    shutil.copytree(DATA / "faults", tmp_path / "faults")
    for path in (tmp_path / "faults").rglob("*.json"):
        path.write_text('{"group": "any", "exp_id": "any", "manipulatedVars": ["nothing"]}')
    log: list[str] = []
    OPENED.append(log)
    result = await scored(tmp_path, tmp_path, log)
    OPENED.clear()
    frozen_at = next(place for place, words in enumerate(log) if "rankings are frozen" in words)
    labels = [place for place, words in enumerate(log) if words.endswith(".json")]
    assert labels and min(labels) > frozen_at
    assert sum(words.endswith(".csv") for words in log[:frozen_at]) > 115
    assert not any(words.endswith("causes.json") for words in log)
    assert result.scores == {"graph_any": 0, "any": 0, "normal_refused": 1}
    assert result.notes[0] == (await scored(DATA, tmp_path)).notes[0], "the rankings' SHA-256"


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
    with pytest.raises(BadInput, match=r"normal/one.csv, line 3: value 'x' is no number .type Continuous."):
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


async def scored(folder: Path, work: Path, log: list[str] | None = None) -> Result:
    tell = (lambda words: None) if log is None else log.append
    return await run(Asked(Settings(), work, tell, data=folder, short=True))


OPENED: list[list[str]] = []


def hook(event: str, args: tuple[object, ...]) -> None:
    """An audit hook cannot be taken away again: it writes only while somebody listens."""
    if event == "open" and OPENED:
        OPENED[0].append(str(args[0]))


sys.addaudithook(hook)


def renamed(folder: Path, copy: Path, rng: random.Random) -> None:
    """All of the folder under names that say nothing, one for one."""
    tables = {path.relative_to(folder): list(csv.reader(path.open(newline=""))) for path in folder.rglob("*.csv")}
    columns = ("node", "label", "source_label", "target_label")
    places = {path: [n for n, name in enumerate(rows[0]) if name in columns] for path, rows in tables.items()}
    names = sorted({row[place] for path, rows in tables.items() for row in rows[1:] for place in places[path]})
    drawn = dict(zip(names, rng.sample([f"n{n:04}" for n in range(1000)], len(names)), strict=True))
    for path, rows in tables.items():
        for row in rows[1:]:
            for place in places[path]:
                row[place] = drawn[row[place]]
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        with (copy / path).open("w", newline="") as file:
            csv.writer(file).writerows(rows)
    for path in folder.rglob("*_description.json"):
        told = json.loads(path.read_text())
        told["manipulatedVars"] = [drawn[name] for name in told["manipulatedVars"]]
        (copy / path.relative_to(folder)).write_text(json.dumps(told))
