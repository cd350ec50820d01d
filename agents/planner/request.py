"""What a question speaks of: equipment, product, order, crew, rows and times, found by the plant's own names."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agents.planner.vocabulary import Named, Vocabulary
from tools.when import When, understand

REF = re.compile(
    r"\b(loss|stop|proposal|task|order|alarm|maintenance_order):(\w[\w-]*)|\b(loss|proposal|task|stop) (?:no\.? |number |#)?(\d+)\b"
)
_HINTS = re.compile(r"\(\s*((?:equipment|window|product|loss|order):[^()]*)\)\s*$")
_IT = re.compile(r"\b(it|this|that|there|the same|these|them)\b")


@dataclass(frozen=True)
class Request:
    """`text`: in small letters, mended. `before`: what the last answers were about, for "it" and "and line 1?"."""

    text: str
    raw: str
    vocabulary: Vocabulary
    equipment: tuple[Named, ...] = ()
    products: tuple[Named, ...] = ()
    orders: tuple[Named, ...] = ()
    crews: tuple[Named, ...] = ()
    parts: tuple[Named, ...] = ()
    whens: tuple[When, ...] = ()
    strange: tuple[str, ...] = ()  # names like the plant's that it does not have: "line 7"
    refs: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)
    agent: str = ""

    @property
    def places(self) -> list[str | None]:
        """Paths that are meant; several where a name fits several; [None]: all lines."""
        return [named.key for named in self.equipment[:3]] or [None]

    @property
    def where(self) -> str | None:
        return self.places[0]

    @property
    def place_name(self) -> str:
        return self.equipment[0].name if self.equipment else "all lines"

    @property
    def product(self) -> str | None:
        return self.products[0].key if self.products else None

    @property
    def names_only(self) -> bool:
        """Nothing but equipment is named: "line 2?"."""
        left = self.text
        for name in sorted(self.vocabulary.names, key=len, reverse=True):
            if any(one in self.equipment for one in self.vocabulary.names[name]):
                left = left.replace(name, " ")
        return bool(self.equipment) and not re.search(r"[a-z0-9]", re.sub(r"\b(and|the|on|of|s)\b", " ", left))

    def span(self, number: int = 0) -> dict[str, str]:
        """start and end as the tools take them; nothing where no time was said."""
        if len(self.whens) <= number:
            return {}
        zone, window = self.vocabulary.moments.zone, self.whens[number].window
        return {"start": window.start.astimezone(zone).isoformat(), "end": window.end.astimezone(zone).isoformat()}

    @property
    def span_before(self) -> dict[str, str]:
        """Start and end of the time that was spoken of last; nothing where none was."""
        start, _, end = self.before.get("window", "").partition("/")
        return {"start": start, "end": end} if end else {}

    def hints(self) -> str:
        """What was understood, for a specialist who did not hear the conversation."""
        told = [f"equipment: {named.key}" for named in self.equipment[:3]]
        spans = [self.span(number) for number in range(len(self.whens))]
        told += [f"window: {span['start']}/{span['end']}" for span in spans]
        told += [f"product: {named.key}" for named in self.products[:2]]
        told += [f"order: {named.key}" for named in self.orders[:2]]
        told += [f"{noun}:{key}" for noun, key in self.refs.items() if noun == "loss"]
        return f" ({'; '.join(told)})" if told else ""


def read(text: str, raw: str, vocabulary: Vocabulary, earlier: Sequence[Mapping[str, Any]], agent: str = "") -> Request:
    """`text` is the mended question; `earlier`: what earlier answers understood, the newest last."""
    source = hinted.group(1) if (hinted := _HINTS.search(text)) else text
    spoken = text[: hinted.start()] if hinted else text
    found = _named(source, vocabulary)
    heard = found if source is spoken else [*found, *_named(spoken, vocabulary)]
    before = _before(earlier)
    equipment = _equipment(found, vocabulary, before)
    whens = tuple(understand(_without_names(source, found), vocabulary.moments))
    if not equipment and _IT.search(spoken) and before.get("equipment") in vocabulary.equipment:
        equipment = (vocabulary.equipment[before["equipment"]],)
    return Request(
        text=spoken,
        raw=raw,
        vocabulary=vocabulary,
        equipment=equipment,
        products=_of("product", found),
        orders=_of("order", found) or _numbered(source),
        strange=_strange(spoken, vocabulary, heard),
        crews=_of("crew", found),
        parts=_of("part", heard),
        whens=whens,
        refs=_refs(text),
        before=before,
        agent=agent,
    )


def _numbered(text: str) -> tuple[Named, ...]:
    """An order that is named by its number and is not among the open ones."""
    found = re.search(r"\border:? (?:no\.? |number |#)?([a-z]{0,4}-?\d{3,}[\w-]*)", text)
    return (Named("order", found.group(1).upper(), found.group(1).upper()),) if found else ()


def _strange(text: str, vocabulary: Vocabulary, found: list[tuple[int, int, tuple[Named, ...]]]) -> tuple[str, ...]:
    """`line 7` where the plant has a line 1 and a line 2."""
    heads = {m.group(1) for name in vocabulary.names if (m := re.fullmatch(r"([a-z]+) \d+", name))}
    taken = {text[start:end] for start, end, _ in found}
    named = re.findall(r"\b([a-z]+ \d{1,3})\b(?!:)", text)
    known = vocabulary.names
    return tuple(n for n in named if n.split()[0] in heads and n not in known and n not in taken)


def _refs(text: str) -> dict[str, str]:
    return {(a or c): (b or d) for a, b, c, d in REF.findall(text)}


def _before(earlier: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The newest thing of each name."""
    return {str(item["name"]): str(item["value"]) for item in earlier}


