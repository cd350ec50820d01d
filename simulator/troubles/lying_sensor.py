"""A level sensor reads low: the filler throws out bottles that the laboratory finds full."""

from simulator.troubles.trouble import Trouble


class LyingSensor(Trouble):
    name = "lying_sensor"
    kind = "process defects"
    equipment = "line-2/filler"
    part = "level sensor"
    words = ("sensor", "calibrat", "level")
    says = (
        "The level sensor of filler 2 read about 3 mm low: good bottles were thrown out as underfilled, "
        "the laboratory's checks were in order."
    )
    when = ((20.5, 15.8),)
    repair_minutes = 25.0
    orders = (
        (
            "Fill level filler 2",
            "rejects for underfill but bottles are full, lab says ok. Level sensor reads 3 mm off, calibrated with "
            "gauge bottle, bracket was bent.",
        ),
    )

    def begin(self) -> None:
        self.grow(0.0)

    def grow(self, hours: float) -> None:
        drift = min(1.0, hours / 40)
        self._drift(0.022 * drift, 40.0 + 3.2 * drift)

    def end(self) -> None:
        self._drift(0.0, 40.0)

    def _drift(self, share: float, level: float) -> None:
        def apply() -> None:
            self.machine.worse["underfill"] = share

        self.site.line_of(self.equipment).change(apply)
        self.site.recorder.level(self.site.env.now, self.equipment, "fill_level", level)
