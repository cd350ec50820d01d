"""How two times are called in one sentence."""

import pytest

from tools.changed import _when


@pytest.mark.parametrize(
    ("label", "alone", "beside_the_same"),
    [
        ("night shift, Sat 21 Nov 22:00 to Sun 06:00", "in the night shift", "in the night shift (Sat 21 Nov 22:00 to Sun 06:00)"),
        ("this week, since 00:00", "this week", "this week (since 00:00)"),
        ("Mon 16 Nov 00:00 to 06:10", "from Mon 16 Nov 00:00 to 06:10", "from Mon 16 Nov 00:00 to 06:10"),
        ("Saturday 21 November", "on Saturday 21 November", "on Saturday 21 November"),
        ("yesterday", "yesterday", "yesterday"),
    ],
)  # fmt: skip
def test_a_time_reads_as_part_of_a_sentence(label, alone, beside_the_same):
    assert (_when(label, False), _when(label, True)) == (alone, beside_the_same)
