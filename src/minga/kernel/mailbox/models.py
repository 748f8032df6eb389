from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from minga.kernel.identity.models import Person, Post


class Letter(models.Model):
    """One e-mail to one address. Its words are forgotten once it is delivered."""

    key = models.UUIDField(unique=True)
    to = models.EmailField()
    subject = models.CharField(max_length=300)
    body = models.TextField()
    written_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="mailbox_letter_due_until_delivered",
                condition=Q(due_at__isnull=True) | Q(delivered_at__isnull=True),
            )
        ]
        indexes = [
            models.Index("due_at", name="mailbox_letter_due", condition=Q(due_at__isnull=False)),
            models.Index(Lower("to"), "written_at", name="mailbox_letter_to"),
        ]

    def __str__(self) -> str:
        return str(self.key)


class Notice(models.Model):
    """Something told to a person who has an account: it stays in their mailbox, and may have
    gone out as a letter too."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="notices")
    topic = models.CharField(max_length=40)  # rules.Topic
    title = models.CharField(max_length=300)
    body = models.TextField(default="")
    address = models.CharField(max_length=300, default="")  # of the page where it is seen
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    letter = models.OneToOneField(Letter, models.SET_NULL, null=True)
    mail = models.CharField(max_length=20, default="")  # rules.Mail

    class Meta:
        indexes = [
            models.Index("person", "at", "id", name="mailbox_notice_of_person"),
            models.Index("person", name="mailbox_notice_unread", condition=Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def first_line(self) -> str:
        """What a list shows of it besides its title."""
        return self.body.partition("\n")[0]


class Silence(models.Model):
    """A topic of which somebody wants no e-mail; the mailbox always tells."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="silences")
    topic = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint("person", "topic", name="mailbox_silence_once")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.topic}"


class Task(models.Model):
    """Something a post owes that is not a step of a case. The same is owed once: `kind` and
    `reference` say what."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=100)
    reference = models.CharField(max_length=100)
    title = models.CharField(max_length=300)
    address = models.CharField(max_length=300)  # of the page where it is done
    made_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "kind", "reference"],
                condition=Q(done_at__isnull=True),
                name="mailbox_task_owed_once",
            )
        ]
        indexes = [
            models.Index(
                "post", "made_at", name="mailbox_task_open", condition=Q(done_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"
