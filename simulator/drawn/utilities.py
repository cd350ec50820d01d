"""What is measured of what serves a whole drawn site."""

from simulator.drawn.kinds import Quantity

UTILITIES = (
    ("utilities/hall", Quantity("temperature", "temperature of the hall", "°C", 21.5, 0.35, 9.0)),
    ("utilities/compressor", Quantity("pressure", "pressure in the ring main", "bar", 6.9, 0.04, 0.5)),
)
"""By equipment."""
