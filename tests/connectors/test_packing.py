"""Times that no machine can mean are taken as no time at all."""

import struct
from datetime import UTC, datetime, timedelta

import pytest

from connectors.connector import Reading
from connectors.packing import Slot, microseconds, pack
from mom.plant.schema import TagType
from mom.status import TIME_AHEAD, TIME_MISSING

NOW = datetime(2026, 8, 1, 12, tzinfo=UTC)
SLOTS = {"speed": Slot(1, TagType.float64)}


@pytest.mark.parametrize(
    ("told", "kept", "mark"),
    [
        (NOW - timedelta(hours=1), NOW - timedelta(hours=1), 0),
        (datetime(2031, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC), TIME_AHEAD),
        (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), NOW, TIME_MISSING),
        (datetime(2300, 1, 1, tzinfo=UTC), NOW, TIME_MISSING),
        (datetime(1601, 1, 1, tzinfo=UTC), NOW, TIME_MISSING),
    ],
)
def test_an_absurd_time_is_none(told: datetime, kept: datetime, mark: int) -> None:
    packed = pack([Reading("speed", told, 1.0)], SLOTS, NOW)
    _, _, _, _, at, *_, status = struct.unpack(">hiiiqiqidiiq", packed.numbers)
    assert (at, status) == (microseconds(kept), mark)
