"""A subscription on the tags' nodes: what was agreed with the server, and its messages as readings."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from asyncua import ua
from asyncua.ua.attribute_ids import AttributeIds

from connectors.connector import LinkLost, Reading
from connectors.opcua import OpcUa
from connectors.opcua_client import LookingClient
from connectors.values import Changes, scaler
from mom.clock import now
from mom.plant.schema import Tag, TagType
from mom.status import BAD, OVERFLOW, SEVERITY

LONGEST_SILENCE_S = 14.0
ITEMS_A_CALL = 500
WAITING_MESSAGES = 8
FIRST_REAL_YEAR = 1971
MICROSECOND = timedelta(microseconds=1)


class Subscription:
    """`start`, then `next` again and again. `first`: what is known at once, such as nodes that do not exist."""

    def __init__(self, client: LookingClient, options: OpcUa) -> None:
        self._client, self._options = client, options
        self._messages: asyncio.Queue[ua.PublishResult] = asyncio.Queue(WAITING_MESSAGES)
        self._tags = options.tags
        self._scale = [scaler(tag) for tag in self._tags]
        self._banded = Changes(self._tags) if any(tag.deadband for tag in self._tags) else None
        self._last: list[tuple[datetime, object] | None] = [None] * len(self._tags)
        self._queue = [0] * len(self._tags)
        self._sequence: int | None = None
        self._silence_s = LONGEST_SILENCE_S
        self.first: list[Reading] = []
        self.notice = ""

    async def start(self) -> None:
        publish_ms = self._options.publish / timedelta(milliseconds=1)
        timeout_s = self._options.timeout.total_seconds()
        parameters = ua.CreateSubscriptionParameters(
            RequestedPublishingInterval=publish_ms,
            RequestedLifetimeCount=max(3, int(60_000 / publish_ms)),
            RequestedMaxKeepAliveCount=max(1, int(500 * timeout_s / publish_ms)),
            MaxNotificationsPerPublish=0,
        )
        agreed = await self._client.uaclient.session.create_subscription(parameters, self._messages.put)
        period_s = agreed.RevisedPublishingInterval * agreed.RevisedMaxKeepAliveCount / 1000
        self._silence_s = min(max(2 * timeout_s, 3 * period_s), LONGEST_SILENCE_S)
        namespaces = await self._namespaces()
        for start in range(0, len(self._tags), ITEMS_A_CALL):
            await self._monitor(agreed, range(start, min(start + ITEMS_A_CALL, len(self._tags))), namespaces)

    async def next(self) -> list[Reading]:
        """What the server's next message says, nothing if it only lives. Raises LinkLost when it is silent."""
        try:
            async with asyncio.timeout(self._silence_s):
                result = await self._messages.get()
        except TimeoutError:
            raise LinkLost(f"{self._options.url}: silent for {self._silence_s:g} s.") from None
        found: list[Reading] = []
        for notification in result.NotificationMessage.NotificationData or ():
            if isinstance(notification, ua.DataChangeNotification):
                self._check_sequence(result.NotificationMessage.SequenceNumber)
                found += self._readings(notification.MonitoredItems)
            elif isinstance(notification, ua.StatusChangeNotification):
                raise LinkLost(f"{self._options.url}: the subscription ended: {notification.Status.name}.")
        return found

    async def _namespaces(self) -> dict[str, int]:
        if not any(tag.address.startswith("nsu=") for tag in self._tags):
            return {}
        return {uri: index for index, uri in enumerate(await self._client.get_namespace_array())}

    async def _monitor(self, agreed: Any, indexes: range, namespaces: dict[str, int]) -> None:
        publish_ms = float(agreed.RevisedPublishingInterval)
        items = [_item(self._options, index, self._tags[index], publish_ms, namespaces) for index in indexes]
        parameters = ua.CreateMonitoredItemsParameters(
            SubscriptionId=agreed.SubscriptionId, TimestampsToReturn=ua.TimestampsToReturn.Both, ItemsToCreate=items
        )
        results = await self._client.uaclient.session.create_monitored_items(parameters)
        for index, item, result in zip(indexes, items, results, strict=True):
            tag, asked = self._tags[index], item.RequestedParameters
            if not result.StatusCode.is_good():
                self.first.append(Reading(tag.id, now(), None, result.StatusCode.value))
                continue
            self._queue[index] = result.RevisedQueueSize
            needed = self._options.queue_for(publish_ms, max(result.RevisedSamplingInterval, asked.SamplingInterval))
            if result.RevisedQueueSize < needed:
                self.notice = f"the server queues {result.RevisedQueueSize} values of {tag.id}, {needed} were asked for"
            elif result.RevisedSamplingInterval > 1.05 * asked.SamplingInterval:
                self.notice = (
                    f"the server looks at {tag.id} every {result.RevisedSamplingInterval:g} ms,"
                    f" {asked.SamplingInterval:g} ms were asked for"
                )

    def _check_sequence(self, number: int) -> None:
        """A message that never came took its values with it: that is a lost link, with a gap on record."""
        last, self._sequence = self._sequence, number
        if last is not None and number not in (last, last + 1, 1):
            raise LinkLost(f"{self._options.url}: message {last + 1} never came, {number} did.")

    def _readings(self, items: Iterable[Any]) -> list[Reading]:
        items = list(items)
        full = {
            handle for handle, count in Counter(i.ClientHandle for i in items).items() if self._is_full(handle, count)
        }
        found = []
        for item in items:
            handle = item.ClientHandle
            if not 0 <= handle < len(self._tags):
                continue
            extra = OVERFLOW if handle in full else 0
            full.discard(handle)
            reading = self._reading(handle, item.Value, extra)
            if self._banded is None or self._banded.is_new(reading):
                found.append(reading)
        return found

    def _is_full(self, handle: int, count: int) -> bool:
        """A queue that came full may have dropped values before; some servers do not say so."""
        return 0 <= handle < len(self._queue) and count >= self._queue[handle] > 1

    def _reading(self, handle: int, data: ua.DataValue, extra: int) -> Reading:
        tag, scaled = self._tags[handle], self._scale[handle]
        status = (data.StatusCode.value if data.StatusCode is not None else 0) | extra
        value = None if status & SEVERITY == BAD or data.Value is None else _plain(data.Value.Value, tag.type)
        if scaled is not None:
            value = scaled(value)
        at = data.SourceTimestamp
        if at is None or at.year < FIRST_REAL_YEAR:
            return Reading(tag.id, None, value, status)
        if at.tzinfo is None:
            at = at.replace(tzinfo=UTC)
        last = self._last[handle]
        if last is not None and at == last[0] and value != last[1]:
            at += MICROSECOND  # two changes within the source's tick are two readings
        self._last[handle] = (at, value)
        return Reading(tag.id, at, value, status)


