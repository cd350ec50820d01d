"""A new operator without the labeller's qualification: in crew C its stops take longer and more labels are spoilt."""

from simulator.plant.calendar import WorkedShift
from simulator.troubles.trouble import Trouble


class UntrainedOperator(Trouble):
    name = "untrained_operator"
    kind = "minor stops"
    equipment = "line-2/labeller"
    words = ("train", "qualif", "instruct", "operator", "crew c")
    says = (
        "B. Fuchs of crew C was never trained on labeller 2: with crew C its stops last more than twice as long "
        "and label rejects double."
    )
    shows_in_work = False
    when = ((13.0, None),)
    crew = "C"

    def begin(self) -> None:
        self.site.on_shift.append(self._shift)
        self._work(self.site.crew == self.crew)

    def end(self) -> None:
        self.site.on_shift.remove(self._shift)
        self._work(False)

    def _shift(self, shift: WorkedShift) -> None:
        self._work(shift.crew == self.crew)

    def _work(self, there: bool) -> None:
        def apply() -> None:
            self.machine.clumsy = 2.4 if there else 1.0
            self.machine.worse["label"] = 0.006 if there else 0.0
            self.machine.hazard["break"] = 1.8 if there else 1.0

        self.site.line_of(self.equipment).change(apply)
