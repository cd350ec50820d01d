"""Past cases are found by meaning, by words, and within their filters."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import func, select

from mom.knowledge.embedding import MiniLM, embedder
from mom.knowledge.index import index_all, index_new
from mom.knowledge.passages import parts
from mom.knowledge.search import Wanted, find
from mom.knowledge.wordpiece import WordPiece
from mom.models import Document, Equipment, MaintenanceOrder, Note, Passage, Site, Stop
from mom.settings import Settings

AT = datetime(2026, 3, 20, 8, 0, tzinfo=UTC)
REPAIRS = {
    "1": ("w/line-2/capper", "Chuck of head 4 replaced", "Caps were jamming, torque had dropped to 1.2 Nm"),
    "2": ("line-1/filler", "Fill valve seals renewed", "Valve 7 was dripping"),
    "3": ("w/line-1/capper", "Cap chute cleaned", "Dust and broken caps in the chute"),
    "4": ("w/line-2/labeller", "Glue roller adjusted", "Labels sat askew"),
}


@pytest.fixture
async def plant(database):
    """A site with four repairs, a note, stops and a manual."""
    async with database.write.begin() as session:
        site = Site(code="w", name="Works")
        session.add(site)
        await session.flush()
        machine = Equipment(site_id=site.id, path="w/line-1/filler", code="filler", name="Filler 1", level="work_unit")
        session.add(machine)
        await session.flush()
        for key, (path, title, text) in REPAIRS.items():
            order = {"equipment": path, "title": title, "text": text, "status": "done", "ended_at": AT}
            session.add(MaintenanceOrder(site_id=site.id, source="cmms", key=key, **order))
        note = {
            "equipment": "line-2/labeller",
            "text": "label web tears when reel is changed",
            "at": AT + timedelta(days=2),
        }
        session.add(Note(site_id=site.id, source="book", key="1", **note))
        for minutes, reason in ((12, "drive overload"), (2, "fallen bottle"), (9, "")):
            span = {
                "started_at": AT + timedelta(hours=minutes),
                "ended_at": AT + timedelta(hours=minutes, minutes=minutes),
            }
            session.add(Stop(site_id=site.id, equipment_id=machine.id, state="Held", reason=reason, **span))
        manual = "How to set the torque.\n\n" + "x " * 900
        session.add(Document(site_id=site.id, source="plm", key="M1", title="Capper manual", body=manual))
    await index_all(database, Settings())
    return site.id


async def found(database, site_id, text, **wanted):
    async with database.read() as session:
        return await find(session, Wanted(text=text, site_id=site_id, **wanted), Settings())


async def test_every_row_worth_finding_becomes_a_passage_once(database, plant):
    async with database.read() as session:
        kinds = dict((await session.execute(select(Passage.kind, func.count()).group_by(Passage.kind))).all())
        without = await session.scalar(select(func.count()).where(Passage.embedding.is_(None)))
    assert kinds == {"repair": 4, "note": 1, "stop": 1, "document": 3}
    assert without == 0
    assert await index_new(database, Settings()) == 0


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("new gripping head because tops jammed", "Chuck of head 4 replaced"),
        ("leaking nozzle", "Fill valve seals renewed"),
        ("sticker crooked on the bottle", "Glue roller adjusted"),
        ("motor overloaded", "Stop: drive overload"),
        ("torn label", "label web tears when reel is changed"),
    ],
)
async def test_a_case_is_found_by_meaning_where_no_word_is_the_same(database, plant, text, subject):
    result = await found(database, plant, text)
    assert result.how == "meaning and words"
    assert result.hits[0].title == subject


async def test_filters_of_equipment_kind_and_time_hold(database, plant):
    on_line_1 = await found(database, plant, "caps", equipment="w/line-1")
    assert {hit.equipment for hit in on_line_1.hits} == {"w/line-1/capper", "w/line-1/filler"}
    assert {hit.kind for hit in (await found(database, plant, "caps", kind="repair")).hits} == {"repair"}
    later = await found(database, plant, "caps", since=AT + timedelta(days=1))
    assert [hit.kind for hit in later.hits] == ["note"]
    earlier = await found(database, plant, "labels", before=AT)
    assert {hit.kind for hit in earlier.hits} == {"repair", "document"}
    assert (await found(database, 99, "caps")).hits == []


async def test_without_a_model_words_alone_are_looked_for(database, plant, monkeypatch):
    monkeypatch.setattr("mom.knowledge.search.embedder", lambda settings: None)
    result = await found(database, plant, "torques dropping")
    assert result.how == "words"
    assert result.hits[0].title == "Chuck of head 4 replaced"


async def test_a_large_index_still_fills_the_limit_under_a_narrow_filter(database, plant, monkeypatch):
    monkeypatch.setattr("mom.knowledge.search.EXACT_BELOW", 1)
    result = await found(database, plant, "caps", equipment="w/line-2", limit=3)
    assert len(result.hits) == 2


async def test_the_model_gives_unit_vectors_that_are_near_for_like_texts():
    vectors = await MiniLM().vectors(["the pump leaks", "water drips from the pump", "the invoice is overdue"])
    assert vectors.shape == (3, 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
    assert vectors[0] @ vectors[1] > 0.5 > vectors[0] @ vectors[2]
    alone = await MiniLM().vectors(["the pump leaks"])
    assert float(alone[0] @ vectors[0]) > 0.97  # padding changes nothing but int8 rounding


def test_words_are_cut_into_the_longest_known_pieces():
    known = {
        word: number for number, word in enumerate(["[CLS]", "[SEP]", "[UNK]", "cap", "##per", "jam", ",", "cafe"])
    }
    pieces = WordPiece(known)
    assert pieces.ids("Capper, jam! Café") == [0, 3, 4, 6, 5, 2, 7, 1]
    assert WordPiece(known, longest=4).ids("jam jam jam jam") == [0, 5, 5, 1]


def test_a_long_text_is_cut_at_paragraphs():
    assert parts("a\n\nb", 10) == ["a\n\nb"]
    assert parts("aaaa\n\nbbbb", 6) == ["aaaa", "bbbb"]
    assert parts("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]


def test_an_endpoint_takes_the_models_place():
    assert embedder(Settings(EMBEDDINGS_URL="http://127.0.0.1:1/v1", EMBEDDINGS_MODEL="m")).name == "m"
