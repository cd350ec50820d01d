"""After a maintenance the filler was set slow for a test run, and nobody set it back."""

from simulator.troubles.trouble import Trouble


class FillerSlow(Trouble):
    name = "filler_slow"
    kind = "reduced speed"
    equipment = "line-1/filler"
    words = ("speed", "set point", "setpoint", "set speed", "slow")
    says = "Since the maintenance of filler 1 its set speed is 9 % under the standard; it was never set back."
    when = ((9.5, None),)

    def begin(self) -> None:
        text = (
            "New seals on star wheel and 6 fill valves. Test run at reduced speed ok, dry. Handed back to production."
        )
        self.site.maintenance.write(
            self.equipment,
            "fill valves",
            "preventive",
            "PM filler 1, star wheel and valves",
            text,
            self.site.env.now - 3600,
            self.site.env.now,
        )
        self._set(0.91)

    def end(self) -> None:
        self._set(1.0)

    def _set(self, share: float) -> None:
        def apply() -> None:
            self.machine.slow = share

        self.site.line_of(self.equipment).change(apply)
