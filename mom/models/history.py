"""What the machines said (readings), and what follows from it (states, stops, counts, alarms)."""

from datetime import datetime

from sqlalchemy import BigInteger, Float, ForeignKey, Index, Integer, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from mom.models.base import Base, Created, Derived, EquipmentId, Id, Json, SiteId

CURRENT = text("superseded_at IS NULL")


class Reading(Base):
    """One value of one tag at one time. `status` is the OPC UA status code; 0 is good. Partitioned by month."""

    __tablename__ = "readings"
    __table_args__ = ({"postgresql_partition_by": "RANGE (at)"},)
    tag_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    received_at: Mapped[datetime]
    number: Mapped[float | None] = mapped_column(Float)
    text: Mapped[str | None]
    status: Mapped[int] = mapped_column(BigInteger, server_default="0")


class SignalMean(Base):
    """Five minutes of one measured quantity, from its good readings; `running_…` from those taken while its machine ran.

    Kept up by the history, so that a rule that looks back over days need not read what was told every second.
    """

    __tablename__ = "signal_means"
    tag_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(primary_key=True)  # when the five minutes began
    n: Mapped[int]
    mean: Mapped[float] = mapped_column(Float)
    low: Mapped[float] = mapped_column(Float)
    high: Mapped[float] = mapped_column(Float)
    first: Mapped[float] = mapped_column(Float)
    last: Mapped[float] = mapped_column(Float)
    running_n: Mapped[int]
    running_mean: Mapped[float | None] = mapped_column(Float)
    running_spread: Mapped[float | None] = mapped_column(Float)  # standard deviation
    share: Mapped[float | None] = mapped_column(Float)  # of the five minutes in which the machine ran; none: not known
    load_2: Mapped[float | None] = mapped_column(Float)  # how much of a running machine's load of the last 2, 5, 15
    load_5: Mapped[float | None] = mapped_column(Float)  # minutes was left in it, mean of the readings while it ran
    load_15: Mapped[float | None] = mapped_column(Float)


class Touched(Base):
    """Work for the history: readings of an equipment in a range were stored, in the same transaction as this row."""

    __tablename__ = "touched"
    id: Mapped[Id]
    site_id: Mapped[SiteId]
    equipment_id: Mapped[EquipmentId]
    from_at: Mapped[datetime]
    to_at: Mapped[datetime]
    wakes: Mapped[bool] = mapped_column(server_default="true")  # false: loaded past, wakes no triage
    corrected: Mapped[bool] = mapped_column(
        server_default="false"
    )  # a person said something: figures change, rows may not
    stored_at: Mapped[Created]


class Gap(Base):
    """A time in which a connector (or one of its tags) told us nothing: link lost, disk full, overflow, bad status."""

    __tablename__ = "gaps"
    __table_args__ = (Index("gaps_site_connector_idx", "site_id", "connector", "started_at"),)
    id: Mapped[Id]
    site_id: Mapped[SiteId]
    connector: Mapped[str]
    tag_id: Mapped[int | None] = mapped_column(ForeignKey("tags.id"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str]
    detail: Mapped[str] = mapped_column(server_default="")


class StateInterval(Derived, Base):
    """A machine was in one state. `state` is PackML's name, or `Unknown` where nothing was heard."""

    __tablename__ = "state_intervals"
    __table_args__ = (
        Index("state_intervals_current_key", "equipment_id", "started_at", unique=True, postgresql_where=CURRENT),
    )
    state: Mapped[str]
    detail: Mapped[str] = mapped_column(server_default="")  # of Suspended: starved or blocked
    mode: Mapped[str] = mapped_column(server_default="")  # set_up while the machine is in set-up mode


class Stop(Derived, Base):
    """A machine that should run stood for a cause inside it. `reason` is empty while unclassified."""

    __tablename__ = "stops"
    __table_args__ = (Index("stops_current_key", "equipment_id", "started_at", unique=True, postgresql_where=CURRENT),)
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(server_default="")
    reason_by: Mapped[str] = mapped_column(server_default="machine")  # machine, alarm, person


class Alarm(Derived, Base):
    """An alarm was active. `stops`: the plant file says that it stops the machine."""

    __tablename__ = "alarms"
    __table_args__ = (
        Index("alarms_current_key", "tag_id", "code", "started_at", unique=True, postgresql_where=CURRENT),
        Index("alarms_equipment_idx", "equipment_id", "started_at"),
    )
    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id"))
    code: Mapped[str]
    text: Mapped[str]
    stops: Mapped[bool]


class Count(Base):
    """Pieces of one equipment in a span: a minute from a counter, or what a system reported for a shift.

    `source` is `plc` for a minute derived from counters (key: empty), else the system, with its own key.
    `scrap` is by reason in `scrap_counts`; `produced = good + scrap` unless the source tells otherwise.
    """

    __tablename__ = "counts"
    __table_args__ = (
        UniqueConstraint("equipment_id", "source", "key", "started_at"),
        Index("counts_equipment_idx", "equipment_id", "started_at"),
        Index("counts_record_key", "site_id", "source", "key", unique=True, postgresql_where=text("key <> ''")),
    )
    id: Mapped[Id]
    site_id: Mapped[SiteId]
    equipment_id: Mapped[EquipmentId]
    source: Mapped[str]
    key: Mapped[str] = mapped_column(server_default="")
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    product: Mapped[str | None]
    order: Mapped[str | None]
    tool: Mapped[str | None]  # mould, format part
    shift: Mapped[str | None]
    produced: Mapped[float] = mapped_column(Float, server_default="0")
    good: Mapped[float] = mapped_column(Float, server_default="0")
    scrap: Mapped[float] = mapped_column(Float, server_default="0")
    rework: Mapped[float] = mapped_column(Float, server_default="0")
    ideal_seconds: Mapped[float | None] = mapped_column(Float)  # PRI x PQ where the source tells its standard
    digest: Mapped[str] = mapped_column(server_default="")
    more: Mapped[Json] = mapped_column(server_default="{}")
    recorded_at: Mapped[Created]


class ScrapCount(Base):
    """Scrapped pieces of one count, by reason (a defect type)."""

    __tablename__ = "scrap_counts"
    count_id: Mapped[int] = mapped_column(ForeignKey("counts.id", ondelete="CASCADE"), primary_key=True)
    reason: Mapped[str] = mapped_column(primary_key=True)
    quantity: Mapped[float] = mapped_column(Float)


class CounterEvent(Base):
    """A counter was reset, rolled over or jumped: what was seen and how it was taken."""

    __tablename__ = "counter_events"
    __table_args__ = (UniqueConstraint("tag_id", "at"),)
    id: Mapped[Id]
    site_id: Mapped[SiteId]
    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id"))
    at: Mapped[datetime]
    kind: Mapped[str]  # reset, rollover, jump
    before: Mapped[float] = mapped_column(Float)
    after: Mapped[float] = mapped_column(Float)
    bits: Mapped[int | None] = mapped_column(SmallInteger)
