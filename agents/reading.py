"""What tools returned in a run, read back from its messages: rows that may be cited, what was understood, blocks."""

import json
import re
from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter

from agents.agent import Message
from agents.answer import Understood
from mom.blocks import Block

_REF = re.compile(r"[a-z_]+:[\w.-]+")
_LABELS = ("title", "text", "name", "reason", "state", "order", "label")
_BLOCK: TypeAdapter[Block] = TypeAdapter(Block)
MOST_BLOCKS = 8


def results(messages: list[Message]) -> list[Message]:
    """The tools' messages since the last question."""
    asked = max((n for n, message in enumerate(messages) if message["role"] == "user"), default=0)
    return [message for message in messages[asked:] if message["role"] == "tool"]


def data_of(message: Message) -> Any:
    return json.loads(message["content"])


def rows(messages: list[Message]) -> dict[str, str]:
    """Every row that a tool returned, by its reference, with a word on what it is."""
    known: dict[str, str] = {}
    for message in results(messages):
        for ref, label in _refs(data_of(message)):
            known[ref] = known.get(ref) or label
    return known


def _refs(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        label = next((str(value[key]) for key in _LABELS if isinstance(value.get(key), str) and value[key]), "")
        if isinstance(value.get("ref"), str):
            yield value["ref"], label
        for key, item in value.items():
            if key in ("refs", "evidence") and isinstance(item, list):
                yield from ((ref, "") for ref in item if isinstance(ref, str) and _REF.fullmatch(ref))
            yield from _refs(item)
    elif isinstance(value, list):
        for item in value:
            yield from _refs(item)


def blocks(messages: list[Message]) -> tuple[Block, ...]:
    """What the page shows beside the text, each once, in the order in which it was found."""
    found: list[Block] = []
    for message in results(messages):
        for raw in message.get("blocks", ()):
            block = _BLOCK.validate_python(raw)
            if block not in found:
                found.append(block)
    return tuple(found[-MOST_BLOCKS:])


def understood(messages: list[Message]) -> tuple[Understood, ...]:
    """Equipment, window and product that the tools were asked about, each once."""
    found: dict[tuple[str, str], Understood] = {}
    for message in results(messages):
        data = data_of(message)
        told = data.get("understood", ()) if str(message.get("name", "")).startswith("ask_") else ()
        for item in (*_about(message.get("about", {})), *map(Understood.model_validate, told)):
            found.setdefault((item.name, item.value), item)
    return tuple(found.values())[:6]


def _about(about: dict[str, Any]) -> Iterator[Understood]:
    if path := about.get("equipment"):
        yield Understood(name="equipment", value=path, title=about.get("name", path))
    if about.get("start") and about.get("label"):
        yield Understood(name="window", value=f"{about['start']}/{about['end']}", title=about["label"])
    if product := about.get("product"):
        yield Understood(name="product", value=product, title=product)
