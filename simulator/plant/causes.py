"""Why machines of a bottling line stop by themselves: the ordinary noise of a plant, per kind of machine."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StopCause:
    """One way to stop. Times are means in minutes; `apart` counts running time only (ISO 14224: operating time)."""

    name: str
    code: int  # as the stop reason register shows it
    apart: float
    lasts: float
    alarm: bool = False  # the controller sees it by itself, at once
    unnamed: float = 0.15  # share of stops whose reason nobody enters
    breakdown: bool = False  # needs a technician
    part: str = ""


JAM_IN, FALLEN, JAM_OUT, CAP_JAM, NO_CAPS, REEL, BREAK, GLUE, CARTONS, PALLET = 10, 11, 12, 13, 14, 15, 16, 17, 18, 19
DOOR, CLEANING, VALVE, SENSOR, DRIVE, AIR, GRIPPER, FILM, PAD, MATERIAL, QUALITY = (
    20,
    21,
    22,
    23,
    24,
    25,
    26,
    27,
    28,
    30,
    31,
)
PLANNED, REPAIR = 40, 41
ALARMS = frozenset(
    {
        JAM_IN,
        FALLEN,
        JAM_OUT,
        CAP_JAM,
        NO_CAPS,
        BREAK,
        GLUE,
        CARTONS,
        PALLET,
        DOOR,
        VALVE,
        SENSOR,
        DRIVE,
        AIR,
        GRIPPER,
        PAD,
    }
)
"""Reasons that the controller can also raise as an alarm; the alarm's code is the reason's plus 100."""


def alarm_of(code: int) -> int:
    return 100 + code if code in ALARMS else 0


CAUSES: dict[str, tuple[StopCause, ...]] = {
    "depalletiser": (
        StopCause("fallen", FALLEN, 70, 0.8),
        StopCause("jam", JAM_IN, 190, 1.6, alarm=True),
        StopCause("pad", PAD, 700, 5.0, alarm=True),
        StopCause("drive", DRIVE, 9000, 45, alarm=True, breakdown=True, part="lift drive"),
    ),
    "filler": (
        StopCause("fallen", FALLEN, 75, 0.9, alarm=True),
        StopCause("valve", VALVE, 420, 4.5, alarm=True, unnamed=0.05),
        StopCause("door", DOOR, 260, 1.2, alarm=True),
        StopCause("cleaning", CLEANING, 620, 6.0, unnamed=0.3),
        StopCause("drive", DRIVE, 11000, 60, alarm=True, breakdown=True, part="main drive"),
    ),
    "capper": (
        StopCause("jam", CAP_JAM, 130, 1.5, alarm=True),
        StopCause("empty", NO_CAPS, 240, 2.0, alarm=True),
        StopCause("drive", DRIVE, 10000, 50, alarm=True, breakdown=True, part="head drive"),
    ),
    "labeller": (
        StopCause("break", BREAK, 110, 1.7, alarm=True),
        StopCause("reel", REEL, 160, 1.1, unnamed=0.05),
        StopCause("sensor", SENSOR, 560, 3.5, unnamed=0.35),
        StopCause("drive", DRIVE, 9500, 40, alarm=True, breakdown=True, part="carousel drive"),
    ),
    "packer": (
        StopCause("jam", JAM_OUT, 100, 1.4, unnamed=0.3),
        StopCause("cartons", CARTONS, 170, 1.3, alarm=True),
        StopCause("glue", GLUE, 640, 5.5, alarm=True),
        StopCause("air", AIR, 2400, 3.0, alarm=True),
        StopCause("gripper", GRIPPER, 9000, 45, alarm=True, breakdown=True, part="gripper head"),
    ),
    "palletiser": (
        StopCause("pallet", PALLET, 160, 1.4, alarm=True),
        StopCause("film", FILM, 220, 2.2, unnamed=0.25),
        StopCause("gripper", GRIPPER, 700, 6.0, alarm=True),
        StopCause("drive", DRIVE, 10000, 60, alarm=True, breakdown=True, part="lift drive"),
    ),
}

SCRAP: dict[str, dict[str, float]] = {
    "depalletiser": {"broken": 0.0008},
    "filler": {"underfill": 0.0035},
    "capper": {"torque": 0.0020, "no_cap": 0.0012},
    "labeller": {"label": 0.0040},
    "packer": {"carton": 0.0010},
    "palletiser": {},
}
"""Share of what a machine takes in that it throws out, by reason, on an ordinary day."""

OVERSPEED = {"depalletiser": 1.28, "filler": 1.0, "capper": 1.10, "labeller": 1.17, "packer": 1.24}
"""Speed against the filler's (the V of a line: machines further from the constraint are faster)."""
