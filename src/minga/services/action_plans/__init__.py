"""What the State promised, readable: plans, commitments, milestones and goals."""
