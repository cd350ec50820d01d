"""The built-in planner understands its own examples, typing errors and the plant's names."""

import pytest

from agents.planner.intent import Seen
from agents.planner.planner import ENOUGH, best, intents, understood
from agents.planner.typos import distance, mended
from agents.planner.vocabulary import vocabulary

PLANT = {
    "site": "Works",
    "currency": "EUR",
    "zone": "Europe/Vienna",
    "now": "2026-11-18T16:20:00+01:00",
    "equipment": [
        {"equipment": path, "name": name, "level": level, "line": line, "aliases": aliases, "parts": parts}
        for path, name, level, line, aliases, parts in (
            ("w/line-1", "Line 1", "work_center", "w/line-1", ["L1", "water line"], []),
            ("w/line-1/filler", "Filler 1", "work_unit", "w/line-1", ["filler"], ["fill valves"]),
            ("w/line-1/capper", "Capper 1", "work_unit", "w/line-1", ["capper"], ["chuck"]),
            ("w/line-2", "Line 2", "work_center", "w/line-2", ["L2"], []),
            ("w/line-2/filler", "Filler 2", "work_unit", "w/line-2", ["filler"], ["fill valves"]),
            ("w/line-2/capper", "Capper 2", "work_unit", "w/line-2", ["capper"], ["chuck"]),
            ("w/palletiser", "Palletiser", "work_center", "w/palletiser", ["robot palletiser"], []),
        )
    ],
    "products": [{"product": "OJ-075", "name": "Orange juice 0.75 l", "aliases": ["orange"]}],
    "orders": ["PO-1042"],
    "calendar": {"shifts": [{"name": "late", "start": "14:00", "end": "22:00"}]},
}
NAMES = vocabulary(PLANT)
EXAMPLES = [(name, example) for name, intent in intents().items() for example in intent.examples]


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[example for _, example in EXAMPLES])
def test_every_example_is_understood_as_its_own_intent(name, example):
    request, intent = understood(example, [], NAMES)
    assert intent.name == name
    assert intent.fits(request) >= ENOUGH


@pytest.mark.parametrize(
    ("question", "paths"),
    [
        ("How is line 2?", ["w/line-2"]),
        ("how is L1 doing", ["w/line-1"]),
        ("the capper on line 2 stopped, why?", ["w/line-2/capper"]),
        ("why did line 2's capper stop", ["w/line-2/capper"]),
        ("why did capper 1 stop", ["w/line-1/capper"]),
        ("why did the cappper on lnie 2 stop", ["w/line-2/capper"]),
        ("how is the robot palletizer now", ["w/palletiser"]),
        ("compare line 1 and line 2", ["w/line-1", "w/line-2"]),
        ("why did the filler stop", ["w/line-1/filler", "w/line-2/filler"]),
        ("what cost us most", []),
    ],
)
def test_equipment_is_found_by_its_names(question, paths):
    request, _ = understood(question, [], NAMES)
    assert [named.key for named in request.equipment] == paths


def test_products_orders_parts_and_times_are_found():
    request, _ = understood("scrap of orange juice 0.75 l since 6", [], NAMES)
    assert request.product == "OJ-075"
    assert request.whens[0].label == "since 06:00"
    request, intent = understood("move order po-1042 to line 2", [], NAMES)
    assert (intent.name, request.orders[0].key, request.where) == ("move_order", "PO-1042", "w/line-2")
    request, intent = understood("replace the chuck on line 2", [], NAMES)
    assert (intent.name, request.parts[0].key) == ("repair", "chuck")


def test_it_is_what_was_spoken_of_before():
    earlier = [{"role": "user", "content": "how is capper 2"}, {"role": "assistant", "content": "…"}]
    earlier[1]["understood"] = [{"name": "equipment", "value": "w/line-2/capper"}]
    request, intent = understood("why did it stop?", earlier, NAMES)
    assert (intent.name, request.where) == ("why", "w/line-2/capper")
    request, intent = understood("and the filler?", earlier, NAMES)
    assert (intent.name, request.where) == ("status", "w/line-2/filler")


@pytest.mark.parametrize("question", ["tell me a joke", "what is the capital of france", "", "lkjsdf lkj"])
def test_nonsense_is_not_understood(question):
    request, intent = understood(question or " ", [], NAMES)
    assert intent.name == "unknown"
    assert best(request) is None


@pytest.mark.parametrize("question", ["How is line 7 now?", "why did filler 9 stop"])
def test_a_machine_that_is_not_there_is_not_taken_for_another(question):
    request, _ = understood(question, [], NAMES)
    assert request.strange


def test_typing_errors_are_mended_only_where_one_word_is_near():
    known = {"capper", "filler", "yesterday", "scrap", "how", "chuck"}
    assert mended("teh fller and the caper yesterdya hwo", known) == "teh filler and the capper yesterday how"
    assert mended("chuck", known) == "chuck"
    assert distance("abcd", "abdc", 2) == 1
    assert distance("abcd", "wxyz", 2) == 3


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("what is wrong right now", "attention"),
        ("wats wrong on line 2", "attention"),
        ("anything wrong?", "attention"),
        ("what's wrong with capper 2", "why"),
        ("is the sensor on the filler wrong", "conditions"),
        ("what fixed the cap jam last time", "past"),
        ("how did we fix the drive fault before", "past"),
        ("what drives the drive faults", "drivers"),
        ("who made the mistake on the capper", "crews"),
        ("whos fault was it", "crews"),
        ("which crew is slower", "crews"),
        ("who can repair the capper", "resources"),
        ("how much money did we lose this week", "losses"),
        ("what did line 2 cost us this week", "losses"),
        ("why less bottles today", "compare"),
        ("what slows line 1 down", "bottleneck"),
        ("how much power does line 1 use", "energy"),
        ("how r the lines", "status"),
        ("line 2?", "status"),
        ("which product runs worst on line 2", "figures"),
        ("was the last shift good", "handover"),
        ("which shift makes most scrap", "scrap"),
        ("how much scrap at capper 2 this week and why", "scrap"),
        ("what did we change on the capper", "past"),
        ("what happend last nite", "why"),
    ],
)
def test_questions_as_they_are_typed_on_the_floor(question, name):
    assert understood(question, [], NAMES)[1].name == name


def test_what_it_cost_is_asked_of_the_time_that_was_spoken_of():
    earlier = [{"role": "user", "content": "why was line 2 worse yesterday"}, {"role": "assistant", "content": "…"}]
    window = "2026-11-17T00:00:00+01:00/2026-11-18T00:00:00+01:00"
    earlier[1]["understood"] = [{"name": "equipment", "value": "w/line-2"}, {"name": "window", "value": window}]
    request, intent = understood("what did it cost?", earlier, NAMES)
    (call,) = intent.plan(request, Seen())
    start, _, end = window.partition("/")
    assert (call.tool, call.given()) == ("list_losses", {"equipment": "w/line-2", "start": start, "end": end})


def test_a_cap_is_no_part_of_a_capper_or_of_scrap():
    request, intent = understood("what drives scrap on the capper of line 2", [], NAMES)
    assert intent.plan(request, Seen())[0].given() == {"equipment": "w/line-2/capper", "what": "scrap"}


def test_short_words_are_never_taken_for_a_plants_own_names():
    assert mended("how r the mins", {"how", "the", "r"}) == "how r the minutes"
    assert mended("happend", {"happened", "happens"}) == "happened"
