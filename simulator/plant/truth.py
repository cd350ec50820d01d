"""What a plant made and lost, in units and money: two of these, with and without a trouble, give what it truly cost."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.plant.site import Site


@dataclass(frozen=True)
class Outcome:
    """Bottles, kWh and money (the plant's currency) over the whole time."""

    good: float
    scrap: float
    energy_kwh: float
    margin: float  # of the good bottles
    wasted: float  # material of the scrapped ones
    energy_cost: float
    hours: float  # the good bottles at their ideal rates: the cleanest measure, whatever the mix of products was

    @property
    def money(self) -> float:
        return self.margin - self.wasted - self.energy_cost

    def less(self, other: Outcome) -> dict[str, float]:
        """How much better this is than `other`: good bottles, scrap and energy saved, money, line hours at ideal rate.

        Bottles and money also carry the luck of which orders were run by the end; hours do so least.
        """
        mine, its = asdict(self), asdict(other)
        return {
            "good": mine["good"] - its["good"],
            "scrap": its["scrap"] - mine["scrap"],
            "energy_kwh": its["energy_kwh"] - mine["energy_kwh"],
            "money": self.money - other.money,
            "hours": mine["hours"] - its["hours"],
        }


def outcome(site: Site) -> Outcome:
    """The outcome up to now. Scrap is valued at the line's mean material cost, by the mix it really ran."""
    good = scrap = margin = wasted = hours = 0.0
    for path, line in site.lines.items():
        book = site.books[path]
        done = [(order.good, order.product) for order in book.past]
        if book.current is not None:
            done.append((line.machines[-1].good - book.current.good_before, book.current.product))
        made = sum(bottles for bottles, _ in done)
        thrown = sum(sum(machine.scrapped) for machine in line.machines)
        good, scrap = good + made, scrap + thrown
        margin += sum(bottles * product.margin for bottles, product in done)
        hours += sum(bottles / product.rate / 60 for bottles, product in done)
        if made:
            wasted += thrown * sum(bottles * product.material_cost for bottles, product in done) / made
    energy = site.metering.compressor.settle() + sum(meter.settle() for meter in site.metering.lines.values())
    return Outcome(good, scrap, energy, margin, wasted, energy * site.layout.energy_kwh, hours)
