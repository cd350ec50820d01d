"""The elements that KPIs are made of: what each means, and which system gives it when it is missing."""

from dataclasses import dataclass
from typing import Literal

Group = Literal["time", "pieces", "orders", "people", "team", "quality", "maintenance", "material", "stock", "energy"]


@dataclass(frozen=True, slots=True)
class Element:
    """`unit`: s, pcs, h, kWh, money, or empty for a count."""

    name: str
    meaning: str
    unit: str
    group: Group


GIVEN_BY: dict[Group, str] = {
    "time": "a state tag of the machine's controller",
    "pieces": "a counter of the machine's controller, or counts reported by the MES",
    "orders": "the ERP (production orders with due date, finish, good and planned scrap)",
    "people": "the ERP or time-and-attendance system (personnel times)",
    "team": "the ERP or time-and-attendance system (attendance of mechanics and electricians)",
    "quality": "the LIMS (inspection results with limits)",
    "maintenance": "the CMMS (maintenance orders with start, end and hours)",
    "material": "the ERP or WMS (material bookings: consumed, lost)",
    "stock": "the WMS (stock levels and moves)",
    "energy": "an energy meter (a tag that means energy)",
}


def _all(group: Group, unit: str, **meanings: str) -> list[Element]:
    return [Element(name, text, unit, group) for name, text in meanings.items()]


ELEMENTS: dict[str, Element] = {
    element.name: element
    for element in (
        *_all(
            "time", "s",
            PBT="planned busy time", AUBT="actual unit busy time", APT="actual production time",
            AUST="actual unit set-up time", AUPT="actual unit processing time: APT + AUST",
            ADET="actual unit delay time", ADOT="actual unit down time: planned, but idle",
            TTR="time to restoration: planned time down for failures", OPT="operating time: shifts that were seen",
            OAUBT="busy time while an order was on", OAPT="production time while an order was on",
            AOET="actual order execution time: an order was on the line",
            SUM_AUBT="busy time of all machines while an order was on",
            SUM_APT="production time of all machines while an order was on", PT="time that pieces are held against",
        ),
        *_all("time", "", FE="failure events", STOPS="stops from inside the machine, of any length"),
        *_all(
            "pieces", "pcs",
            PQ="produced", GQ="good", SQ="scrap", RQ="rework", PQ1="produced by the first machine of the line",
            LSQ="scrap of all machines", EPC="equipment production capacity: ideal rate x PBT",
        ),
        *_all("pieces", "money", COPQ="what scrap and rework cost"),
        Element("PRI*PQ", "standard time of what was made", "s", "pieces"),
        *_all("orders", "pcs", PSQ="planned scrap"),
        *_all(
            "orders", "", DUE="orders due", OTIF="of these, delivered on time and in full",
            PLANNED="orders planned to end", ADHERED="of these, ended as planned",
        ),
        *_all("people", "s", APWT="actual personnel work time", APAT="actual personnel attendance time"),
        *_all("team", "h", CREW_HOURS="hours of the maintenance team"),
        *_all("quality", "", IP="inspected parts", GP="good parts at first pass", CAPABILITY="measured values and limits"),
        *_all("maintenance", "s", CMT="corrective maintenance time", PMT="preventive maintenance time"),
        *_all("maintenance", "h", MH="hours of maintenance work", PMH="of these, planned", BACKLOG="open work x its hours"),
        *_all(
            "maintenance", "", REPAIRS="repairs done", FIXED="of these, not needed again within a week",
            SCHEDULED="maintenance orders scheduled", COMPLIED="of these, done as scheduled",
        ),
        *_all(
            "material", "pcs", CM="consumed material", IGQ="integrated good quantity", PL="production loss",
            STL="storage and transport loss", OL="other loss",
        ),
        *_all("stock", "", TH="inventory throughput", INV="mean inventory x time", WINDOW="time asked for"),
        *_all("energy", "kWh", E="energy"),
    )
}  # fmt: skip


def group_of(element: str) -> Group:
    """Raises KeyError for an element that stands in no list."""
    return ELEMENTS[element].group if element in ELEMENTS else "time"  # the classes of time themselves


def not_given(element: str, what: str = "") -> str:
    """Why an element is missing, and who would give it."""
    known = ELEMENTS[element]
    return f"{what or 'no ' + known.meaning}; {GIVEN_BY[known.group]} would give it"
