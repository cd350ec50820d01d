"""Run a suite of cases against a model, and sum up what was right."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from pydantic_evals import Case, Dataset
from pydantic_evals.reporting import EvaluationReport
from sqlalchemy import select, text

from agents.agent import Model
from agents.asking import Asking
from agents.loop import ask
from agents.roster import FRONT_DESK, agents
from evals.chat.case import Asked, Expect, Shown
from evals.chat.evaluators import ALL
from evals.chat.truth import TRUTHS
from evals.plant import NOW, Built
from mom.caller import Caller
from mom.database.access import Store
from mom.errors import NotFound
from mom.models import AgentMessage, AgentRun, Base, Proposal
from mom.settings import Settings
from tools.moments import Moments
from tools.when import understand

CASES = Path(__file__).parent / "cases"
MAY_CHANGE = frozenset(
    {"proposals", "events", "audit_entries", "audit_heads", "agent_runs", "agent_messages", "conversations", "losses"}
)
"""What asking may change: proposals with their traces, and its own conversation. A proposed loss says so."""
Cases = Dataset[Asked, Shown, Expect]
Truths = dict[str, tuple[dict[str, str | None], str | None]]


def suites() -> list[str]:
    return sorted(path.stem for path in CASES.glob("*.yaml"))


def load(suite: str, row: str | None = None, first: int | None = None) -> Cases:
    """The cases of a suite. NotFound names those that exist."""
    if suite not in suites():
        raise NotFound(f"There is no suite {suite!r}.", remedy=f"There are: {', '.join(suites())}.")
    dataset: Cases = Dataset[Asked, Shown, Expect].from_file(CASES / f"{suite}.yaml", custom_evaluator_types=ALL)
    if row is not None:
        dataset.cases = [case for case in dataset.cases if case.name == row]
        if not dataset.cases:
            raise NotFound(f"Suite {suite} has no row {row!r}.", remedy="`--json` lists the names of all rows.")
    dataset.cases = dataset.cases[:first]
    return dataset


async def run(store: Store, settings: Settings, built: Built, model: Model, dataset: Cases) -> dict[str, Any]:
    """`{"suite", "model", "cases", "passed", "scores": {name: share}, "failures": […]}`."""
    task = Task(store, settings, built, model, await truths_of(store, built, dataset))
    before = await digests(store)
    report = await dataset.evaluate(task.answer, name=dataset.name, max_concurrency=1, progress=False)
    changed = [name for name, digest in (await digests(store)).items() if before[name] != digest]
    return summary(report, dataset.cases, model.name, [name for name in changed if name not in MAY_CHANGE])


class Task:
    """Asks one case's question of the front desk and gathers what evaluators need."""

    def __init__(self, store: Store, settings: Settings, built: Built, model: Model, truths: Truths) -> None:
        self.store, self.settings, self.model, self.truths = store, settings, model, truths
        self.caller = Caller(built.site_id, built.user_id, "Eva", frozenset({"supervisor", "planner"}))

    async def answer(self, asked: Asked) -> Shown:
        conversation = uuid4() if asked.before else None
        asking = Asking(self.store, self.caller, NOW, ZoneInfo("Europe/Vienna"), self.settings, conversation)
        for question in asked.before:
            await ask(agents()[FRONT_DESK], question, asking, self.model)
        run_id = uuid4()
        given = await ask(agents()[FRONT_DESK], asked.question, asking, self.model, run_id=run_id)
        tools, runs = await self._calls(run_id)
        return Shown(
            text=given.text,
            status=given.status,
            tools=tools,
            understood=[(item.name, item.value) for item in given.understood],
            proposals=await self._proposals(runs),
            unsupported=[given.text[start:end] for start, end in given.checked.unsupported],
            blocks=[block.type for block in given.blocks],
            truths=self.truths[asked.question][0],
            window=self.truths[asked.question][1],
        )

    async def _calls(self, run_id: UUID) -> tuple[list[str], list[UUID]]:
        """The tools that were called in the run and those it started, in order."""
        async with self.store.read() as session:
            children = list(await session.scalars(select(AgentRun.id).where(AgentRun.parent_id == run_id)))
            rows = await session.scalars(
                select(AgentMessage.message)
                .where(AgentMessage.run_id.in_([run_id, *children]))
                .order_by(AgentMessage.at, AgentMessage.seq)
            )
            made = [c["function"]["name"] for message in rows for c in message.get("tool_calls") or []]
        return made, [run_id, *children]

    async def _proposals(self, runs: Sequence[UUID]) -> list[str]:
        async with self.store.read() as session:
            return list(await session.scalars(select(Proposal.action).where(Proposal.run_id.in_(runs))))


async def truths_of(store: Store, built: Built, dataset: Cases) -> Truths:
    """For each question: how its figures have to be said, and the window that has to be understood."""
    found: Truths = {}
    for case in dataset.cases:
        expect = case.metadata or Expect()
        truths: dict[str, str | None] = {}
        async with store.read() as session:
            for wanted in expect.figures:
                path = f"{built.plant.site.id}/{wanted.equipment}"
                window = _window(built, wanted.when)
                truths[f"{wanted.figure} of {wanted.equipment}"] = await TRUTHS[wanted.figure](
                    session, built.plant, path, window
                )
        window = _window(built, expect.window) if expect.window else None
        found[case.inputs.question] = truths, f"{window.start.isoformat()}/{window.end.isoformat()}" if window else None
    return found


def _window(built: Built, words: str) -> Any:
    return understand(words, Moments(NOW, built.plant.zone, built.plant.calendar))[0].window


async def digests(store: Store) -> dict[str, tuple[int, int]]:
    """Rows and a sum over their contents, of every table but the readings (rows alone)."""
    found = {}
    async with store.write() as session:
        for table in Base.metadata.sorted_tables:
            content = (
                "0"
                if table.name in ("readings", "counts")
                else f'COALESCE(sum(hashtext("{table.name}"::text)::bigint), 0)'
            )
            count, total = (await session.execute(text(f'SELECT count(*), {content} FROM "{table.name}"'))).one()
            found[table.name] = int(count), int(total)
    return found


def summary(
    report: EvaluationReport[Asked, Shown, Expect],
    cases: Sequence[Case[Asked, Shown, Expect]],
    model: str,
    changed: Sequence[str],
) -> dict[str, Any]:
    judged: dict[str, list[bool]] = defaultdict(list)
    failures: list[dict[str, Any]] = []
    for case in report.cases:
        wrong = {name: a.reason or "wrong" for name, a in case.assertions.items() if not a.value}
        wrong |= {failure.name: failure.error_message for failure in case.evaluator_failures}
        for name, assertion in case.assertions.items():
            judged[name].append(bool(assertion.value))
        if wrong:
            failures.append(
                {"case": case.name, "question": case.inputs.question, "wrong": wrong, "text": case.output.text}
            )
    failures += [
        {"case": f.name, "question": f.inputs.question, "wrong": {"run": f.error_message}} for f in report.failures
    ]
    if changed:
        failures.append({"case": "the whole suite", "wrong": {"NothingElseChanged": f"changed: {', '.join(changed)}"}})
    scores = {name: round(sum(values) / len(values), 4) for name, values in sorted(judged.items())}
    failed = {failure["case"] for failure in failures}
    return {
        "suite": report.name,
        "model": model,
        "cases": len(cases),
        "passed": len(cases) - len(failed - {"the whole suite"}),
        "scores": {**scores, "NothingElseChanged": float(not changed)},
        "failures": failures,
    }
