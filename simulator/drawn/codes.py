"""How a drawn plant's controllers number the reasons of stops, and alarms."""

from simulator.drawn.kinds import KINDS

CODES = {
    (kind.name, index): 10 * number + index + 1 for number, kind in enumerate(KINDS.values(), 1) for index in range(3)
}
"""A stop reason's code; the alarm's is a hundred more times five, so that the two are told apart."""
NO_MATERIAL, WRONG_AIR = 3, 4
REASONS = {code: KINDS[kind].causes[index][0] for (kind, index), code in CODES.items()} | {
    NO_MATERIAL: "no material",
    WRONG_AIR: "low air pressure",
    5: "planned maintenance",
    6: "repair",
}
ALARMS = {code + 500: f"E{code + 500} {KINDS[kind].causes[index][1]}" for (kind, index), code in CODES.items()} | {
    503: "E503 no material at the infeed",
    504: "E504 air pressure low",
    701: "W701 drive near its limit",
    702: "W702 nothing comes from the machine before",
    703: "W703 way out is full",
    704: "W704 control voltage dipped",
}
