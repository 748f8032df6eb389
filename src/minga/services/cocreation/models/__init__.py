from .actors import Stakeholder, Theme
from .integration import Aim, Integrated, Join, Party, Step
from .proposals import Cycle, Method, Proposal, Statistics
from .selection import Confirmation, Placement, Score
from .support import Support

__all__ = [
    "Aim",
    "Confirmation",
    "Cycle",
    "Integrated",
    "Join",
    "Method",
    "Party",
    "Placement",
    "Proposal",
    "Score",
    "Stakeholder",
    "Statistics",
    "Step",
    "Support",
    "Theme",
]
