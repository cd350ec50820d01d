"""The built-in planner: messages and tools in, tool calls or an answer out, as from a language model. No key, no network.

First it learns the plant's words (`get_plant`), then it reads the question by rules, lets the intent that fits pick the tools, and words
the answer from their results. What it did not understand it says.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import agents.planner.intents as package
from agents.agent import Message, OnText, Reply
from agents.planner.intent import Call, Intent, Seen
from agents.planner.intents.unknown import unknown
from agents.planner.lexicon import LEXICON
from agents.planner.request import Request, read
from agents.planner.typos import mended
from agents.planner.vocabulary import Vocabulary, spelled, vocabulary
from mom.discover import discover

ENOUGH = 1.0
"""Below this score nothing was understood."""
MOST_ROUNDS = 6


@cache
def intents() -> dict[str, Intent]:
    return discover(package, Intent)


@dataclass(frozen=True)
class _Turn:
    """The question, what was said before it and what the tools have answered since."""

    question: str
    earlier: list[Message]
    seen: Seen
    rounds: int


class Planner:
    """A model in the sense of agents.agent.Model."""

    name = "built-in"

    async def __call__(self, messages: list[Message], tools: list[dict[str, Any]], on_text: OnText) -> Reply:
        turn, offered = _turn(messages), {tool["function"]["name"] for tool in tools}
        plant = turn.seen.one("get_plant")
        if plant is None and "get_plant" in offered and not turn.seen.called("get_plant"):
            return _calls([Call("get_plant")], turn.rounds)
        if plant is None:
            return await _say(
                "I cannot see the plant's names: " + "; ".join(turn.seen.errors or ["no tool tells them"]), on_text
            )
        request, intent = understood(turn.question, turn.earlier, vocabulary(plant))
        asked = [data for name, _, data in turn.seen.results if name.startswith("ask_")]
        if asked:
            return await _say(_relayed(asked), on_text)
        if request.strange:
            return await _say(_not_here(request), on_text)
        calls = _new(intent.plan(request, turn.seen), turn.seen) if turn.rounds < MOST_ROUNDS else []
        if calls and all(call.tool in offered for call in calls):
            return _calls(calls, turn.rounds)
        if calls and intent.agent and f"ask_{intent.agent}" in offered:
            return _calls([Call(f"ask_{intent.agent}", {"question": _for_specialist(request, intent)})], turn.rounds)
        if not turn.seen.results[1:] and calls:
            return await _say(unknown.word(request, turn.seen), on_text)
        return await _say(_worded(intent, request, turn.seen), on_text)


def _not_here(request: Request) -> str:
    """A machine that the plant does not have is not taken for another."""
    names = request.vocabulary
    lines = ", ".join(named.name for named in names.lines)
    return f"There is no {' and no '.join(request.strange)} here. The lines are {lines}; ask for one of them or its machines."


def understood(question: str, earlier: Sequence[Message], names: Vocabulary) -> tuple[Request, Intent]:
    """What is asked. A question that only names a place or a time goes on with what was asked before,
    and without anything before it a machine's name alone asks how it is."""
    text = mended(spelled(question), LEXICON | names.words() | _cue_words())
    before = [item for message in earlier for item in message.get("understood", ())]
    request = read(text, question, names, before)
    intent = best(request)
    if intent is not None:
        return request, intent
    if (
        request.equipment
        or request.whens
        or request.products
        or request.text.startswith(("and ", "what about", "how about"))
    ):
        for message in reversed([m for m in earlier if m["role"] == "user"]):
            previous = read(
                mended(spelled(message["content"]), LEXICON | names.words() | _cue_words()), "", names, before
            )
            if (same := best(previous)) is not None:
                return _carried(request, previous), same
    return request, intents()["status"] if request.names_only else unknown


def best(request: Request) -> Intent | None:
    scored = [(intent.fits(request), name) for name, intent in intents().items()]
    score, name = max(scored)
    return intents()[name] if score >= ENOUGH else None


def _carried(request: Request, previous: Request) -> Request:
    """The new question's words where it has any, else those of the one before."""
    return replace(
        request,
        text=f"{previous.text} {request.text}",
        raw=f"{previous.text}",
        equipment=request.equipment or previous.equipment,
        whens=request.whens or previous.whens,
        products=request.products or previous.products,
    )


@cache
def _cue_words() -> frozenset[str]:
    """Words of the examples: questions that are known to be asked."""
    text = " ".join(example for intent in intents().values() for example in intent.examples).lower()
    return frozenset("".join(sign if sign.isalpha() else " " for sign in text).split())


def _for_specialist(request: Request, intent: Intent) -> str:
    spoken = (request.raw or request.text).split(" (equipment")[0].strip()
    if intent.score(spelled(spoken)) < ENOUGH:
        spoken = request.text
    return f"{spoken}{request.hints()}"


def _worded(intent: Intent, request: Request, seen: Seen) -> str:
    useful = [name for name, _, data in seen.results if name != "get_plant" and "error" not in data]
    if not useful and seen.errors:
        return f"I could not answer that: {' '.join(seen.errors)}"
    return intent.word(request, seen)


def _relayed(answers: Sequence[Mapping[str, Any]]) -> str:
    return "\n\n".join(str(data.get("answer") or f"I could not answer that: {data.get('error')}") for data in answers)


def _new(calls: list[Call], seen: Seen) -> list[Call]:
    """Without the calls that were made already."""
    made = {(name, json.dumps(arguments, sort_keys=True)) for name, arguments, _ in seen.results}
    return [call for call in calls if (call.tool, json.dumps(call.given(), sort_keys=True)) not in made]


def _calls(calls: list[Call], rounds: int) -> Reply:
    made = [
        {
            "id": f"p{rounds}_{n}",
            "type": "function",
            "function": {"name": call.tool, "arguments": json.dumps(call.given(), ensure_ascii=False)},
        }
        for n, call in enumerate(calls)
    ]
    return Reply({"role": "assistant", "content": None, "tool_calls": made})


async def _say(text: str, on_text: OnText) -> Reply:
    for start in range(0, len(text), 80):
        await on_text(text[start : start + 80], False)
    return Reply({"role": "assistant", "content": text})


def _turn(messages: list[Message]) -> _Turn:
    asked = max(n for n, message in enumerate(messages) if message["role"] == "user")
    named: dict[str, tuple[str, Mapping[str, Any]]] = {}
    results = []
    rounds = 0
    for message in messages[asked + 1 :]:
        for call in message.get("tool_calls") or []:
            named[call["id"]] = (call["function"]["name"], _parsed(call["function"]["arguments"]))
        rounds += message["role"] == "assistant"
        if message["role"] == "tool":
            name, arguments = named[message["tool_call_id"]]
            results.append((name, arguments, json.loads(message["content"])))
    return _Turn(str(messages[asked]["content"]), messages[:asked], Seen(tuple(results)), rounds)


def _parsed(arguments: str) -> Mapping[str, Any]:
    try:
        parsed = json.loads(arguments or "{}")
    except json.JSONDecodeError:
        return {}
    return parsed if isinstance(parsed, dict) else {}
