"""What all tables share."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from psycopg.types.range import Range
from sqlalchemy import (
    BigInteger,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    MetaData,
    Numeric,
    SmallInteger,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSTZRANGE
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

NAMES = {
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}

Id = Annotated[int, mapped_column(BigInteger, Identity(), primary_key=True)]
SiteId = Annotated[int, mapped_column(SmallInteger, ForeignKey("sites.id"), index=False)]
EquipmentId = Annotated[int, mapped_column(ForeignKey("equipment.id"))]
Money = Annotated[Decimal, mapped_column(Numeric(14, 2))]
Created = Annotated[datetime, mapped_column(server_default=func.now())]
Json = dict[str, Any]


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
        list[str]: ARRAY(Text),
        str: Text,
        Range[datetime]: TSTZRANGE,
    }


class Derived:
    """What follows from readings, at one equipment. A row keeps its id: an open one is closed by setting `ended_at`.

    One that late readings prove wrong gets `superseded_at`, and a new row takes its place: a citation stays what it was.
    """

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    equipment_id: Mapped[EquipmentId]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    superseded_at: Mapped[datetime | None]
    superseded_by: Mapped[int | None] = mapped_column(BigInteger)


class Record:
    """A record that another system owns. A new version is a new row; the old one's `recorded` range is closed.

    `valid`: when it holds in the plant. `recorded`: when we believed it. `as_of` in store queries looks at `recorded`.
    `key` is the source's own key; (site, source, key) names the thing across its versions.
    """

    id: Mapped[Id]
    site_id: Mapped[SiteId]
    source: Mapped[str]
    key: Mapped[str]
    version: Mapped[str] = mapped_column(server_default="")
    digest: Mapped[str] = mapped_column(server_default="")  # of the mapped values: the same again changes nothing
    valid: Mapped[Range[datetime]] = mapped_column(server_default=text("tstzrange(NULL, NULL)"))
    recorded: Mapped[Range[datetime]] = mapped_column(server_default=text("tstzrange(now(), NULL)"))
    more: Mapped[Json] = mapped_column(server_default="{}")  # fields of the source that no column has

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:
        name = getattr(cls, "__tablename__")  # noqa: B009
        return (
            Index(
                f"{name}_current_key",
                "site_id",
                "source",
                "key",
                unique=True,
                postgresql_where=text("upper_inf(recorded)"),
            ),
            *getattr(cls, "extra_args", ()),
        )
