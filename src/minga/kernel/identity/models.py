from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from minga.kernel.jurisdiction.models import Territory


class People(BaseUserManager["Person"]):
    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        return (email or "").strip().lower()  # the sign-in page looks for small letters

    def create_user(self, email: str, password: str | None = None, **more: Any) -> "Person":
        person = self.model(email=self.normalize_email(email), **more)
        person.set_password(password)
        person.save()
        return person


class Person(AbstractBaseUser):
    """The user model, ours from the first migration."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    password = models.CharField(max_length=128)
    is_active = models.BooleanField(default=True)
    closed_at = models.DateTimeField(null=True)  # by themselves: then nothing personal is left
    mark = models.CharField(max_length=64, default="")  # of who closed it, to know them again
    last_login = None  # reading writes nothing: signing in is not a column

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects: ClassVar[People] = People()

    class Meta:
        indexes = [models.Index("mark", name="identity_person_mark", condition=~Q(mark=""))]

    def __str__(self) -> str:
        return self.name

    @property
    def stream(self) -> str:
        return f"person:{self.pk}"


class Session(models.Model):
    """Django's, with what a list of one's own needs to say, and no more: neither the address
    nor the words by which a browser is told from all others."""

    session_key = models.CharField(max_length=40, primary_key=True)
    session_data = models.TextField()
    expire_date = models.DateTimeField(db_index=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="sessions")
    device = models.CharField(max_length=40, default="")  # rules.device
    began_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.device


class IdentityDocument(models.Model):
    """The number the State gave to a person, apart from everything else said of them."""

    person = models.OneToOneField(Person, models.PROTECT, primary_key=True)
    kind = models.CharField(max_length=40)  # the key of one of the country's identifiers
    number = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint("kind", "number", name="identity_document_once"),
            models.CheckConstraint(name="identity_document_says_one", condition=~Q(number="")),
        ]

    def __str__(self) -> str:
        return self.kind


class Assurance(models.Model):
    """How the State came to be sure of who somebody is, and how sure (rules.Level)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="assurances")
    level = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=40)
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=100)

    def __str__(self) -> str:
        return f"{self.person_id}: {self.level}"


class Organisation(models.Model):
    """An institution or any other body (W3C ORG), only as its source names it. What no
    document says is empty."""

    key = models.SlugField(max_length=200, unique=True)
    name = models.CharField(max_length=300)
    sort_name = models.CharField(max_length=300)
    acronym = models.CharField(max_length=40, default="")
    kind = models.CharField(max_length=40, default="")  # which actor: public, academia …
    form = models.CharField(max_length=40, default="")  # rules.Form
    level = models.CharField(max_length=40, default="")  # these three: keys of the country's lists
    function = models.CharField(max_length=40, default="")
    sector = models.CharField(max_length=40, default="")
    territory = models.ForeignKey(Territory, models.PROTECT, null=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    source = models.CharField(max_length=200)
    demo = models.BooleanField(default=False)
    rev = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="identity_organisation_in_order",
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
            )
        ]
        indexes = [models.Index("sort_name", "id", name="identity_organisation_by_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def stream(self) -> str:
        return f"organisation:{self.pk}"


class Dependence(models.Model):
    """Which body another one is attached to or depends on, from a day to a day (W3C ORG:
    subOrganizationOf). A day that no document gives is empty."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="dependences")
    parent = models.ForeignKey(Organisation, models.PROTECT, related_name="dependants")
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(ends_on__isnull=True),
                name="identity_dependence_one_at_a_time",
            ),
            models.CheckConstraint(
                name="identity_dependence_on_another", condition=~Q(organisation=F("parent"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} < {self.parent_id}"


class Succession(models.Model):
    """One body became another, or a part of it (W3C ORG: ChangeEvent)."""

    original = models.ForeignKey(Organisation, models.PROTECT, related_name="successors")
    resulting = models.ForeignKey(Organisation, models.PROTECT, related_name="predecessors")
    on = models.DateField(null=True)
    act = models.CharField(max_length=200, default="")
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint("original", "resulting", name="identity_succession_once"),
            models.CheckConstraint(
                name="identity_succession_of_another", condition=~Q(original=F("resulting"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.original_id} > {self.resulting_id}"


class Seat(models.Model):
    """An organisation's place in a body that decides or coordinates: a forum, a committee,
    the governing body of an entity."""

    body = models.ForeignKey(Organisation, models.PROTECT, related_name="seats")
    member = models.ForeignKey(Organisation, models.PROTECT, related_name="seats_held")
    position = models.PositiveSmallIntegerField()
    sector = models.CharField(max_length=40, default="")
    role = models.CharField(max_length=40, default="")  # chair, member …
    invited = models.BooleanField(default=False)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint("body", "position", name="identity_seat_once"),
            models.CheckConstraint(name="identity_seat_elsewhere", condition=~Q(body=F("member"))),
        ]

    def __str__(self) -> str:
        return f"{self.body_id} {self.position}"


class Unit(models.Model):
    """A part of an organisation (W3C ORG: OrganizationalUnit)."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="units")
    name = models.CharField(max_length=200)
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("organisation", "name", name="identity_unit_once")]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A place in an organisation, whoever holds it, and what its holder may do here."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="posts")
    title = models.CharField(max_length=200)
    supervises = models.BooleanField(default=False)  # gives out the work of its unit
    administers = models.BooleanField(default=False)  # enters people and posts of its institution
    stewards = models.BooleanField(default=False)  # runs the register of all institutions
    is_egov_officer = models.BooleanField(default=False)
    heads = models.BooleanField(default=False)  # the highest authority of its institution
    ends_on = models.DateField(null=True)
    rev = models.PositiveIntegerField(default=1)  # raised by whatever happens to it or its holder

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "unit", "title"], name="identity_post_once"
            ),
            models.UniqueConstraint(
                fields=["organisation", "title"],
                condition=Q(unit__isnull=True),
                name="identity_post_of_no_unit_once",
            ),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(is_egov_officer=True),
                name="identity_egov_officer_once",
            ),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(heads=True, ends_on__isnull=True),
                name="identity_one_head_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(str(part) for part in (self.title, self.unit) if part)

    @property
    def stream(self) -> str:
        return f"post:{self.pk}"


class Membership(models.Model):
    """Who holds a post, from a day to a day, by which act. What was written by mistake stays,
    marked as undone, and counts for nothing."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    post = models.ForeignKey(Post, models.PROTECT, related_name="memberships")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    act = models.CharField(max_length=200, default="")
    undone = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "post", "starts_on"],
                condition=Q(undone=False),
                name="identity_membership_once",
            ),
            models.UniqueConstraint(
                fields=["post"],
                condition=Q(ends_on__isnull=True, undone=False),
                name="identity_one_holder_at_a_time",
            ),
            models.CheckConstraint(
                name="identity_membership_in_order",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.post_id}"


class Deputy(models.Model):
    """Who stands in for the holder of a post; always to a last day."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="deputies")
    person = models.ForeignKey(Person, models.PROTECT, related_name="deputed")
    starts_on = models.DateField()
    ends_on = models.DateField()
    act = models.CharField(max_length=200, default="")
    undone = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="identity_deputy_in_order", condition=Q(ends_on__gte=F("starts_on"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.post_id}"
