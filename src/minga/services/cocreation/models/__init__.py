from .actors import Stakeholder, Theme
from .integration import Agreement, Aim, Integrated, Join, Party, Passage, Step
from .proposals import Cycle, Method, Proposal, Statistics
from .report import Told
from .screening import Screening
from .selection import Confirmation, Pick, Placement, Score
from .similar import Run, Suggested, Suggestion, Verdict
from .support import Support
from .workshops import (
    Batch,
    Guest,
    Phase,
    Registration,
    Remark,
    Row,
    Sheet,
    Sketch,
    Table,
    Workshop,
)

__all__ = [
    "Agreement",
    "Aim",
    "Batch",
    "Confirmation",
    "Cycle",
    "Guest",
    "Integrated",
    "Join",
    "Method",
    "Party",
    "Passage",
    "Phase",
    "Pick",
    "Placement",
    "Proposal",
    "Registration",
    "Remark",
    "Row",
    "Run",
    "Score",
    "Screening",
    "Sheet",
    "Sketch",
    "Stakeholder",
    "Statistics",
    "Step",
    "Suggested",
    "Suggestion",
    "Support",
    "Table",
    "Theme",
    "Told",
    "Verdict",
    "Workshop",
]
