"""A language model on any OpenAI-compatible endpoint: streamed, retried, and never trusted with what it sends.

A cut stream, an answer that is no JSON, 429 (after the time that the server names), 5xx and silence are tried again, the text that
was shown of a failed try taken back. What stays broken is Unavailable: the built-in planner then answers.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import Any

from agents.agent import Message, Model, OnText, Reply, SwitchedOff
from agents.planner.planner import Planner
from mom.clock import now
from mom.errors import LinesideError, Unavailable
from mom.settings import Settings

TRIES = 4
PATIENCE = 90.0
"""Seconds for one try; a run's own limit is above it."""
LONGEST_WAIT = 30.0
Off = Callable[[], Awaitable[bool]]
"""Whether a person has switched the agents off."""
SENT = ("role", "content", "tool_calls", "tool_call_id")
"""What goes out of a stored message; the rest is ours."""


def choose(settings: Settings, off: Off | None = None) -> Model:
    """The configured language model, else the built-in planner. `off`: the kill switch, asked before each try anew."""
    if not settings.has_model or settings.model is None:
        return Planner()
    key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else "none"
    return LanguageModel(settings.model, settings.openai_base_url, key, off=off)


class _TryAgain(LinesideError):
    """A fault that may pass. `after`: seconds that the server asked us to wait."""

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


class LanguageModel:
    """A model in the sense of agents.agent.Model."""

    def __init__(
        self, name: str, base_url: str | None, key: str, *, patience: float = PATIENCE, off: Off | None = None
    ) -> None:
        self.name, self.base_url, self.key, self.patience, self.off = name, base_url, key, patience, off

    async def __call__(self, messages: list[Message], tools: list[dict[str, Any]], on_text: OnText) -> Reply:
        import stamina

        said = False

        async def tell(text: str) -> None:
            nonlocal said
            said = True
            await on_text(text, False)

        try:
            async for attempt in stamina.retry_context(
                on=_again, attempts=TRIES, timeout=None, wait_initial=0.2, wait_jitter=0.2, wait_max=LONGEST_WAIT
            ):
                with attempt:
                    if said:
                        said = False
                        await on_text("", True)
                    if attempt.num > 1 and self.off is not None and await self.off():
                        raise SwitchedOff("The agents are switched off.")
                    return await self._once(messages, tools, tell)
        except _TryAgain as error:
            if said:
                await on_text("", True)
            raise Unavailable(f"The language model {self.name} did not answer: {error}") from error
        raise Unavailable(f"The language model {self.name} did not answer.")

    @cached_property
    def _client(self) -> Any:
        import openai  # takes a second to import: only when a model is used

        return openai.AsyncOpenAI(base_url=self.base_url, api_key=self.key, max_retries=0, timeout=self.patience)

    async def _once(self, messages: list[Message], tools: list[dict[str, Any]], tell: Any) -> Reply:
        import openai

        given: dict[str, Any] = {"model": self.name, "messages": [_sent(m) for m in messages], "stream": True}
        given |= {"tools": tools, "parallel_tool_calls": True} if tools else {}
        try:
            async with asyncio.timeout(self.patience):
                stream = await self._client.chat.completions.create(**given, stream_options={"include_usage": True})
                return await _gathered(stream, tell)
        except TimeoutError as error:
            raise _TryAgain(f"nothing came for {self.patience:.0f} s") from error
        except openai.APIStatusError as error:
            raise _refused(error) from error
        except openai.APIError as error:
            raise _TryAgain(f"the connection failed ({error})") from error
        except json.JSONDecodeError as error:
            raise _TryAgain(f"it sent something that is not JSON ({error})") from error
        except (UnicodeDecodeError, AttributeError, TypeError, KeyError, IndexError) as error:
            raise _TryAgain(f"it sent something that is no chat completion ({error})") from error


def _again(error: Exception) -> bool | float | timedelta:
    """Whether and after how long to try again."""
    if not isinstance(error, _TryAgain):
        return False
    return True if error.after is None else min(error.after, LONGEST_WAIT)


async def _gathered(stream: AsyncIterator[Any], tell: Any) -> Reply:
    """The streamed pieces put together. _TryAgain when it ends before the model said that it had ended."""
    text, finished, tokens = "", False, 0
    calls: dict[int, dict[str, Any]] = {}
    async for chunk in stream:
        if chunk.usage is not None:
            tokens = int(chunk.usage.total_tokens or 0)
        if not chunk.choices:
            continue
        choice = chunk.choices[0]
        if choice.delta is not None and choice.delta.content:
            text += choice.delta.content
            await tell(choice.delta.content)
        for piece in (choice.delta.tool_calls if choice.delta is not None else None) or []:
            _add(calls, piece)
        finished = finished or choice.finish_reason is not None
    if not finished:
        raise _TryAgain("its answer was cut off")
    if not text.strip() and not calls:
        raise _TryAgain("its answer was empty")
    message: Message = {"role": "assistant", "content": text or None}
    if calls:
        message["tool_calls"] = [calls[index] for index in sorted(calls)]
    return Reply(message, tokens or _estimated(text, calls))


def _add(calls: dict[int, dict[str, Any]], piece: Any) -> None:
    """One piece of a streamed tool call. Some servers leave the index out, or send a call whole."""
    index = piece.index if piece.index is not None else len(calls)
    empty: dict[str, Any] = {"id": "", "type": "function", "function": {"name": "", "arguments": ""}}
    call = calls.setdefault(index, empty)
    call["id"] = piece.id or call["id"]
    if piece.function is not None:
        call["function"]["name"] += piece.function.name or ""
        call["function"]["arguments"] += piece.function.arguments or ""


def _refused(error: Any) -> LinesideError:
    """A status of the server: to be tried again, or a fault of the settings that trying does not mend."""
    status = int(error.status_code)
    if status in (408, 409, 425, 429) or status >= 500:
        return _TryAgain(f"it answered {status}", _retry_after(error.response.headers.get("retry-after")))
    told = str(getattr(error, "message", error))[:300]
    remedies = {
        401: "Check OPENAI_API_KEY.",
        403: "Check OPENAI_API_KEY.",
        404: "Check OPENAI_BASE_URL and LINESIDE_MODEL.",
    }
    return Unavailable(f"The language model refused with {status}: {told}", remedy=remedies.get(status))


def _retry_after(value: str | None) -> float | None:
    """Seconds; the header gives seconds or a date."""
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(value) - now()).total_seconds())
    except (ValueError, TypeError):
        return None


def _sent(message: Message) -> Message:
    return {key: message[key] for key in SENT if key in message}


def _estimated(text: str, calls: dict[int, dict[str, Any]]) -> int:
    """Where a server counts no tokens: four characters each."""
    return (len(text) + sum(len(call["function"]["arguments"]) for call in calls.values())) // 4 + 1
