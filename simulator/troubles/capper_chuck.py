"""A capping chuck wears out: the torque sinks, caps are thrown out for it, then the head jams."""

from simulator.troubles.trouble import Trouble


class CapperChuck(Trouble):
    name = "capper_chuck"
    kind = "minor stops"
    equipment = "line-2/capper"
    part = "chuck"
    words = ("chuck", "torque", "capping head", "head 4", "cap jam")
    says = "The chuck of capping head 4 on line 2 is worn: torque sinks, rejects for torque rise, then caps jam."
    when = ((24.0, 17.5), (7.5, None))
    repair_minutes = 75.0
    orders = (
        (
            "Capper 2: caps loose, jams",
            "Torque low since last week, caps jam at star wheel, E113. Chuck of head 4 worn on the inside, replaced. "
            "Torque back to 1.8 Nm.",
        ),
    )

    def begin(self) -> None:
        self.grow(0.0)

    def grow(self, hours: float) -> None:
        wear = min(1.0, hours / 150)

        def apply() -> None:
            self.machine.worse["torque"] = 0.020 * wear**2
            self.machine.hazard["jam"] = 1 + 7.0 * max(0.0, wear - 0.45) / 0.55

        self.site.line_of(self.equipment).change(apply)
        self.site.recorder.level(self.site.env.now, self.equipment, "torque", 1.80 - 0.30 * wear)

    def end(self) -> None:
        def apply() -> None:
            self.machine.worse.pop("torque", None)
            self.machine.hazard.pop("jam", None)

        self.site.line_of(self.equipment).change(apply)
        self.site.recorder.level(self.site.env.now, self.equipment, "torque", 1.80)
