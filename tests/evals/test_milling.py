"""The milling machine's failures: the short form reaches its aims; a folder that is none is refused by name."""

import asyncio

import pytest

from evals.milling_rows import labelled_rows
from evals.suite import Asked
from evals.suites.milling import run
from mom.errors import BadInput
from mom.settings import Settings

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
    (tmp_path / "a.csv").write_text("Torque [Nm],Machine failure,HDF\nmuch,0,0\n")
    with pytest.raises(BadInput, match=r"column torque \[Nm\]"):
        labelled_rows(tmp_path)
