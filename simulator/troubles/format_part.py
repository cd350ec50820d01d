"""A format part that does not fit: each change-over to one product takes long."""

from simulator.troubles.trouble import Trouble

EXTRA_MINUTES = 34.0


class FormatPart(Trouble):
    name = "format_part"
    kind = "set-up"
    equipment = "line-2/packer"
    part = "format part"
    words = ("format", "change-over", "changeover", "set-up", "shim")
    says = "The packer's format part for ICT-100 on line 2 is bent: each change-over to iced tea takes 34 minutes more."
    when = ((45.0, None),)

    def begin(self) -> None:
        self.site.set_up_longer.append(self._longer)

    def end(self) -> None:
        self.site.set_up_longer.remove(self._longer)

    def _longer(self, line: str, product: str) -> float:
        return EXTRA_MINUTES if line == "line-2" and product == "ICT-100" else 0.0
