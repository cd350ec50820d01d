"""What an action needs to know of the plant: its costs, policies and systems, as last applied."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession

from mom import words
from mom.errors import NotFound
from mom.models import Site
from mom.plant.schema import Approval, Costs, System

_APPROVALS = TypeAdapter(dict[str, Approval])
_SYSTEMS = TypeAdapter(tuple[System, ...])
DEFAULT_APPROVAL = Approval(roles=("manager",), four_eyes_above=Decimal(0), expires_after=timedelta(hours=24))
"""An action that the plant file says nothing about: a manager decides, and never alone on what they asked for."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One site's rules, read from the plant file as the store has it."""

    site_id: int
    code: str
    name: str
    zone: ZoneInfo
    currency: str
    costs: Costs
    approvals: dict[str, Approval]
    systems: tuple[System, ...]

    def approval(self, action: str) -> Approval:
        return self.approvals.get(action, DEFAULT_APPROVAL)

    def system(self, kind: str | None) -> System | None:
        """The first system of that kind which can be told something."""
        return next((system for system in self.systems if system.kind == kind and system.url), None)

    def line_hour(self, path: str) -> Decimal:
        """What an hour of the line costs that `path` (with the site's code) lies in."""
        below = path.removeprefix(f"{self.code}/")
        found = (cost for line, cost in self.costs.line_hour.items() if f"{below}/".startswith(f"{line}/"))
        return next(found, Decimal(0))

    def local(self, at: datetime) -> str:
        """A moment as the plant's clock shows it."""
        return at.astimezone(self.zone).strftime("%a %d %b %H:%M")

    def money(self, amount: Decimal) -> str:
        return words.money(amount, self.currency)


async def read_setting(session: AsyncSession, site_id: int) -> Setting:
    """The site's setting. NotFound when there is no such site."""
    site = await session.get(Site, site_id)
    if site is None:
        raise NotFound(f"There is no site {site_id}.")
    return Setting(
        site_id=site.id,
        code=site.code,
        name=site.name,
        zone=ZoneInfo(site.time_zone),
        currency=site.currency,
        costs=Costs.model_validate(site.plant.get("costs") or {}),
        approvals=_APPROVALS.validate_python(site.plant.get("approvals") or {}),
        systems=_SYSTEMS.validate_python(site.plant.get("systems") or ()),
    )
