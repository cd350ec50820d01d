"""Files into the store: the same again changes nothing, what changed is a new version, what does not fit waits."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from mom.errors import BadInput
from mom.records.replay import drop, replay
from mom.store.query import query

TWO = "number,item,qty,due,remark\n1,A,100,2026-08-30,\n2,B,50,2026-08-31,urgent\n"
CURRENT = "SELECT key, product, quantity, due_at FROM production_orders WHERE upper_inf(recorded) ORDER BY key"
WAITING = "SELECT id, key, field, reason FROM waiting_items WHERE settled_at IS NULL ORDER BY id"


async def test_records_are_stored_once(imported, rows):
    first = await imported(orders__csv=TWO)
    again = await imported()
    assert (first.total.read, first.total.stored, first.total.unchanged, first.total.waiting) == (2, 2, 0, 0)
    assert (again.total.read, again.total.stored, again.total.unchanged, again.total.waiting) == (2, 0, 2, 0)
    ends = [datetime(2026, 8, 30, 22, tzinfo=UTC), datetime(2026, 8, 31, 22, tzinfo=UTC)]  # of the day, in Vienna
    assert await rows(CURRENT) == [("1", "A", 100, ends[0]), ("2", "B", 50, ends[1])]
    assert (await rows("SELECT more FROM production_orders WHERE key = '2'"))[0][0] == {"remark": "urgent"}


async def test_a_changed_record_is_a_new_version_and_the_old_one_is_still_known(imported, rows, database, now):
    await imported(orders__csv=TWO)
    later = now + timedelta(days=1)
    changed = await imported(at=later, orders__csv=TWO.replace("1,A,100", "1,A,120"))
    assert (changed.total.stored, changed.total.changed, changed.total.unchanged) == (1, 1, 1)
    assert len(await rows("SELECT FROM production_orders WHERE key = '1'")) == 2
    async with database.read() as session:
        asked = {"now": later, "measures": ["quantity"], "where": {"order": ["1"]}}
        before = await query(session, "orders", as_of=now + timedelta(hours=1), **asked)
        after = await query(session, "orders", **asked)
    assert (before.rows, after.rows) == ([{"quantity": 100}], [{"quantity": 120}])


async def test_what_does_not_fit_waits_with_its_field_and_reason_and_the_rest_comes_in(imported, rows):
    bad = (
        TWO + "3,C,many,2026-08-31,\n4,D,5,31/08/2026,\n,E,5,2026-08-31,\n6,,5,2026-08-31,\n7,F,5,2026-08-31,,surplus\n"
    )
    result = await imported(orders__csv=bad)
    assert (result.total.read, result.total.stored, result.total.waiting) == (7, 2, 5)
    waiting = {key: (field, reason) for _, key, field, reason in await rows(WAITING)}
    assert waiting["3"] == ("quantity (column qty)", "'many': expected a number")
    assert waiting["4"][0] == "due_at (column due)" and "such as 2018-11-30" in waiting["4"][1]
    assert waiting[""] == ("number", "empty: the record has no key")
    assert waiting["6"] == ("product", "nothing in it; expected a value in column item")
    assert "more cells than the header" in waiting["7"][1]
    again = await imported()
    assert (again.total.stored, again.total.waiting, len(await rows(WAITING))) == (0, 5, 5)


POISON = {
    "qty": [
        '"\\u0000"', '"\\ud800"', "1e999", "-1e400", "true", "[1]", '{"a": 1}', '"12a"', "1" + "0" * 400, '"1_000"',
    ],
    "remark": ['"\\u0000"', '"A\\ud800"', '"' + "x" * 200_000 + '"', '{"a": ["\\u0000"]}', "1e999"],
    "number": ['"\\u0000"', '"' + "9" * 2000 + '"'],
}  # fmt: skip


async def test_one_poisoned_value_costs_one_record(imported, rows):
    values = {"number": None, "item": "A", "qty": 1, "due": "2026-08-30", "remark": "r"}
    kinds = [(field, poison) for field, poisons in POISON.items() for poison in poisons]
    for turn, (field, poison) in enumerate(kinds):
        lines = [json.dumps(values | {"number": 1000 * turn + i}) for i in range(1000)]
        marked = json.dumps(values | {"number": 1000 * turn + 500} | {field: "POISON"})
        lines[500] = marked.replace('"POISON"', poison)
        result = await imported(orders__jsonl="\n".join(lines))
        assert (result.total.stored, result.total.waiting) == (999, 1), (field, poison[:40])
    assert len(await rows(WAITING)) == len(kinds)
    assert all(row[3] for row in await rows(WAITING))


async def test_a_key_that_comes_again_with_other_values_waits_and_the_same_row_does_not(imported, rows):
    result = await imported(orders__csv=TWO + "1,A,999,2026-08-30,\n2,B,50,2026-08-31,urgent\n")
    assert (result.total.stored, result.total.unchanged, result.total.waiting) == (2, 1, 1)
    assert "came before with other values" in (await rows(WAITING))[0][3]
    again = await imported()
    assert (again.total.stored, again.total.unchanged, len(await rows(WAITING))) == (0, 3, 1)


async def test_a_record_that_fits_now_ends_the_waiting_of_its_key(imported, rows):
    await imported(orders__csv=TWO.replace("2,B,50", "2,B,fifty"))
    assert len(await rows(WAITING)) == 1
    await imported(orders__csv=TWO)
    assert await rows(WAITING) == []


async def test_waiting_records_are_replayed_when_the_mapping_is_mended(
    imported, rows, mapping, orders_mapping, database, now
):
    await imported(orders__csv=TWO.replace("2026-08-31", "31.08.2026"))
    site = (await rows("SELECT id FROM sites"))[0][0]
    kept = await replay(database, site, None, "user:1", now)
    assert (kept.stored, len(kept.waiting)) == (0, 1)
    mapping(orders_mapping.replace("moment: end_of_day", 'moment: end_of_day, format: "%d.%m.%Y"'))
    done = await replay(database, site, None, "user:1", now)
    assert (done.stored, done.waiting, await rows(WAITING)) == (1, {}, [])
    assert len(await rows(CURRENT)) == 2


async def test_a_dropped_record_does_not_wait_again(imported, rows, database, now):
    await imported(orders__csv=TWO.replace("2,B,50", "2,B,fifty"))
    site = (await rows("SELECT id FROM sites"))[0][0]
    assert await drop(database, site, [row[0] for row in await rows(WAITING)], "user:1", now) == 1
    await imported()
    assert await rows(WAITING) == []


async def test_a_line_that_is_no_json_waits_alone(imported, rows):
    good = '{"number": 1, "item": "A", "qty": 1, "due": "2026-08-30"}'
    result = await imported(orders__jsonl=f"{good}\n{{broken\n[1]\n")
    assert (result.total.stored, result.total.waiting) == (1, 2)
    assert {row[2] for row in await rows(WAITING)} == {"(the line)"}


WRONG = [
    ("orders__csv", "number,item,due\n1,A,2026-08-30\n", "has no column 'qty'"),
    ("orders__csv", "", "is empty"),
    ("orders__csv", "number,number\n1,2\n", "stands twice"),
    ("orders__json", "{", "is not JSON"),
    ("orders__json", "[1]", "expected an object"),
    ("orders__parquet", "no parquet", "is not a Parquet file"),
    ("other__csv", "a\n1\n", "no file matches orders*"),
]


async def test_a_file_that_is_wrong_is_refused_by_name(imported, folder):
    for name, content, said in WRONG:
        for old in folder.iterdir():
            old.unlink()
        with pytest.raises(BadInput, match=r"/data") as refused:
            await imported(**{name: content})
        assert said in str(refused.value)


async def test_a_site_keeps_its_time_zone(imported, orders_mapping):
    await imported(orders__csv=TWO)
    with pytest.raises(BadInput, match="is kept in Europe/Vienna"):
        await imported(orders_mapping.replace("Europe/Vienna", "Asia/Tokyo"))
