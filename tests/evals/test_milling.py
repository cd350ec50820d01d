"""The milling machine's failures: the short form reaches its aims; a folder that is none is refused by name."""

import asyncio
import random

import pytest

from evals.milling_rows import labelled_rows
from evals.suite import Asked
from evals.suites.milling import run
from mom.errors import BadInput
from mom.settings import Settings

SEED = 3
DATA = Settings().data / "milling-ai4i2020"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is absent")


@needs_data
def test_the_short_form_reaches_every_aim_and_its_rules_can_be_read(tmp_path):
    asked = Asked(Settings(), tmp_path, lambda words: None, data=DATA, short=True, seed=77)
    result = asyncio.run(run(asked))
    assert result.right, result.scores
    assert result.scores["unknown_refused"] == 1
    told = "\n".join(result.notes)
    assert "is below 8.6 K and rotational speed is below 1,380 rpm" in told
    assert "is above 9,000 W" in told and "is below 3,500 W" in told and "type is L" in told
    assert told.count("It is never named") == 2


@needs_data
def test_labels_are_no_quantity_and_the_row_s_number_is_not_learned_from():
    rows = labelled_rows(DATA)
    assert len(rows.modes) == 5 and rows.failed.sum() == 339
    assert set(rows.table.kinds) == {"type"}
    assert not [name for name in rows.table.quantities if "udi" in name or "failure" in name]


def test_a_folder_without_labels_is_refused(tmp_path):
    with pytest.raises(BadInput, match="holds no"):
        labelled_rows(tmp_path)
    (tmp_path / "a.csv").write_text("Torque [Nm],Kind\n1.5,x\n")
    with pytest.raises(BadInput, match="whose name has 'failure'"):
        labelled_rows(tmp_path)
    (tmp_path / "a.csv").write_text("Torque [Nm],Machine failure,HDF\n1,0,0\nmuch,0,0\n")
    with pytest.raises(BadInput, match=r"a.csv, line 3, column Torque \[Nm\]: 'much' is no number"):
        labelled_rows(tmp_path)
    (tmp_path / "a.csv").write_text("Torque [Nm],Machine failure,HDF\n1,0,0\n")
    (tmp_path / "b.csv").write_text("Torque [Nm],Machine failure,PWF\n1,0,0\n")
    with pytest.raises(BadInput, match=r"b.csv has other columns than a.csv: HDF, PWF"):
        labelled_rows(tmp_path)


ROWS = """Torque [Nm],Coolant on,Heat failure,Machine failure,Type,Row
10.5,1,0,0,L,a1
20.5,1,1,1,M,a2
30.5,0,0,1,L,a3
40.5,1,0,0,M,a4
"""


@pytest.mark.parametrize(
    "text",
    [
        ROWS,
        ROWS.replace(",", ";"),
        ROWS.replace(",0", ",False").replace(",1", ",True"),
        "\n".join(",".join(line.split(",")[::-1]) for line in ROWS.splitlines()),
    ],
)
def test_rows_read_the_same_however_they_are_written(tmp_path, text):
    """The failure is the commoner of two columns that are called so; a switch that is on more often than that is no mode."""
    (tmp_path / "a.csv").write_text(text)
    rows = labelled_rows(tmp_path)
    assert rows.failed.tolist() == [False, True, True, False]
    assert {mode: places.tolist() for mode, places in rows.modes.items()} == {
        "Heat failure": [False, True, False, False]
    }
    assert rows.table.quantities["torque"].values.tolist() == [10.5, 20.5, 30.5, 40.5]
    assert rows.table.kinds["coolant on"].tolist() == ["1", "1", "0", "1"]


async def test_modes_of_other_names_are_not_passed_over_in_silence(tmp_path):
    (tmp_path / "a.csv").write_text(ROWS)
    with pytest.raises(BadInput, match="None of the failure modes Heat failure is judged. Call those .* HDF, PWF, OSF"):
        await run(Asked(Settings(), tmp_path, lambda words: None, data=tmp_path))


@needs_data
async def test_rules_of_half_the_rows_in_another_order_hold_for_the_other_half(tmp_path):
    """As the suite judges them, with a fifth of the half held out: 4,000 rows to learn from."""
    header, *lines = (DATA / "ai4i2020_clean.csv").read_text().splitlines()
    chosen = random.Random(SEED).sample(lines, len(lines) // 2)
    shuffled = [",".join(line.split(",")[::-1]) for line in (header, *chosen)]
    (tmp_path / "rows.csv").write_text("\n".join(shuffled))
    result = await run(Asked(Settings(), tmp_path, lambda words: None, data=tmp_path, short=True))
    assert result.right, f"seed {SEED}: {result.scores}"
