"""Kinds of machines that a drawn plant is put together from: what jams, what is thrown out, what is measured there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Quantity:
    """A measured quantity about `level` with `spread`; `ambient`: spreads by which a warm afternoon lifts it;
    `load`: share of the level that is gone while the machine stands."""

    key: str
    name: str
    unit: str
    level: float
    spread: float
    ambient: float = 0.0
    load: float = 0.0


@dataclass(frozen=True)
class Kind:
    """`causes`: (reason that an operator enters, alarm text). `scrap`: reasons. `material`: what it takes lots of."""

    name: str
    title: str
    causes: tuple[tuple[str, str], ...]
    scrap: tuple[str, ...]
    signals: tuple[Quantity, ...]
    parts: tuple[str, ...]
    material: str = ""
    tools: bool = False


def _q(
    key: str, name: str, unit: str, level: float, spread: float, ambient: float = 0.0, load: float = 0.0
) -> Quantity:
    return Quantity(key, name, unit, level, spread, ambient, load)


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "feeder",
            "Feeder",
            (
                ("jam at the infeed", "infeed jammed"),
                ("part lying", "part lying"),
                ("gripper fault", "gripper lost part"),
            ),
            ("bent",),
            (
                _q("current", "drive current", "A", 12.0, 0.25, 0.3, 0.8),
                _q("vibration", "vibration", "mm/s", 2.1, 0.08, 0.0, 0.9),
            ),
            ("gripper", "lift drive", "infeed belt"),
            "blanks",
        ),
        Kind(
            "press",
            "Press",
            (
                ("tool jammed", "ram overload"),
                ("part not ejected", "ejector not back"),
                ("oil pressure", "oil pressure low"),
            ),
            ("cracked", "burr"),
            (
                _q("force", "press force", "kN", 410.0, 3.5),
                _q("oil_temperature", "oil temperature", "°C", 46.0, 0.6, 2.0, 0.25),
                _q("vibration", "vibration", "mm/s", 3.0, 0.1, 0.0, 0.9),
            ),
            ("die", "ejector", "hydraulic pump"),
            "sheet",
            True,
        ),
        Kind(
            "washer",
            "Washer",
            (
                ("nozzle blocked", "spray pressure low"),
                ("carrier jam", "carrier jammed"),
                ("pump fault", "pump overload"),
            ),
            ("not clean",),
            (
                _q("pressure", "spray pressure", "bar", 3.2, 0.04),
                _q("bath_temperature", "bath temperature", "°C", 61.0, 0.5, 0.8, 0.05),
            ),
            ("nozzle", "pump", "conveyor chain"),
        ),
        Kind(
            "oven",
            "Oven",
            (("chain jam", "chain overload"), ("burner fault", "flame lost"), ("fan fault", "fan overload")),
            ("underbaked", "burnt"),
            (
                _q("temperature", "zone temperature", "°C", 212.0, 1.1, 0.5, 0.03),
                _q("fan_current", "fan current", "A", 21.0, 0.3),
            ),
            ("burner", "fan", "chain"),
        ),
        Kind(
            "moulder",
            "Moulder",
            (
                ("sprue stuck", "mould not closed"),
                ("hopper empty", "material low"),
                ("heater fault", "barrel temperature"),
            ),
            ("short shot", "flash"),
            (
                _q("pressure", "injection pressure", "bar", 880.0, 8.0),
                _q("barrel_temperature", "barrel temperature", "°C", 231.0, 0.9, 0.4, 0.02),
                _q("cycle_time", "cycle time", "s", 18.4, 0.12, 0.0, 0.0),
            ),
            ("mould", "screw", "heater band"),
            "granulate",
            True,
        ),
        Kind(
            "filler",
            "Filler",
            (
                ("fallen piece", "piece lying"),
                ("valve fault", "valve does not close"),
                ("no product", "product pressure low"),
            ),
            ("underfilled", "spilled"),
            (
                _q("fill_pressure", "fill pressure", "bar", 2.4, 0.025),
                _q("product_temperature", "product temperature", "°C", 8.4, 0.25, 1.6),
            ),
            ("fill valves", "star wheel", "product pump"),
            "concentrate",
        ),
        Kind(
            "capper",
            "Capper",
            (("cap jam", "capping head overload"), ("no caps", "cap chute empty"), ("drive fault", "drive overload")),
            ("wrong torque", "cap missing"),
            (
                _q("torque", "application torque", "Nm", 1.8, 0.03),
                _q("current", "head current", "A", 6.2, 0.12, 0.2, 0.85),
            ),
            ("chuck", "cap chute", "head drive"),
            "caps",
        ),
        Kind(
            "welder",
            "Welder",
            (
                ("electrode stuck", "electrode stuck"),
                ("cooling fault", "cooling flow low"),
                ("part not clamped", "clamp open"),
            ),
            ("weak weld", "splash"),
            (
                _q("weld_current", "weld current", "kA", 9.1, 0.08),
                _q("cooling_temperature", "cooling temperature", "°C", 24.0, 0.35, 2.2),
                _q("electrode_force", "electrode force", "kN", 3.4, 0.03),
            ),
            ("electrode", "clamp", "cooling circuit"),
            "wire",
            True,
        ),
        Kind(
            "cutter",
            "Cutter",
            (
                ("chip jam", "chip conveyor jammed"),
                ("blade fault", "spindle overload"),
                ("guard open", "guard door open"),
            ),
            ("out of size",),
            (
                _q("spindle_torque", "spindle torque", "Nm", 34.0, 0.5, 0.0, 0.85),
                _q("vibration", "vibration", "mm/s", 1.7, 0.06, 0.0, 0.9),
                _q("coolant_temperature", "coolant temperature", "°C", 22.0, 0.4, 2.0),
            ),
            ("blade", "spindle bearing", "chip conveyor"),
            "",
            True,
        ),
        Kind(
            "labeller",
            "Labeller",
            (
                ("label break", "label web broken"),
                ("glue fault", "glue temperature"),
                ("sensor fault", "web sensor no signal"),
            ),
            ("label askew", "no label"),
            (
                _q("web_tension", "web tension", "N", 22.0, 0.4),
                _q("glue_temperature", "glue temperature", "°C", 158.0, 0.8, 0.5, 0.02),
            ),
            ("label reel", "glue roller", "web sensor"),
            "labels",
        ),
        Kind(
            "tester",
            "Tester",
            (
                ("probe fault", "probe contact"),
                ("part jam", "part jammed"),
                ("reference fault", "reference out of limits"),
            ),
            ("leaking",),
            (
                _q("test_pressure", "test pressure", "bar", 6.0, 0.04, 0.3),
                _q("cycle_time", "cycle time", "s", 3.1, 0.03),
            ),
            ("probe", "seal", "reference part"),
        ),
        Kind(
            "packer",
            "Packer",
            (
                ("carton jam", "carton magazine jammed"),
                ("no cartons", "carton magazine empty"),
                ("glue fault", "glue nozzle blocked"),
            ),
            ("damaged in the carton",),
            (
                _q("vacuum", "vacuum", "mbar", -620.0, 6.0),
                _q("glue_temperature", "glue temperature", "°C", 164.0, 0.8, 0.5, 0.02),
                _q("air_pressure", "air pressure", "bar", 6.1, 0.05),
            ),
            ("gripper head", "glue nozzle", "format part"),
            "cartons",
            True,
        ),
        Kind(
            "palletiser",
            "Palletiser",
            (("layer jam", "layer jammed"), ("no pallet", "pallet missing"), ("gripper fault", "gripper lost layer")),
            ("dropped",),
            (
                _q("current", "lift current", "A", 18.0, 0.4, 0.2, 0.8),
                _q("film_tension", "film tension", "N", 41.0, 0.8),
            ),
            ("gripper", "lift drive", "wrapper"),
        ),
    )
}
UTILITIES = (
    ("utilities/hall", _q("temperature", "temperature of the hall", "°C", 21.5, 0.35, 9.0)),
    ("utilities/compressor", _q("pressure", "pressure in the ring main", "bar", 6.9, 0.04, 0.5)),
)
"""What is measured of what serves the whole site, by equipment."""
ORDER = (
    "feeder",
    "press",
    "moulder",
    "cutter",
    "welder",
    "washer",
    "oven",
    "filler",
    "capper",
    "labeller",
    "tester",
    "packer",
)
"""Kinds in the order in which a line may have them."""
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
