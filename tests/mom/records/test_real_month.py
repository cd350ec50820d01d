"""Production records of a real plant come in to the piece; another month of the same form by the same mapping."""

import csv
import json
from datetime import datetime
from pathlib import Path

import pytest

from mom.errors import BadInput
from mom.records.importing import import_folder
from mom.store.query import query

MAPPING = Path(__file__).parents[3] / "examples" / "injection-moulding" / "mapping.yaml"


@pytest.fixture
def moulding(real_data):
    return real_data("injection-moulding")


async def test_every_total_of_two_real_months_is_exact(database, moulding, now):
    expected = json.loads((moulding / "expected_nov_dec_2018.json").read_text())
    first = await import_folder(database, MAPPING, moulding, now)
    again = await import_folder(database, MAPPING, moulding, now)
    production = first.records["shift production"]
    assert (production.read, production.stored, production.waiting) == (expected["rows"], expected["rows"], 0)
    assert (again.total.stored, again.total.changed, again.total.waiting) == (0, 0, 0)
    assert again.total.unchanged + again.total.skipped == again.total.read
    async with database.read() as session:

        async def asked(*by, measures=("produced", "good", "scrap")):
            window = {"start": datetime(2018, 11, 1), "end": datetime(2019, 1, 1)}
            return (await query(session, "counts", now=now, by=by, measures=measures, **window)).rows

        assert await asked() == [
            {"produced": expected["total_qty"], "good": expected["good_qty"], "scrap": expected["scrap_qty"]}
        ]
        by_machine = {
            r["machine"].split("/")[-1]: {"total": r["produced"], "good": r["good"]} for r in await asked("machine")
        }
        assert by_machine == {
            name: {"total": one["total"], "good": one["good"]} for name, one in expected["by_machine"].items()
        }
        assert {r["defect"]: r["scrap"] for r in await asked("defect")} == expected["scrap_by_type"]
        by_month = {r["month"]: {"total": r["produced"], "good": r["good"]} for r in await asked("month")}
        assert by_month == expected["by_month"]
        worst = [(r["mould"], r["scrap"]) for r in await asked("mould", measures=("scrap",))]
        assert dict(worst[:5]) == expected["worst_molds"]


async def test_another_month_with_new_machines_and_defects_needs_no_word(database, moulding, tmp_path, now):
    header = [
        "recordDate",
        "workingShift",
        "machineNo",
        "itemCode",
        "itemName",
        "poNote",
        "moldNo",
        "moldShot",
        "moldCavity",
    ]
    header += ["itemTotalQuantity", "itemGoodQuantity", "itemScratch", "otherNG", "itemBubble", "colorChanged"]
    rows = (
        "2019-01-15,3,NO.10,24720318M,X,IM1901001,16500CBR-M-001,100,8,800,790,7,,3,",
        "2019-01-15,3,NO.10,24720318M,X,IM1901001,16500CBR-M-001,10,8,80,80,,,,",
        "2019-01-31,3,NO.11,24720318M,X,IM1901001,UNKNOWN,50,4,200,199,,1,,A>B",
        "2019-01-31,1,NO.01,,,,,,,,,,,,",
    )
    lines = [row.split(",") for row in rows]
    with (tmp_path / "productRecords_2019-01.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows([header, *lines])
    with pytest.raises(BadInput, match="has no column 'plasticResin") as refused:
        await import_folder(database, MAPPING, tmp_path, now)
    assert "resin lots" in str(refused.value)
    with (tmp_path / "productRecords_2019-01.csv").open("w", newline="") as stream:
        wider = [*header, "plasticResinCode", "plasticResinLot"]
        csv.writer(stream).writerows([wider, *([*line, "10045", "L1"] for line in lines)])
    result = await import_folder(database, MAPPING, tmp_path, now)
    again = await import_folder(database, MAPPING, tmp_path, now)
    assert result.records["shift production"].stored == 4
    assert (again.total.stored, again.total.waiting) == (0, 0)
    async with database.read() as session:
        window = {"start": datetime(2019, 1, 1), "end": datetime(2019, 2, 1)}
        total = await query(session, "counts", now=now, **window)
        defects = await query(session, "counts", now=now, by=["defect"], measures=["scrap"], **window)
        days = await query(session, "counts", now=now, by=["day"], measures=["produced"], **window)
    assert total.rows == [{"produced": 1080, "good": 1069, "scrap": 11}]
    assert {r["defect"]: r["scrap"] for r in defects.rows} == {"itemScratch": 7, "itemBubble": 3, "otherNG": 1}
    assert days.rows == [{"day": "2019-01-15", "produced": 880}, {"day": "2019-01-31", "produced": 200}]
