"""The people of the installation."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from incidents.models.ulid import ULIDField, new_ulid


class UserManager(BaseUserManager["User"]):
    """Makes people; `createsuperuser` calls it too."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Store a person; without a password they sign in only after a reset."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Store an administrator."""
        return self.create_user(email, password, **{**fields, "role": User.Role.ADMINISTRATOR})

    def named(
        self, *, ids: Collection[str] = (), emails: Collection[str] = (), slack_user_ids: Collection[str] = ()
    ) -> models.QuerySet[User]:
        """Keep the active people whom these ids, e-mails in lower case or Slack ids name."""
        by_slack = models.Q(slack_user_id__in=slack_user_ids) & ~models.Q(slack_user_id="")
        return self.filter(models.Q(id__in=ids) | models.Q(email__in=emails) | by_slack, is_active=True)

    def get_by_natural_key(self, username: str | None) -> User:
        """Find a person by e-mail, whatever its case."""
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A person who can sign in, with the role that the incident.io API names."""

    class Role(models.TextChoices):
        VIEWER = "viewer", "Viewer"
        RESPONDER = "responder", "Responder"
        ADMINISTRATOR = "administrator", "Administrator"

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=20, choices=Role, default=Role.VIEWER)
    slack_user_id = models.CharField(max_length=50, blank=True)
    time_zone = models.CharField(max_length=50, blank=True, help_text="Empty: the browser's own.")
    shortcuts_enabled = models.BooleanField(default=True, help_text="Single-key shortcuts.")
    start_view = models.ForeignKey(
        "incidents.SavedView",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="What the list opens with; empty: what is open.",
    )
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_any_case_unique"),
            models.CheckConstraint(
                condition=models.Q(role__in=["viewer", "responder", "administrator"]), name="user_role_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_administrator(self) -> bool:
        """Whether the person may configure the installation and see every incident."""
        return self.is_active and self.role == self.Role.ADMINISTRATOR

    @property
    def is_staff(self) -> bool:
        """Whether Django's admin lets the person in."""
        return self.is_administrator

    @property
    def is_superuser(self) -> bool:
        """Django's word for an administrator."""
        return self.is_administrator

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Roles decide, not rows of permissions: administrators may do everything in the admin."""
        return self.is_administrator

    def has_perms(self, perm_list: object, obj: object = None) -> bool:
        """As has_perm."""
        return self.is_administrator

    def has_module_perms(self, app_label: str) -> bool:
        """As has_perm."""
        return self.is_administrator

    def get_full_name(self) -> str:
        """Return the name to print."""
        return str(self)

    def get_short_name(self) -> str:
        """Return the first word of the name."""
        return str(self).split(" ", 1)[0]
