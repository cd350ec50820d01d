"""How people on the floor write: work orders and notes, several wordings for the same thing, spelling as it comes."""

from random import Random

SPARES: dict[str, tuple[str, float]] = {
    "chuck": ("Capping chuck, complete", 480.0),
    "head drive": ("Servo motor capper head", 1350.0),
    "main drive": ("Gear motor filler", 2100.0),
    "fill valves": ("Fill valve seal kit", 85.0),
    "level sensor": ("Fill level sensor", 310.0),
    "lift drive": ("Lift motor with brake", 1240.0),
    "carousel drive": ("Carousel servo", 1180.0),
    "gripper head": ("Gripper head, 12 fold", 960.0),
    "format part": ("Format set 1.0 l, packer", 1900.0),
    "air valves": ("Valve terminal packer", 640.0),
    "web sensor": ("Label web sensor", 190.0),
    "layer gripper": ("Gripper pads, set", 220.0),
}
"""Part to (name in the store, price)."""

TECHNICIANS = {"mechanic": ("H. Gruber", "M. Novak", "S. Yilmaz"), "electrician": ("P. Lindner", "A. Kovacs")}
ELECTRIC = ("drive", "sensor")

_BREAKDOWN = (
    ("{part} failed", "{part} tripped twice, overload. Replaced, test run ok."),
    ("{machine} down, {part}", "Machine stopped with drive fault. {part} changed, ran 20 min with operator. OK"),
    ("{part} defect", "found {part} burnt, smell. new one in from store. pls order spare"),
    ("Repair {part}", "Coupling of the {part} loose, bolts retightened with loctite, checked alignment."),
    ("{machine}: no movement", "no movement after start. {part} blocked by glass splinters, cleaned + reset"),
    ("{part} noisy, then stop", "Bearing of {part} worn out. Exchanged bearing. Watch for noise."),
)
_MODES = ("failure to start", "overheating", "spurious stop", "vibration", "failure to start", "noise")
_PREVENTIVE = {
    "filler": ("PM filler, seals and valves", "Seals checked, 4 valves resealed. Star wheel greased."),
    "capper": ("PM capper heads", "Heads cleaned, chuck play measured, in tolerance."),
    "labeller": ("PM labeller", "Glue roller cleaned, knife changed, web sensor wiped."),
    "packer": ("PM packer", "Grippers checked, glue nozzles rinsed, belts tensioned."),
    "depalletiser": ("PM depalletiser", "Chains greased, layer gripper pads ok."),
}
_SHORT = (
    "{machine}: {n} x {reason}, cleared by operator",
    "{reason} again on the {machine} ({n} times). nobody had time to look",
    "many {reason} on {machine} today",
    "{machine} kept stopping, {reason}, {n} stops this shift",
    "{reason} at {machine}, see log. rest ok",
)
_QUIET = (
    "Quiet shift, nothing special.",
    "all ok",
    "ran well, handover with no open points",
    "OK. line 2 caps low, told warehouse.",
)

REASON_WORDS = {
    10: ("jam at infeed", "infeed jam", "bottles jammed at the infeed"),
    11: ("fallen bottles", "bottle lying", "fallen bottle"),
    12: ("jam at discharge", "discharge blocked"),
    13: ("cap jam", "caps stuck in the chute", "capper jam", "head overload E113"),
    14: ("no caps", "cap hopper empty"),
    15: ("reel change", "label reel change"),
    16: ("label break", "label torn", "labels tear", "web break"),
    17: ("glue fault", "glue too cold"),
    18: ("cartons empty", "magazine empty"),
    19: ("no pallets", "waiting for empty pallet"),
    20: ("door open", "guard door"),
    21: ("cleaning", "CIP nozzle rinse"),
    22: ("valve not closing", "fill valve fault"),
    23: ("sensor fault", "sensor no signal"),
    24: ("drive fault", "E124"),
    25: ("low air", "air pressure low"),
    26: ("gripper fault", "gripper lost part"),
    27: ("film change", "stretch film torn"),
    28: ("layer pad stuck", "pad not taken"),
    30: ("no material", "waiting for caps", "caps not delivered"),
    31: ("waiting for lab", "quality hold"),
    40: ("PM", "planned maintenance"),
    41: ("repair",),
}


def technician(draw: Random, part: str) -> str:
    trade = "electrician" if any(word in part for word in ELECTRIC) else "mechanic"
    return draw.choice(TECHNICIANS[trade])


def breakdown(draw: Random, machine: str, part: str) -> tuple[str, str, str]:
    """(title, text, failure mode) of a corrective order."""
    index = draw.randrange(len(_BREAKDOWN))
    title, text = _BREAKDOWN[index]
    name = machine.rsplit("/", 1)[-1]
    return title.format(part=part, machine=name).capitalize(), text.format(part=part, machine=name), _MODES[index]


def preventive(draw: Random, kind: str) -> tuple[str, str]:
    title, text = _PREVENTIVE[kind]
    return title, text + draw.choice(("", " No findings.", " Next in 6 weeks.", " ok"))


def shift_note(draw: Random, machine: str, code: int, count: int) -> str:
    """What an operator writes about `count` stops of one reason."""
    line, _, name = machine.rpartition("/")
    where = f"{line.replace('line-', 'L')} {name}" if line else name
    return draw.choice(_SHORT).format(
        machine=where, reason=draw.choice(REASON_WORDS.get(code, ("unknown stop",))), n=count
    )


def quiet_note(draw: Random) -> str:
    return draw.choice(_QUIET)
