"""How the plant's links, its work and its post are doing, as Prometheus' gauges: read from the store when asked."""

from datetime import datetime
from typing import Any, NamedTuple

from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


class Source(NamedTuple):
    """A query whose rows are the labels' values and then one number for each gauge (name, help)."""

    labels: tuple[str, ...]
    gauges: tuple[tuple[str, str], ...]
    query: str


SOURCES = (
    Source(
        ("site", "connector"),
        (
            ("link_alive", "1 while the connector hears its source."),
            ("link_readings", "Readings that it has brought."),
            ("link_waiting_readings", "Readings in its spool that are not stored yet."),
            ("spool_bytes", "What its spool holds."),
            ("spool_limit_bytes", "What its spool may hold."),
        ),
        """SELECT code, connector, (state = 'alive' AND lease_until IS NOT NULL AND lease_until > :now)::int,
                  readings, waiting, spool_bytes, spool_limit
           FROM links JOIN sites ON sites.id = site_id ORDER BY 1, 2""",
    ),
    Source(
        ("loop",),
        (
            ("loop_failures", "How often in a row the worker's loop has failed."),
            ("loop_seen_seconds", "Since when nobody runs it, in seconds; it is written every few."),
        ),
        "SELECT name, failures, greatest(extract(epoch FROM :now - seen_at), 0) FROM worker_loops ORDER BY 1",
    ),
    Source(
        ("site",),
        (
            ("proposals_waiting", "Proposals that wait for a person."),
            ("losses_open", "Losses that still last."),
            ("letters_waiting", "E-mails and webhooks that are to be sent."),
            ("letters_dead", "E-mails and webhooks that were given up."),
        ),
        """SELECT code,
                  (SELECT count(*) FROM proposals WHERE site_id = sites.id AND status = 'pending'
                                                        AND expires_at > :now),
                  (SELECT count(*) FROM losses WHERE site_id = sites.id AND ended_at IS NULL AND superseded_at IS NULL),
                  (SELECT count(*) FROM letters WHERE site_id = sites.id AND sent_at IS NULL AND dead_at IS NULL),
                  (SELECT count(*) FROM letters WHERE site_id = sites.id AND dead_at IS NOT NULL)
           FROM sites ORDER BY 1""",
    ),
    Source(
        ("site",),
        (
            ("hours_kept", "Hours (of one machine or line each) whose elements are kept."),
            ("hours_kept_behind_seconds", "How long ago the last of them ended, where it is longest."),
            ("hours_kept_marks", "Changes that made some of them void; they are made anew in the background."),
        ),
        """SELECT s.code, coalesce(sum(extract(epoch FROM b.built_to - b.built_from)) / 3600, 0),
                  coalesce(extract(epoch FROM :now - min(b.built_to)), 0),
                  (SELECT count(*) FROM rollup_marks m JOIN equipment x ON x.id = m.equipment_id WHERE x.site_id = s.id)
           FROM sites s LEFT JOIN equipment e ON e.site_id = s.id LEFT JOIN rollup_bases b ON b.equipment_id = e.id
           GROUP BY s.id ORDER BY 1""",
    ),
)


async def metrics_text(session: AsyncSession, now: datetime) -> str:
    """Prometheus' text form: the process's own figures, and the plant's."""
    found: list[Metric] = []
    for source in SOURCES:
        rows = (await session.execute(text(source.query), {"now": now})).all()
        found += _families(source, [tuple(row) for row in rows])
    ours = CollectorRegistry(auto_describe=False)
    ours.register(_Read(found))
    return generate_latest(REGISTRY).decode() + generate_latest(ours).decode()


class _Read(Collector):
    """What was read, as the library wants to be handed it."""

    def __init__(self, found: list[Metric]) -> None:
        self._found = found

    def collect(self) -> list[Metric]:
        return self._found


def _families(source: Source, rows: list[tuple[Any, ...]]) -> list[Metric]:
    made: list[Metric] = []
    width = len(source.labels)
    for number, (name, help_text) in enumerate(source.gauges):
        family = GaugeMetricFamily(f"lineside_{name}", help_text, labels=source.labels)
        for row in rows:
            family.add_metric([str(value) for value in row[:width]], float(row[width + number]))
        made.append(family)
    return made
