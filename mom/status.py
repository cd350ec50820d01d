"""The status of a reading: the OPC UA status code in the low 32 bits, our own marks above it. 0 is good.

Source: OPC UA part 4, 7.39 (severity in bits 30 and 31, info bits of a data value in bits 7 to 10).
"""

BAD = 0x8000_0000
SEVERITY = 0xC000_0000
OVERFLOW = 0x480
"""Info type `DataValue` with the Overflow bit: values before this one were dropped by the source's queue."""

TIME_MISSING = 1 << 32
"""The source told no time, or none that can be (before 1971, from 2100 on): `at` is when we received it."""
TIME_AHEAD = 1 << 33
"""The source's time was ahead of ours by more than a minute; it is kept as told, and no sign of how far history has come."""
TIME_JUMPED = 1 << 34
"""Our own clock was set by more than a second just before this reading was taken."""

BAD_COMMUNICATION = 0x8005_0000
BAD_CONFIGURATION = 0x8089_0000
BAD_NO_COMMUNICATION = 0x8031_0000
BAD_DEVICE_FAILURE = 0x808B_0000


def is_good(status: int) -> bool:
    """Whether the value may be used. An overflow or a suspicious time does not make a value wrong."""
    return status & SEVERITY == 0


def has_overflow(status: int) -> bool:
    return status & OVERFLOW == OVERFLOW
