"""An expert's graph leaves the nearest odd signals before an alarm."""

from mom.cause_graph.graph import cause_graph, graph_suspects
from mom.cycles.oddity import Oddity
from mom.cycles.suspects import Trouble

GRAPH = cause_graph(
    [("leak", "level"), ("level", "low"), ("command", "slow"), ("sensor", "slow"), ("slow", "error"), ("low", "error")],
    alarms=["low", "slow", "error"],
)


def odd(signal: str, at: float) -> Oddity:
    return Oddity(signal, at, "moved", True)


def told(alarms: list[tuple[float, str]], *odd_ones: Oddity) -> list[str]:
    return [s.signal for s in graph_suspects(GRAPH, Trouble(tuple(alarms), tuple(odd_ones)))]


def test_the_odd_one_of_those_that_act_upon_the_alarm_comes_first():
    assert told([(10.0, "slow")], odd("sensor", 9.0), odd("elsewhere", 8.0)) == ["sensor", "command"]


def test_where_no_direct_one_is_odd_it_looks_one_step_further():
    assert told([(10.0, "low")], odd("leak", 4.0)) == ["leak", "level"]


def test_alarms_are_passed_over_and_never_blamed():
    both = told([(10.0, "error")], odd("level", 9.0), odd("low", 9.5))
    assert both[0] == "level" and not {"low", "slow"} & set(both)


def test_each_alarm_in_turn_has_its_own():
    both = told([(10.0, "low"), (20.0, "slow")], odd("level", 9.0), odd("sensor", 19.0))
    assert both == ["level", "sensor", "command"]


def test_what_was_odd_only_after_the_alarm_is_not_blamed_for_it():
    assert told([(10.0, "slow")], odd("sensor", 12.0)) == ["command", "sensor"]


def test_an_alarm_that_the_graph_does_not_know_has_no_suspect():
    assert told([(10.0, "unheard_of")], odd("level", 9.0)) == []
