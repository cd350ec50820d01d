"""Pages in words: what is said first, what is marked, what opens."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agents.answer import Answer, Checked, Citation
from api.views.improvement import headline
from api.views.loss import diagnosis_view
from api.views.rows import rows_view
from api.web.answer import answer_html
from api.web.page import ref_words, ticks
from mom.blocks import TimelineBlock

NOW = datetime(2026, 8, 23, 14, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Vienna")


def made(text: str, **more) -> str:
    return answer_html(Answer(run_id="r", agent="front_desk", model="built-in", text=text, **more))


def test_a_number_that_no_tool_returned_is_marked():
    html = made("The capper lost 417 bottles.", checked=Checked(numbers=1, unsupported=((16, 19),)))
    assert '<span class="unchecked" title="No tool returned this number">417</span>' in html


def test_a_citation_opens_its_row_and_an_unknown_one_stays_text():
    html = made("It jammed [1], then [7].", citations=(Citation(n=1, ref="stop:12", text='Jam "at" 9'),))
    assert 'data-row="stop:12" title="Jam &quot;at&quot; 9">1</button>' in html
    assert "[7]" in html


def test_markdown_is_cleaned():
    html = made("**bold** <b onclick=x>raw</b> [a](javascript:x) ![i](x)\n\n| a |\n|---|\n| 1 |")
    assert "<strong>bold</strong>" in html
    assert "<td>1</td>" in html
    for bad in ("onclick=x>", "<a", "<img", "<b "):
        assert bad not in html


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        ([], "No improvement task yet."),
        ([None, None], "2 tasks, none checked yet."),
        (["better", "worse", None], "1 of 2 checked tasks helped."),
        (["cannot tell"], "1 task checked; the data cannot tell yet whether it helped."),
        (["worse", "cannot tell"], "None of 2 checked tasks helped."),
    ],
)
def test_the_improvement_page_says_first_what_helped(verdicts, said):
    assert headline([{"effect": {"verdict": verdict} if verdict else None} for verdict in verdicts]) == said


@pytest.mark.parametrize(
    ("hours", "shown"),
    [
        (2, ["14:30", "15:00", "15:30"]),
        (8, ["15:00", "16:00", "17:00", "18:00", "19:00", "20:00", "21:00"]),
        (72, ["Mon 24", "Tue 25", "Wed 26"]),
    ],
)
def test_a_timeline_is_marked_at_round_hours_or_days(hours, shown):
    start = datetime(2026, 8, 23, 14, 0, tzinfo=ZONE)
    found = ticks(TimelineBlock(title="", start=start, end=start + timedelta(hours=hours), lanes=()))
    words = [word for _, word in found]
    assert [word for word in shown if word not in words] == []
    assert all(2 <= place <= 98 for place, _ in found)
    assert [place for place, _ in found] == sorted(place for place, _ in found)


def test_rows_are_shown_latest_first_in_the_plants_time_without_empty_columns():
    rows = [
        {"ref": f"stop:{n}", "noun": "stops", "id": n, "equipment": "works/capper", "reason": "jam", "mode": "",
         "started_at": (NOW + timedelta(minutes=n)).isoformat(), "evidence": [f"alarm:{m}" for m in range(9)]}
        for n in range(700)
    ]  # fmt: skip
    view = rows_view("stops", rows, {"equipment": "works/capper", "from": NOW.isoformat()}, NOW, ZONE)
    assert view["title"] == "700 stops of works/capper"
    assert view["window"] == "from 16:00"
    assert view["columns"] == ["reason", "started", "evidence"]
    assert (len(view["rows"]), view["more"]) == (500, 200)
    assert view["rows"][0]["ref"] == "stop:699"
    assert view["rows"][-1]["cells"][2] == "alarm:0, alarm:1, alarm:2, alarm:3, alarm:4, alarm:5 and 3 more"
    assert ("stops", "/data/rows/stops?equipment=works%2Fcapper&from=2026-08-23T14%3A00%3A00%2B00%3A00", True) in view[
        "others"
    ]


def test_a_diagnosis_is_answered_first_in_words_and_never_called_certain():
    told = {
        "sufficient": True,
        "summary": "all of it",
        "measure_next": "",
        "causes": [{"cause": "the chuck", "score": 0.999}],
    }
    view = diagnosis_view(told)
    assert (view["answer"], view["causes"][0]["percent"]) == ("Almost certainly the chuck.", 99)
    refused = diagnosis_view(
        {**told, "sufficient": False, "summary": "Insufficient evidence.", "measure_next": "Measure it."}
    )
    assert refused["answer"] == "Insufficient evidence. Measure it."


def test_a_reference_is_said_as_words_and_a_tag_keeps_its_name():
    assert [ref_words(ref) for ref in ("maintenance_order:29", "signal:L1.set_speed")] == [
        "maintenance order 29",
        "signal L1.set_speed",
    ]
