from .integration import Aim, Integrated, Join, Party, Step
from .proposals import Cycle, Method, Proposal, Statistics
from .selection import Confirmation, Placement, Score
from .similar import Run, Suggested, Suggestion, Verdict

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
    "Run",
    "Score",
    "Statistics",
    "Step",
    "Suggested",
    "Suggestion",
    "Verdict",
]
