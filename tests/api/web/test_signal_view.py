"""A signal's course as it is drawn, and said in words."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from api.views.signal import signal_chart
from mom.facts import Window
from mom.store.curve import Curve

VIENNA = ZoneInfo("Europe/Vienna")


def course(start: datetime, values: list[float]) -> Curve:
    """A mean every five minutes."""
    slot = timedelta(seconds=300)
    points = tuple((start + slot * n, value) for n, value in enumerate(values))
    return Curve("torque", "Nm", Window(start, start + slot * len(values)), 300, points, len(values), True)


def test_what_came_after_the_loss_is_not_told_as_the_loss():
    start = datetime(2026, 3, 2, 6, tzinfo=UTC)
    curve = course(start, [2.0] * 12 + [1.0] * 12 + [9.0] * 12)
    hour = timedelta(hours=1)
    chart = signal_chart(curve, VIENNA, start + hour, start + 2 * hour, start + 3 * hour)
    assert chart.text.endswith("2 Nm on average, while it lasted 1 Nm.")
    chart = signal_chart(curve, VIENNA, start + hour, None, start + 3 * hour)
    assert chart.text.endswith("2 Nm on average, since then 5 Nm.")


def test_time_goes_on_where_clocks_are_changed():
    for change, name in (
        (datetime(2026, 10, 25, 1, tzinfo=UTC), "CET"),
        (datetime(2026, 3, 29, 1, tzinfo=UTC), "CEST"),
    ):
        curve = course(change - timedelta(hours=2), [1.0] * 48)
        spec = signal_chart(curve, VIENNA, None, None, curve.window.end).spec
        shown = [datetime.fromisoformat(row["at"]) for row in spec["data"]["values"]]
        assert {after - before for before, after in pairwise(shown)} == {timedelta(minutes=5)}
        assert spec["layer"][0]["encoding"]["x"]["title"] == f"Clock of {name}"
