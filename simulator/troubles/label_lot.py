"""A lot of labels with bad glue: they tear and sit askew until the lot is blocked."""

from simulator.troubles.trouble import Trouble


class LabelLot(Trouble):
    name = "label_lot"
    kind = "process defects"
    equipment = "line-1/labeller"
    part = "label reel"
    words = ("lot", "label reel", "other labels", "block")
    says = "Label lot LB-7741 (Etikett Huber) on line 1 was bad: labels tore and sat askew until the lot was blocked."
    when = ((14.0, 11.8),)

    def begin(self) -> None:
        self._spoil(0.028, 5.0)
        self.site.material.use("labels", "LB-7741")

    def end(self) -> None:
        self._spoil(0.0, 1.0)
        self.site.material.block(
            "LB-7741", "labels tear at the seam, glue strip too narrow. rest of the lot back to supplier"
        )

    def _spoil(self, share: float, often: float) -> None:
        def apply() -> None:
            self.machine.worse["label"] = share
            self.machine.hazard["break"] = often

        self.site.line_of(self.equipment).change(apply)
