"""Rules of the method that somebody may run against: each is refused by its name, said in words
and recorded. Pure Python."""

from enum import StrEnum


class Rule(StrEnum):
    STAGE = "stage"  # a stage out of order
    NO_METHOD = "no_method"
    NOT_A_MEMBER = "not_a_member"  # of the body that does this
    BLIND = "blind"  # looking for the other's score
    OWN_PROPOSAL = "own_proposal"
    CONFLICT_OF_INTEREST = "conflict_of_interest"
    LOCKED = "locked"  # a score that was handed in
    SETTLED = "settled"  # what was answered, or what a body is deciding
    ALONE = "alone"  # one authority, or one member, deciding
    QUORUM = "quorum"
    ABSENT = "absent"  # who votes has not said that they are there
    ONE_GROUP = "one_group"  # a proposal in more groups than the method allows
    SAME_REVIEWERS = "same_reviewers"  # a decision is looked at again by others
    UNFINISHED = "unfinished"  # a stage is left with something undone
    INCOMPLETE = "incomplete"  # agreeing to what lacks something; about: each `Need`
    TERM_OVER = "term_over"
    NOT_YOURS = "not_yours"
    LEVEL = "level"  # the State is not sure enough of who they are


class Breach(Exception):
    """What somebody wanted to do is against a rule of the method."""

    def __init__(self, rule: Rule, *about: object) -> None:
        super().__init__(rule, *about)
        self.rule, self.about = rule, about
