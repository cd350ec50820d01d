"""The ERP: sends production orders as the planners release them, and takes changes of the schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.plant.orders import Order
from simulator.plant.records import production_order
from simulator.systems.inbox import Inbox, Message

if TYPE_CHECKING:
    from simulator.live import Live
    from simulator.systems.sender import Sender


class Erp:
    """Knows the orders; what it was told of the schedule it puts into the lines' sequence."""

    def __init__(self, live: Live, secret: str, sender: Sender | None) -> None:
        self.live, self.inbox, self.sender = live, Inbox(secret), sender
        live.plant.site.on_release.append(self._released)
        live.plant.site.on_finish.append(lambda order: self._released([order]))

    def take(self, message: Message) -> None:
        moves = message.data.get("moves")
        if isinstance(moves, list):
            self.live.move(moves)

    def schedule_changes(self) -> list[dict[str, Any]]:
        return [{"id": message.id, "type": message.type, **message.data} for message in self.inbox.messages.values()]

    def _released(self, orders: list[Order]) -> None:
        if self.sender is None:
            return
        for order in orders:
            record = production_order(self.live.plant.site, order)
            self.sender.send(
                f"erp-{order.number}-{record.data['status']}", record.kind, {"key": record.key, **record.data}
            )
