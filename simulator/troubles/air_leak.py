"""A valve terminal leaks air: the compressor works for nothing, the pressure falls and the packer loses cartons."""

from simulator.troubles.trouble import Trouble


class AirLeak(Trouble):
    name = "air_leak"
    kind = "energy"
    equipment = "line-1/packer"
    part = "air valves"
    words = ("leak", "air", "valve terminal", "hissing")
    says = (
        "The valve terminal of packer 1 leaked about 70 m3/h: more energy, low pressure, "
        "packers of both lines stopped for air."
    )
    when = ((16.5, 5.5),)
    repair_minutes = 40.0
    orders = (
        (
            "Packer 1 hissing",
            "air leak at valve terminal packer 1, heard hissing on the night round. 2 valves + fitting changed. "
            "Compressor quieter now.",
        ),
    )

    def begin(self) -> None:
        self.grow(0.0)

    def grow(self, hours: float) -> None:
        self._leak(min(70.0, 30 + hours * 0.4))

    def end(self) -> None:
        self._leak(0.0)

    def _leak(self, flow: float) -> None:
        self.site.metering.leak = flow
        self.site.metering.follow()
        for line in self.site.lines.values():
            line.machines[-1].hazard["air"] = 1 + flow / 8
