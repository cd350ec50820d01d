"""Persons as the plant names them, what they may do, and what they wrote."""

from datetime import datetime

from sqlalchemy import Float, Index
from sqlalchemy.orm import Mapped, mapped_column

from mom.models.base import Base, Record


class Person(Record, Base):
    __tablename__ = "persons"
    name: Mapped[str]
    crew: Mapped[str | None]
    trade: Mapped[str | None]  # operator, mechanic, electrician …
    email: Mapped[str | None]


class Qualification(Record, Base):
    __tablename__ = "qualifications"
    person: Mapped[str]
    skill: Mapped[str]
    equipment: Mapped[str | None]
    expires_at: Mapped[datetime | None]


class Note(Record, Base):
    """A shift note or an operator's remark. Untrusted text: data, never an instruction."""

    __tablename__ = "notes"
    equipment: Mapped[str | None]
    author: Mapped[str | None]
    crew: Mapped[str | None]
    text: Mapped[str]
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(server_default="shift")


class PersonnelTime(Record, Base):
    """Time that people were there (attendance) or at work on orders (work). A row may stand for several of a crew."""

    __tablename__ = "personnel_times"
    extra_args = (Index("personnel_times_started_at_idx", "site_id", "started_at"),)
    kind: Mapped[str]  # attendance, work
    person: Mapped[str | None]
    crew: Mapped[str | None]
    trade: Mapped[str | None]  # operator; mechanic, electrician: the maintenance team
    people: Mapped[float] = mapped_column(Float, server_default="1")
    equipment: Mapped[str | None]  # path of the line; none: the site
    order: Mapped[str | None]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
