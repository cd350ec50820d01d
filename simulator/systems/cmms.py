"""The maintenance system: takes orders, sends technicians who really mend the machine, and reports what was done."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulator.systems.inbox import Inbox, Message

if TYPE_CHECKING:
    from simulator.live import Live
    from simulator.systems.sender import Sender

LEAST_SECONDS = 10.0  # so long work takes at the least, however fast the demo runs


@dataclass
class Job:
    """An order as the maintenance system keeps it."""

    number: str
    key: str
    equipment: str
    part: str
    title: str
    text: str
    minutes: float
    status: str = "open"  # open, in work, done


class Cmms:
    """Keeps orders; `hurry`: how many times faster than real the work goes (60: an hour takes a minute)."""

    def __init__(self, live: Live, secret: str, sender: Sender | None, hurry: float) -> None:
        self.live, self.inbox, self.sender, self.hurry = live, Inbox(secret), sender, hurry
        self.jobs: list[Job] = []
        self._work: set[asyncio.Task[None]] = set()

    def take(self, message: Message) -> None:
        """Carry out what asks for maintenance; other messages are only kept."""
        data = message.data
        if "equipment" not in data:
            return
        job = Job(
            number=f"WO-{30_000 + len(self.jobs)}",
            key=str(data.get("key") or message.id),
            equipment=_below_site(str(data["equipment"]), self.live.plant.layout.site),
            part=str(data.get("part") or ""),
            title=str(data.get("title") or ""),
            text=" ".join(str(data.get(k) or "") for k in ("text", "failure_mode")),
            minutes=float(data.get("minutes") or 60),
        )
        self.jobs.append(job)
        task = asyncio.create_task(self._carry_out(job))
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    def orders(self) -> list[dict[str, Any]]:
        return [vars(job) for job in self.jobs]

    async def close(self) -> None:
        for task in self._work:
            task.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)

    async def _carry_out(self, job: Job) -> None:
        job.status = "in work"
        self._report(job, started_at=self.live.clock().isoformat())
        seconds = max(LEAST_SECONDS, 60 * job.minutes / self.hurry)
        await self.live.repair(job.equipment, job.part, job.title, job.text, seconds)
        job.status = "done"
        self._report(job, ended_at=self.live.clock().isoformat(), hours=round(job.minutes / 60, 2))

    def _report(self, job: Job, **more: Any) -> None:
        if self.sender is None:
            return
        data = {
            "key": job.key,
            "number": job.number,
            "status": job.status,
            "equipment": job.equipment,
            "part": job.part or None,
            "title": job.title,
            "text": "Done as ordered. Test run ok." if job.status == "done" else "",
            **more,
        }
        self.sender.send(
            f"cmms-{job.number}-{job.status.replace(' ', '-')}", "maintenance_order", data, self.live.clock()
        )


def _below_site(path: str, site: str) -> str:
    return path.removeprefix(f"{site}/")
