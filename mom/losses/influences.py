"""What moves a measured quantity without anything being wrong: the day, its machine's load, the product that is on."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FREE = 50.0
"""As many times what is known beforehand a product may differ that was seen to."""


@dataclass(frozen=True, slots=True)
class Influences:
    """`design`: a row a mean, a column each; `prior`: how large the coefficient of each may be as far as is known
    beforehand. `product`: a number for the one that was on at each mean, -1 where that is not known; `differs`: by how
    much products differ as far as is known beforehand."""

    design: Floats
    prior: Floats
    product: NDArray[np.int64]
    differs: float

    @property
    def several(self) -> bool:
        """Whether there is another product to differ from."""
        return bool(len(self.product)) and int(self.product.max()) > 0

    def at(self, place: int, own: Collection[int]) -> tuple[Floats, Floats]:
        """Design and prior as they are known at a mean, with a column for each product whose first run is over, and for
        those that were seen to differ at once (`own`): what moves in a product's first run is no matter of the product."""
        if not self.several:
            return self.design, self.prior
        count = int(self.product.max()) + 1
        known = set(self.product[: self.since(place)].tolist()) | set(own)
        active = np.array([number in known for number in range(count)])
        each = (self.product[:, None] == np.arange(count)) & active
        prior = [self.differs * (FREE if number in own else 1.0) for number in range(count)]
        return np.hstack((self.design, each.astype(np.float64))), np.append(self.prior, prior)

    def since(self, place: int) -> int:
        """The first mean of the run that a mean lies in."""
        now = self.product[min(place, len(self.product) - 1)]
        others = np.flatnonzero(self.product[:place] != now)
        return int(others[-1]) + 1 if len(others) else 0

    def changes(self, place: int) -> bool:
        """Whether another product came on with this mean."""
        return self.several and place > 0 and self.product[place] != self.product[place - 1]
