from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q


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
    last_login = None  # reading writes nothing: signing in is not a column

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects: ClassVar[People] = People()

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """An institution or any other body (W3C ORG), only as its source names it."""

    key = models.SlugField(max_length=200, unique=True)
    name = models.CharField(max_length=300)
    sort_name = models.CharField(max_length=300)
    acronym = models.CharField(max_length=40, default="")
    kind = models.CharField(max_length=40, default="")
    source = models.CharField(max_length=200)
    demo = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A place in an organisation, whoever holds it."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts")
    title = models.CharField(max_length=200)
    unit = models.CharField(max_length=200, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint("organisation", "unit", "title", name="identity_post_once")
        ]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.title, self.unit) if part)


class Membership(models.Model):
    """Who holds a post, from a day to a day."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    post = models.ForeignKey(Post, models.PROTECT, related_name="memberships")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("person", "post", "starts_on", name="identity_membership_once"),
            models.CheckConstraint(
                name="identity_membership_in_order",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.post_id}"
