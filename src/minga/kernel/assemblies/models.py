from fractions import Fraction

from django.db import models
from django.db.models import F, Q

from minga.kernel.identity.models import Organisation, Person, Seat

from . import rules


class Delegate(models.Model):
    """Who speaks for an organisation in its seat of a body, or stands in for whoever does,
    from a day to a day (PAGA I, l. 694: principal and alternate delegates)."""

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="delegates")
    person = models.ForeignKey(Person, models.PROTECT, related_name="delegations")
    alternate = models.BooleanField(default=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seat", "alternate"],
                condition=Q(ends_on__isnull=True),
                name="assemblies_one_delegate_at_a_time",
            ),
            models.CheckConstraint(
                name="assemblies_delegate_in_order",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.seat_id}"


class Session(models.Model):
    """A body meets: the number of its minutes, which day, and how (PAGA I, l. 1204 cites the
    minutes number 24 of a virtual one)."""

    body = models.ForeignKey(Organisation, models.PROTECT, related_name="sessions")
    number = models.PositiveIntegerField()
    held_on = models.DateField()
    virtual = models.BooleanField(default=False)
    called_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)  # its minutes; until then they are a draft

    class Meta:
        constraints = [models.UniqueConstraint("body", "number", name="assemblies_session_once")]

    def __str__(self) -> str:
        return f"{self.body_id} {self.number}"

    @property
    def stream(self) -> str:
        return f"assembly:{self.body_id}"


class Attendance(models.Model):
    """A seat is there: by its principal delegate, or by the alternate and not by both."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="attendances")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="attendances")
    alternate = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("session", "seat", name="assemblies_attendance_once")
        ]

    def __str__(self) -> str:
        return f"{self.session_id}: {self.seat_id}"


class Item(models.Model):
    """A point of the agenda that is put to the seats, with what was asked of a decision when it
    was put. `subject` names what is decided, for whoever carries it out."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=rules.TITLE)
    text = models.TextField(default="")
    subject = models.CharField(max_length=100, default="")
    quorum = models.CharField(max_length=20)  # a fraction: "1/2"
    sectors_needed = models.PositiveSmallIntegerField()
    put_at = models.DateTimeField()
    outcome = models.CharField(max_length=20, default="")  # rules.DECIDED; empty: not yet
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("session", "number", name="assemblies_item_once"),
            models.UniqueConstraint(
                fields=["session", "subject"],
                condition=Q(outcome="") & ~Q(subject=""),
                name="assemblies_item_undecided_once",
            ),
            models.CheckConstraint(
                name="assemblies_item_decided_whole",
                condition=Q(outcome="", decided_at__isnull=True)
                | Q(outcome__in=["carried", "rejected"], decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def terms(self) -> rules.Terms:
        quorum = Fraction(self.quorum)
        return rules.Terms(quorum=quorum, sectors_needed=self.sectors_needed)


class Vote(models.Model):
    """What a seat said to a point: once, by whoever spoke for it."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="votes")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="votes")
    choice = models.CharField(max_length=20)  # rules.Choice
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("item", "seat", name="assemblies_vote_once")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.seat_id} {self.choice}"
