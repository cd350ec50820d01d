"""What is judged of a run, each named for the harm it catches. Used by the cases' files by name."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic_evals.evaluators import EvaluationReason, Evaluator, EvaluatorContext

from evals.chat.case import Asked, Expect, Shown

Context = EvaluatorContext[Asked, Shown, Expect]
REFUSALS = (
    "i did not understand",
    "i could not",
    "i cannot",
    "there is no",
    "not on record",
    "nothing of the kind",
    "which machine",
)
CLOSE = timedelta(minutes=1)


def said(good: bool, why: str) -> EvaluationReason:
    return EvaluationReason(value=good, reason=None if good else why)


@dataclass
class RightTool(Evaluator[Asked, Shown, Expect]):
    """Catches: an answer from the wrong source."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        wanted = set(ctx.metadata.tools if ctx.metadata else [])
        return said(wanted <= set(ctx.output.tools), f"called {ctx.output.tools}, expected {sorted(wanted)}")


@dataclass
class RightPlaceAndTime(Evaluator[Asked, Shown, Expect]):
    """Catches: a right answer to another question: another machine, another shift."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        expect, out = ctx.metadata or Expect(), ctx.output
        missing = [path for path in expect.about if not any(found.endswith(path) for found in out.paths)]
        if missing:
            return said(False, f"understood {out.paths}, expected {missing}")
        windows = [value for name, value in out.understood if name == "window"]
        fits = out.window is None or any(_same(value, out.window) for value in windows)
        return said(fits, f"understood {windows}, expected {out.window}")


@dataclass
class RightFigures(Evaluator[Asked, Shown, Expect]):
    """Catches: a wrong number. Every expected figure is recomputed from the rows, by other code, and has to be said."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        wrong = {name: told for name, told in ctx.output.truths.items() if told is None or told not in ctx.output.text}
        return said(not wrong, f"not said: {wrong}")


@dataclass
class RightWords(Evaluator[Asked, Shown, Expect]):
    """Catches: an answer that misses the point, or names what it must not."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        expect, text = ctx.metadata or Expect(), ctx.output.text.lower()
        missing = [word for word in expect.mentions if word.lower() not in text]
        found = [word for word in expect.never if word.lower() in text]
        return said(not missing and not found, f"missing {missing}, found {found}")


@dataclass
class RightRefusal(Evaluator[Asked, Shown, Expect]):
    """Catches: an invented answer where none can be given, and a refusal where one can."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        text, wanted = ctx.output.text.lower(), bool(ctx.metadata and ctx.metadata.refuses)
        refused = text.startswith(REFUSALS) or not text.strip()
        return said(refused == wanted, f"{'refused' if refused else 'answered'}: {ctx.output.text[:80]}")


@dataclass
class NoInventedNumber(Evaluator[Asked, Shown, Expect]):
    """Catches: a number that no tool returned."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        return said(not ctx.output.unsupported, f"unsupported: {ctx.output.unsupported}")


@dataclass
class RightProposal(Evaluator[Asked, Shown, Expect]):
    """Catches: a proposal that nobody asked for, and none where one was asked for."""

    def evaluate(self, ctx: Context) -> EvaluationReason:
        wanted = [ctx.metadata.proposes] if ctx.metadata and ctx.metadata.proposes else []
        return said(ctx.output.proposals == wanted, f"proposed {ctx.output.proposals}, expected {wanted}")


ALL = (RightTool, RightPlaceAndTime, RightFigures, RightWords, RightRefusal, NoInventedNumber, RightProposal)


def _same(value: str, wanted: str) -> bool:
    """Two intervals start/end, alike to a minute."""
    pairs = zip(value.split("/"), wanted.split("/"), strict=True)
    return all(abs(datetime.fromisoformat(a) - datetime.fromisoformat(b)) <= CLOSE for a, b in pairs)
