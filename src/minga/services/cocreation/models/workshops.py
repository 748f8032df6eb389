from django.db import models
from django.db.models import F, Q

from minga.kernel.cases.models import Case
from minga.kernel.identity.models import Person
from minga.kernel.jurisdiction.models import Territory

from .proposals import Cycle


class Workshop(models.Model):
    """A meeting of a cycle: where, when, for how many (PAGA I, l. 419-436 and 685-687). What a
    document announces may lack anything but its city."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="workshops")
    key = models.CharField(max_length=60)  # of the meeting in the method, or of the form
    sort = models.CharField(max_length=20)  # rules.workshops.Sort
    title = models.CharField(max_length=200)
    theme = models.CharField(max_length=200, default="")
    city = models.CharField(max_length=120)
    territory = models.ForeignKey(Territory, models.PROTECT, to_field="iso", null=True)
    host = models.CharField(max_length=300, default="")
    venue = models.CharField(max_length=300, default="")  # the address, or how to connect
    online = models.BooleanField(default=False)
    on = models.DateField(null=True)
    hours = models.CharField(max_length=60, default="")  # as they are said
    capacity = models.PositiveIntegerField(null=True)  # None: no limit
    taken = models.PositiveIntegerField(default=0)  # of its places
    source = models.CharField(max_length=200, default="")  # of what a document announces
    summary = models.TextField(default="")  # of the plenary: step VII
    cancelled_at = models.DateTimeField(null=True)
    reason = models.TextField(default="")  # of the last change, or why it was cancelled
    rev = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint("cycle", "key", name="cocreation_workshop_once"),
            models.CheckConstraint(
                name="cocreation_workshop_fits",
                condition=Q(capacity__isnull=True) | Q(taken__lte=F("capacity")),
            ),
            models.CheckConstraint(
                name="cocreation_cancelled_has_a_reason",
                condition=Q(cancelled_at__isnull=True) | ~Q(reason=""),
            ),
        ]
        indexes = [models.Index("on", "id", name="cocreation_workshop_on")]

    def __str__(self) -> str:
        return self.title

    @property
    def stream(self) -> str:
        return f"workshop:{self.pk}"


class Phase(models.Model):
    """A step of the day that was done."""

    workshop = models.ForeignKey(Workshop, models.PROTECT, related_name="phases")
    key = models.CharField(max_length=20)  # rules.workshops.Phase
    note = models.TextField(default="")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("workshop", "key", name="cocreation_phase_once")]

    def __str__(self) -> str:
        return self.key


class Table(models.Model):
    """A table of a workshop, around one goal (step IV). Whoever has its address writes at it."""

    workshop = models.ForeignKey(Workshop, models.PROTECT, related_name="tables")
    number = models.PositiveSmallIntegerField()
    goal = models.PositiveSmallIntegerField(null=True)  # None: none in particular
    key = models.UUIDField(unique=True)
    reader = models.ForeignKey("self", models.PROTECT, null=True, related_name="reads")

    class Meta:
        constraints = [
            models.UniqueConstraint("workshop", "number", name="cocreation_table_once"),
            models.CheckConstraint(
                name="cocreation_table_goal",
                condition=Q(goal__isnull=True) | Q(goal__range=(1, 17)),
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)


class Registration(models.Model):
    """Somebody who wants to come, or came. Who they are is in `Guest`, for a while; the rest is
    what is counted."""

    workshop = models.ForeignKey(Workshop, models.PROTECT, related_name="registrations")
    key = models.UUIDField(unique=True)  # of its form and its page
    place = models.CharField(max_length=20)  # rules.workshops.Place
    sex = models.CharField(max_length=20)
    sector = models.CharField(max_length=40)
    people = models.PositiveSmallIntegerField(default=1)  # more: counted together at the door
    attended = models.BooleanField(default=False)
    walked_in = models.BooleanField(default=False)
    table = models.ForeignKey(Table, models.PROTECT, null=True, related_name="people")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cocreation_several_walked_in", condition=Q(people=1) | Q(walked_in=True)
            )
        ]
        indexes = [models.Index("workshop", "place", "id", name="cocreation_in_line")]

    def __str__(self) -> str:
        return str(self.pk)


class Guest(models.Model):
    """How somebody who registered wants to be called, and where they are reminded. Deleted
    some days after the workshop: rules.workshops.FORGET_NAMES."""

    registration = models.OneToOneField(Registration, models.CASCADE, primary_key=True)
    name = models.CharField(max_length=120)
    email = models.EmailField(default="")
    reminded_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.pk)


class Sketch(models.Model):
    """A proposal while a table writes it: the problem, then the solution with its milestones and
    actors (step V). What it said before another table read it stays (step VI)."""

    table = models.ForeignKey(Table, models.PROTECT, related_name="sketches")
    key = models.UUIDField(unique=True)  # of its form: sent twice, it is one
    title = models.CharField(max_length=120)
    problem = models.TextField()
    solution = models.TextField()
    milestones = models.TextField(default="")
    actors = models.TextField(default="")
    sector = models.CharField(max_length=40)
    before = models.JSONField(null=True)  # its words when the first remark was made
    case = models.OneToOneField(Case, models.PROTECT, null=True)  # what it became: step VIII
    rev = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.title


class Remark(models.Model):
    """What another table says of a sketch."""

    sketch = models.ForeignKey(Sketch, models.PROTECT, related_name="remarks")
    table = models.ForeignKey(Table, models.PROTECT, related_name="remarks")
    key = models.UUIDField(unique=True)
    text = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)


class Batch(models.Model):
    """A spreadsheet of proposals that were written on paper: sent, looked at, confirmed, and
    then brought in row after row."""

    id = models.UUIDField(primary_key=True)
    workshop = models.ForeignKey(Workshop, models.PROTECT, related_name="batches")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    whole = models.BooleanField(default=False)  # it was read to its end
    rows = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    kept_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)  # the last of its rows

    class Meta:
        constraints = [
            models.UniqueConstraint("workshop", "digest", name="cocreation_batch_once"),
            models.CheckConstraint(
                name="cocreation_batch_confirmed_is_right",
                condition=Q(confirmed_at__isnull=True) | Q(wrong=0, whole=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Row(models.Model):
    """A row of a batch as it was read, until it is a proposal: then its words are there."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()  # in the spreadsheet
    code = models.CharField(max_length=12)
    words = models.JSONField()
    wrong = models.JSONField(default=list)  # [column, fault, what was there]
    bad = models.BooleanField(default=False)  # whether anything is
    done = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint("batch", "number", name="cocreation_row_once")]
        indexes = [models.Index("batch", "done", "number", name="cocreation_row_to_do")]

    def __str__(self) -> str:
        return str(self.number)


class Sheet(models.Model):
    """A code that was printed on paper before anybody wrote on it."""

    workshop = models.ForeignKey(Workshop, models.PROTECT, related_name="sheets")
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=12, unique=True)
    case = models.OneToOneField(Case, models.PROTECT, null=True)
    written_on = models.DateField(null=True)  # by hand; the case says when it was received
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, related_name="sheets")

    class Meta:
        constraints = [models.UniqueConstraint("workshop", "number", name="cocreation_sheet_once")]

    def __str__(self) -> str:
        return str(self.number)
