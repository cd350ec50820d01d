"""Energy of the equipment's own meters (ISO 22400-2, 23)."""

from mom.kpis.catalogue import not_given
from mom.kpis.parts.part import Found, Part, Sight


def _energy(sight: Sight) -> Found:
    used = sight.papers.energy
    return ({}, {"E": not_given("E", f"no energy meter at {sight.papers.name}")}) if used is None else ({"E": used}, {})


energy = Part("energy", "energy", ("E",), _energy, "signals", lambda papers: 0 if papers.energy is None else 1)