def _item(
    options: OpcUa, handle: int, tag: Tag, publish_ms: float, namespaces: dict[str, int]
) -> ua.MonitoredItemCreateRequest:
    sampling = options.sampling_ms(tag)
    trigger = ua.DataChangeTrigger.StatusValueTimestamp if options.repeats else ua.DataChangeTrigger.StatusValue
    return ua.MonitoredItemCreateRequest(
        ItemToMonitor=ua.ReadValueId(NodeId=_node_id(tag, namespaces), AttributeId=AttributeIds.Value),
        MonitoringMode=ua.MonitoringMode.Reporting,
        RequestedParameters=ua.MonitoringParameters(
            ClientHandle=handle,
            SamplingInterval=sampling,
            Filter=ua.DataChangeFilter(Trigger=trigger),
            QueueSize=options.queue_for(publish_ms, sampling),
            DiscardOldest=True,
        ),
    )


def _node_id(tag: Tag, namespaces: dict[str, int]) -> ua.NodeId:
    address = tag.address
    if address.startswith("nsu="):
        uri, _, rest = address.removeprefix("nsu=").partition(";")
        address = f"ns={namespaces.get(uri, 65535)};{rest}"
    return ua.NodeId.from_string(address)


def _plain(value: Any, kind: TagType) -> Any:
    """The value as a reading holds it; what does not fit is refused later, by name."""
    if isinstance(value, ua.LocalizedText):
        value = value.Text or ""
    if kind is TagType.text:
        return value if isinstance(value, str) or value is None else _as_text(value)
    return _as_number(value) if isinstance(value, str) else value


def _as_number(value: str) -> float | str:
    """Some servers give numbers as text; a text that is none stays what it is, and is refused by name."""
    try:
        return float(value)
    except ValueError:
        return value


def _as_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
