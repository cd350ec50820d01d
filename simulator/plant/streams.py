"""Random numbers, one stream per name.

Each machine and cause draws from streams of its own, begun anew at every shift. Taking one trouble out then
leaves the draws of all others where they were (common random numbers), and two runs that drifted apart meet again
at the next shift.
"""

from random import Random


class Streams:
    """Streams under one seed: the same names give the same numbers, whatever else was drawn."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def of(self, *names: object) -> Random:
        return Random("/".join(map(str, (self.seed, *names))))
