"""The ERP: takes changes of the schedule and puts them into the lines' sequence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.systems.inbox import Inbox, Message

if TYPE_CHECKING:
    from simulator.live import Live


class Erp:
    """Keeps what it was told of the schedule."""

    def __init__(self, live: Live, secret: str) -> None:
        self.live, self.inbox = live, Inbox(secret)

    def take(self, message: Message) -> None:
        """Reorder the waiting orders; a message without moves is only kept."""
        moves = message.data.get("moves")
        if isinstance(moves, list):
            self.live.move(moves)

    def schedule_changes(self) -> list[dict[str, Any]]:
        return [{"id": message.id, "type": message.type, **message.data} for message in self.inbox.messages.values()]
