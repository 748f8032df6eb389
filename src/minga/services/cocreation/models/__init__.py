from .integration import Agreement, Aim, Integrated, Join, Party, Step
from .proposals import Cycle, Method, Proposal, Statistics
from .report import Told
from .screening import Screening
from .selection import Confirmation, Pick, Placement, Score

__all__ = [
    "Agreement",
    "Aim",
    "Confirmation",
    "Cycle",
    "Integrated",
    "Join",
    "Method",
    "Party",
    "Pick",
    "Placement",
    "Proposal",
    "Score",
    "Screening",
    "Statistics",
    "Step",
    "Told",
]
