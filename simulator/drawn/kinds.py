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
                Quantity("current", "drive current", "A", 12.0, 0.25, 0.3, 0.8),
                Quantity("vibration", "vibration", "mm/s", 2.1, 0.08, 0.0, 0.9),
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
                Quantity("force", "press force", "kN", 410.0, 3.5),
                Quantity("oil_temperature", "oil temperature", "°C", 46.0, 0.6, 2.0, 0.25),
                Quantity("vibration", "vibration", "mm/s", 3.0, 0.1, 0.0, 0.9),
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
                Quantity("pressure", "spray pressure", "bar", 3.2, 0.04),
                Quantity("bath_temperature", "bath temperature", "°C", 61.0, 0.5, 0.8, 0.05),
            ),
            ("nozzle", "pump", "conveyor chain"),
        ),
        Kind(
            "oven",
            "Oven",
            (("chain jam", "chain overload"), ("burner fault", "flame lost"), ("fan fault", "fan overload")),
            ("underbaked", "burnt"),
            (
                Quantity("temperature", "zone temperature", "°C", 212.0, 1.1, 0.5, 0.03),
                Quantity("fan_current", "fan current", "A", 21.0, 0.3),
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
                Quantity("pressure", "injection pressure", "bar", 880.0, 8.0),
                Quantity("barrel_temperature", "barrel temperature", "°C", 231.0, 0.9, 0.4, 0.02),
                Quantity("cycle_time", "cycle time", "s", 18.4, 0.12, 0.0, 0.0),
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
                Quantity("fill_pressure", "fill pressure", "bar", 2.4, 0.025),
                Quantity("product_temperature", "product temperature", "°C", 8.4, 0.25, 1.6),
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
                Quantity("torque", "application torque", "Nm", 1.8, 0.03),
                Quantity("current", "head current", "A", 6.2, 0.12, 0.2, 0.85),
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
                Quantity("weld_current", "weld current", "kA", 9.1, 0.08),
                Quantity("cooling_temperature", "cooling temperature", "°C", 24.0, 0.35, 2.2),
                Quantity("electrode_force", "electrode force", "kN", 3.4, 0.03),
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
                Quantity("spindle_torque", "spindle torque", "Nm", 34.0, 0.5, 0.0, 0.85),
                Quantity("vibration", "vibration", "mm/s", 1.7, 0.06, 0.0, 0.9),
                Quantity("coolant_temperature", "coolant temperature", "°C", 22.0, 0.4, 2.0),
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
                Quantity("web_tension", "web tension", "N", 22.0, 0.4),
                Quantity("glue_temperature", "glue temperature", "°C", 158.0, 0.8, 0.5, 0.02),
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
                Quantity("test_pressure", "test pressure", "bar", 6.0, 0.04, 0.3),
                Quantity("cycle_time", "cycle time", "s", 3.1, 0.03),
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
                Quantity("vacuum", "vacuum", "mbar", -620.0, 6.0),
                Quantity("glue_temperature", "glue temperature", "°C", 164.0, 0.8, 0.5, 0.02),
                Quantity("air_pressure", "air pressure", "bar", 6.1, 0.05),
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
                Quantity("current", "lift current", "A", 18.0, 0.4, 0.2, 0.8),
                Quantity("film_tension", "film tension", "N", 41.0, 0.8),
            ),
            ("gripper", "lift drive", "wrapper"),
        ),
    )
}
LINE = "feeder press moulder cutter welder washer oven filler capper labeller tester packer"
ORDER = tuple(LINE.split())
"""Kinds in the order in which a line may have them."""
