"""The MOM store's tables, a file per group of nouns. Import from here: all tables are then known."""

from mom.models.base import Base
from mom.models.corrections import Correction
from mom.models.documents import Document, Passage
from mom.models.equipment import Equipment, Link, Site, Tag
from mom.models.governance import (
    ApiKey,
    AuditEntry,
    AuditHead,
    Event,
    SignInAttempt,
    SignInLink,
    SignInSession,
    Switch,
    User,
    WorkerLoop,
)
from mom.models.history import (
    Alarm,
    Count,
    CounterEvent,
    Gap,
    Reading,
    ScrapCount,
    SignalMean,
    StateInterval,
    Stop,
    Touched,
)
from mom.models.improvement import Effect, ImprovementTask, Loss
from mom.models.inventory import MaterialBooking, MaterialLot, StockLevel, StockMove
from mom.models.letters import Letter, ReportRun, WebhookEndpoint, WebhookReceipt
from mom.models.maintenance import MaintenanceOrder, SparePart
from mom.models.people import Note, Person, PersonnelTime, Qualification
from mom.models.production import Product, ProductionOrder, Run, ScheduleEntry
from mom.models.proposals import Decision, Execution, Proposal
from mom.models.quality import InspectionResult, Nonconformance
from mom.models.quality_models import QualityModel
from mom.models.records import WaitingItem
from mom.models.rollups import Rollup, RollupBasis, RollupMark
from mom.models.talk import AgentMessage, AgentRun, Conversation

__all__ = [
    "AgentMessage",
    "AgentRun",
    "Alarm",
    "ApiKey",
    "AuditEntry",
    "AuditHead",
    "Base",
    "Conversation",
    "Correction",
    "Count",
    "CounterEvent",
    "Decision",
    "Document",
    "Effect",
    "Equipment",
    "Event",
    "Execution",
    "Gap",
    "ImprovementTask",
    "InspectionResult",
    "Letter",
    "Link",
    "Loss",
    "MaintenanceOrder",
    "MaterialBooking",
    "MaterialLot",
    "Nonconformance",
    "Note",
    "Passage",
    "Person",
    "PersonnelTime",
    "Product",
    "ProductionOrder",
    "Proposal",
    "Qualification",
    "QualityModel",
    "Reading",
    "ReportRun",
    "Rollup",
    "RollupBasis",
    "RollupMark",
    "Run",
    "ScheduleEntry",
    "ScrapCount",
    "SignalMean",
    "SignInAttempt",
    "SignInLink",
    "SignInSession",
    "Site",
    "SparePart",
    "StateInterval",
    "StockLevel",
    "StockMove",
    "Stop",
    "Switch",
    "Tag",
    "Touched",
    "User",
    "WaitingItem",
    "WebhookEndpoint",
    "WebhookReceipt",
    "WorkerLoop",
]
