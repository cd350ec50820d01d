"""What is offered next: about what was looked at, or what can always be asked."""

import json

from agents.follow_ups import follow_ups
from agents.planner.planner import understood
from agents.planner.vocabulary import vocabulary


def asked(tool: str, name: str | None, question: str = "?") -> tuple[str, ...]:
    about = {"equipment": "w/line-1", "name": name} if name else {}
    return follow_ups(
        [
            {"role": "user", "content": question},
            {"role": "tool", "name": tool, "content": json.dumps({}), "about": about},
        ]
    )


def test_a_question_about_a_line_offers_what_is_next_of_it():
    assert asked("find_bottleneck", "Line 1")[0] == "What cost Line 1 most this week?"


def test_where_no_line_was_named_none_is_spoken_of():
    for tool in ("list_losses", "find_bottleneck", "get_line_status"):
        offered = asked(tool, None)
        assert len(offered) == 3
        assert not [text for text in offered if "the line" in text or "{" in text]


def test_what_was_just_asked_is_not_offered():
    assert "What is wrong right now?" not in asked("get_energy", None, "what is wrong right now")


def test_whatever_is_offered_is_understood():
    node = {
        "equipment": "w/line-1",
        "name": "Line 1",
        "level": "work_center",
        "line": "w/line-1",
        "aliases": [],
        "parts": [],
    }
    plant = {"site": "W", "currency": "EUR", "zone": "UTC", "now": "2026-11-18T16:20:00+00:00", "equipment": [node],
             "products": [], "orders": []}  # fmt: skip
    names = vocabulary(plant)
    tools = (
        "get_line_status",
        "list_losses",
        "get_capability",
        "find_bottleneck",
        "compare_crews",
        "get_energy",
        "list_conditions",
    )
    for tool in tools:
        for text in (*asked(tool, "Line 1"), *asked(tool, None)):
            assert understood(text, [], names)[1].name != "unknown", text
