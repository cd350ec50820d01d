"""Questions to the store: what is counted where, what was known when, and that nothing from outside becomes SQL."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mom.errors import BadInput, LinesideError, NotFound
from mom.models import Count, Equipment, Gap, Link, ScrapCount, Site, StateInterval, Stop, Tag
from mom.store.asked import asked, known_nouns
from mom.store.query import moment, query

START = datetime(2026, 8, 22, 22, 0, tzinfo=UTC)  # midnight in Vienna
HOUR_LATER = START + timedelta(hours=1)
NODES = [
    ("line", None, "work_center", False, 0),
    ("line/depal", "line", "work_unit", False, 0),
    ("line/filler", "line", "work_unit", True, 1),
    ("line/packer", "line", "work_unit", False, 2),
    ("palletiser", None, "work_center", False, 1),
]
PIECES = {"line/depal": (1010, 10), "line/filler": (1000, 20), "line/packer": (980, 5), "palletiser": (975, 0)}


@pytest.fixture
async def plant(database):
    async with database.write.begin() as session:
        tree = {"equipment": [{"id": "line", "feeds": "palletiser"}]}
        site = Site(code="plant", name="Plant", time_zone="Europe/Vienna", plant=tree)
        session.add(site)
        await session.flush()
        ids: dict[str, int] = {}
        for path, parent, level, constraint, position in NODES:
            node = Equipment(
                site_id=site.id, path=f"plant/{path}", code=path.split("/")[-1], name=path.split("/")[-1].title(),
                level=level, parent_id=ids.get(parent or ""), is_constraint=constraint, position=position,
            )  # fmt: skip
            session.add(node)
            await session.flush()
            ids[path] = node.id
        for path, (produced, scrap) in PIECES.items():
            count = Count(
                site_id=site.id, equipment_id=ids[path], source="plc", started_at=START, ended_at=HOUR_LATER,
                product="A", shift="night", produced=produced, good=produced - scrap, scrap=scrap, recorded_at=START,
            )  # fmt: skip
            session.add(count)
            await session.flush()
            if scrap:
                session.add(ScrapCount(count_id=count.id, reason="broken", quantity=scrap))
        return ids, site.id


async def ask(database, noun="counts", now=START + timedelta(days=1), **words):
    async with database.read() as session:
        return await query(session, noun, now=now, **words)


async def test_a_lines_pieces_are_its_constraints_less_what_was_thrown_out_behind_it(database, plant):
    line = await ask(database, by=["line"], where={"line": ["line"]})
    assert line.rows == [{"line": "plant/line", "produced": 1000, "good": 975, "scrap": 25}]
    assert (await ask(database)).rows == [{"produced": 1000, "good": 975, "scrap": 25}]
    machines = {
        row["machine"].split("/", 1)[1]: (row["produced"], row["scrap"])
        for row in (await ask(database, by=["machine"])).rows
    }
    assert machines == PIECES
    defects = await ask(database, by=["defect"])
    assert defects.rows == [{"defect": "broken", "produced": None, "good": None, "scrap": 25}]
    assert "produced cannot be told by defect" in defects.missing
    at_machine = await ask(database, by=["defect"], where={"machine": ["depal"]}, measures=["scrap"])
    assert at_machine.rows == [{"defect": "broken", "scrap": 10}]


async def test_days_are_the_plants_own_and_coverage_is_what_was_counted(database, plant):
    result = await ask(
        database, by=["day", "hour"], measures=["produced"], start=datetime(2026, 8, 23), end=datetime(2026, 8, 23, 4)
    )
    assert result.rows == [{"day": "2026-08-23", "hour": "2026-08-23T00:00", "produced": 1000}]
    assert (result.coverage, result.rows_behind) == (0.25, 4)
    assert result.start.isoformat() == "2026-08-23T00:00:00+02:00"
    before = await ask(database, start=datetime(2026, 8, 22), end=datetime(2026, 8, 23))
    assert before.rows == [{"produced": None, "good": None, "scrap": None}]
    assert before.missing == ("no rows in this window",)


async def test_sites_of_several_zones_each_have_their_own_day(database, plant):
    async with database.write.begin() as session:
        site = Site(code="tokyo", name="Tokyo", time_zone="Asia/Tokyo")
        session.add(site)
        await session.flush()
        node = Equipment(site_id=site.id, path="tokyo/m", code="m", name="M", level="work_center")
        session.add(node)
        await session.flush()
        midnight = datetime(2026, 8, 22, 15, tzinfo=UTC)
        for hours, pieces in ((-1, 7), (0, 11)):
            start = midnight + timedelta(hours=hours)
            session.add(
                Count(
                    site_id=site.id,
                    equipment_id=node.id,
                    source="plc",
                    started_at=start,
                    ended_at=start,
                    produced=pieces,
                )
            )
    window = {"start": datetime(2026, 8, 23), "end": datetime(2026, 8, 24)}
    both = await ask(database, by=["site"], measures=["produced"], **window)
    assert both.rows == [{"site": "plant", "produced": 1000}, {"site": "tokyo", "produced": 11}]
    _, site_id = plant
    assert (await ask(database, by=["site"], measures=["produced"], site_id=site_id)).rows == both.rows[:1]


async def test_what_was_known_then_is_told_of_then(database, plant):
    ids, site_id = plant
    async with database.write.begin() as session:
        stop = {"site_id": site_id, "equipment_id": ids["line/filler"], "state": "Held", "started_at": START}
        wrong = Stop(**stop, reason="", ended_at=START + timedelta(minutes=9), superseded_at=START + timedelta(hours=2))
        right = Stop(**stop, reason="jam", ended_at=START + timedelta(minutes=5))
        state = StateInterval(
            site_id=site_id,
            equipment_id=ids["line/filler"],
            state="Unknown",
            started_at=START,
            ended_at=START + timedelta(minutes=15),
        )
        session.add_all([wrong, state, StateInterval(
            site_id=site_id, equipment_id=ids["line/filler"], state="Execute", started_at=START + timedelta(minutes=15)
        )])  # fmt: skip
        await session.flush()
        session.add(right)
        await session.flush()
        wrong.superseded_by = right.id
    now = await ask(database, "stops", by=["reason"], start=START, end=START + timedelta(hours=1))
    assert now.rows == [{"reason": "jam", "stops": 1, "seconds": 300}]
    assert now.coverage == 0.75
    then = await ask(database, "stops", by=["reason"], as_of=START + timedelta(hours=1))
    assert then.rows == [{"reason": "unclassified", "stops": 1, "seconds": 540}]
    states = await ask(
        database, "states", by=["state"], start=START + timedelta(minutes=10), end=START + timedelta(minutes=30)
    )
    assert states.rows == [{"state": "Execute", "seconds": 900}, {"state": "Unknown", "seconds": 300}]


@pytest.mark.parametrize("noun", sorted(known_nouns()))
async def test_every_noun_answers_by_everything_it_declares(database, plant, noun):
    about = known_nouns()[noun]
    for name in about.all_dimensions():
        result = await ask(database, noun, by=[name], measures=list(about.measures))
        assert isinstance(result.as_json()["rows"], list)
    window = {"start": datetime(2026, 8, 1), "end": datetime(2026, 9, 1)} if about.time else {}
    assert (await ask(database, noun, as_of=START if about.as_of else None, **window)).as_json()["noun"] == noun


@given(st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_no_name_from_outside_gets_past_what_is_declared(name):
    for words in ({"by": [name]}, {"measures": [name]}, {"where": {name: ["x"]}}):
        try:
            found = asked("counts", **words)
        except LinesideError:
            continue
        assert name in found.noun.all_dimensions() or name in found.noun.measures


@given(st.text(max_size=60).filter(lambda value: "\x00" not in value and value.isprintable()))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_a_value_from_outside_is_only_compared(database, plant, value):
    found = await ask(database, where={"product": [value, "' OR 1=1 --"]})
    assert found.rows[0]["produced"] == (1000 if value == "A" else None)


async def test_wrong_questions_are_refused_with_what_there_is(database, plant):
    with pytest.raises(NotFound, match="Did you mean counts"):
        await ask(database, "count")
    with pytest.raises(BadInput, match="Did you mean machine"):
        await ask(database, by=["machin"])
    with pytest.raises(NotFound, match="no equipment"):
        await ask(database, where={"machine": ["moon"]})
    with pytest.raises(BadInput, match="before it begins"):
        await ask(database, start=datetime(2026, 9, 1), end=datetime(2026, 8, 1))
    for said in ("2018-13-01", "yesterday", "2018-11-01T25:00", "٢٠١٨-11-01"):
        with pytest.raises(BadInput, match="--from"):
            moment("--from", said)


async def test_counted_minutes_without_pieces_were_seen_and_gaps_were_not(database, plant):
    ids, site_id = plant
    window = {"start": START, "end": START + timedelta(hours=4), "where": {"machine": ["filler"]}}
    state = {"site_id": site_id, "equipment_id": ids["line/filler"], "state": "Execute", "started_at": START}
    async with database.write.begin() as session:
        session.add_all([
            StateInterval(**state),
            Tag(site_id=site_id, equipment_id=ids["line/filler"], name="good", connector="plc", meaning="good"),
        ])  # fmt: skip
    assert (await ask(database, **window)).coverage == 1
    assert (await ask(database, now=START + timedelta(hours=2), **window)).coverage == 1, (
        "what is yet to come is not held"
    )
    async with database.write.begin() as session:
        lost = {"started_at": START + timedelta(hours=1), "ended_at": START + timedelta(hours=2)}
        session.add(Gap(site_id=site_id, connector="plc", reason="link lost", **lost))
    assert (await ask(database, **window)).coverage == 0.75


async def test_time_before_the_first_word_and_after_the_last_was_not_seen(database, plant):
    ids, site_id = plant
    machine = {"site_id": site_id, "equipment_id": ids["line/filler"]}
    async with database.write.begin() as session:
        session.add(StateInterval(**machine, state="Execute", started_at=START))
        session.add(Tag(**machine, name="state", connector="plc", meaning="state"))
        link = Link(
            site_id=site_id, connector="plc", protocol="modbus", since=START, alive_at=START + timedelta(hours=1)
        )
        session.add(link)
    window = {"start": START - timedelta(hours=3), "end": START + timedelta(hours=1)}
    for noun in ("states", "stops", "losses"):
        assert (await ask(database, noun, **window)).coverage == 0.25
        dead = await ask(database, noun, **(window | {"end": START + timedelta(hours=5)}))
        assert dead.coverage == 0.125


async def test_counts_are_corrected_in_place_and_say_so(database, plant):
    with pytest.raises(BadInput, match="counts cannot tell what was known before"):
        await ask(database, as_of=START)
