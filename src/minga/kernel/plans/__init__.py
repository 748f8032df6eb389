"""What a State promised: plans, their editions, the tree of each, milestones and dates."""
