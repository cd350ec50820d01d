"""The agents that there are, and how one is a tool of another."""

from functools import cache

import agents as package
from agents.agent import Agent
from mom.discover import discover
from tools.tool import Context, Result, Tool, tool

FRONT_DESK = "front_desk"


@cache
def agents() -> dict[str, Agent]:
    """Every agent of this folder, by name."""
    return discover(package, Agent)


def specialists(agent: Agent) -> tuple[Tool, ...]:
    """The agents that `agent` may ask, as tools of it."""
    return tuple(_as_tool(agents()[name]) for name in agent.asks)


@cache
def _as_tool(other: Agent) -> Tool:
    async def function(context: Context, question: str) -> Result:
        """Ask."""
        if context.delegate is None:
            raise TypeError("an agent is asked in a run only")
        answer = await context.delegate(other.name, question)
        refs = [{"ref": citation.ref, "title": citation.text} for citation in answer.citations]
        data = {
            "answer": _with_refs(answer.text, answer.citations),
            "rows": refs,
            "note": answer.note,
            "follow_ups": list(answer.follow_ups),
        }
        about = tuple(item.model_dump() for item in answer.understood)
        return Result({**data, "understood": about}, answer.blocks)

    made = tool(doing=f"Asking the {other.title}")(function)
    doc = f"Ask the {other.title}: {other.doc} State the equipment and the window (from, to) in the question."
    return Tool(f"ask_{other.name}", doc, made.arguments, made.function, doing=made.doing)


def _with_refs(text: str, citations: tuple[object, ...]) -> str:
    """The specialist's text with its rows named again, for the one who asked to cite."""
    for citation in citations:
        text = text.replace(f"[{getattr(citation, 'n', 0)}]", f"[{getattr(citation, 'ref', '')}]")
    return text