def _named(text: str, vocabulary: Vocabulary) -> list[tuple[int, int, tuple[Named, ...]]]:
    """Names that stand in the text, the longest first, each place once."""
    taken: list[tuple[int, int, tuple[Named, ...]]] = []
    for name in sorted(vocabulary.names, key=len, reverse=True):
        if name not in text and f"{name}s" not in text:
            continue
        for match in re.finditer(rf"(?<![\w/-]){re.escape(name)}(?:'?s)?(?![\w/-])", text):
            if not any(match.start() < end and start < match.end() for start, end, _ in taken):
                taken.append((match.start(), match.end(), vocabulary.names[name]))
    return sorted(taken)


def _of(kind: str, found: Iterable[tuple[int, int, tuple[Named, ...]]]) -> tuple[Named, ...]:
    return tuple(dict.fromkeys(named for _, _, names in found for named in names if named.kind == kind))


def _equipment(
    found: list[tuple[int, int, tuple[Named, ...]]], vocabulary: Vocabulary, before: Mapping[str, str]
) -> tuple[Named, ...]:
    """A line with a machine means the machine of that line; a name that fits several lines, the one spoken of before."""
    groups = [tuple(n for n in names if n.kind == "equipment") for _, _, names in found]
    groups = [group for group in groups if group]
    sure = [group[0] for group in groups if len(group) == 1]
    lines = {named.key for named in sure if named.line == named.key}
    chosen: list[Named] = []
    for group in groups:
        inside = [named for named in group if named.line in lines and named.line != named.key]
        earlier = [named for named in group if before.get("equipment", " ").startswith(named.line)]
        chosen += inside or (group if len(group) == 1 else earlier[:1] or group)
    units = {named.line for named in chosen if named.line != named.key}
    machines = [named for named in chosen if not (named.key in units and named.key in lines)]
    return tuple(dict.fromkeys(machines))


def _without_names(text: str, found: list[tuple[int, int, tuple[Named, ...]]]) -> str:
    """Names blanked out, so that the 2 of "line 2" is no time of day; ISO intervals stay."""
    for start, end, _ in found:
        text = text[:start] + "#" * (end - start) + text[end:]
    return text
