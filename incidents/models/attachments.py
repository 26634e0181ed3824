"""What hangs on an incident from elsewhere: links, an issue in a tracker, post-mortem documents, debriefs."""

from __future__ import annotations

from django.db import models

from incidents import text
from incidents.models.ulid import ULIDField, new_ulid


class IncidentAttachment(models.Model):
    """A resource of another system (incident.io API, Incident Attachments V1)."""

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="attachments")
    resource_type = models.CharField(max_length=50, default="arbitrary_url")
    external_id = models.CharField(max_length=500, blank=True)
    permalink = models.CharField(max_length=text.URL_LENGTH)
    title = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index("resource_type", "external_id", name="incident_attachment_external")]

    def __str__(self) -> str:
        return self.title or self.permalink


class ExternalIssueReference(models.Model):
    """The issue in a tracker that follows the incident."""

    class Provider(models.TextChoices):
        ASANA = "asana", "Asana"
        AZURE_DEVOPS = "azure_devops", "Azure DevOps"
        CLICK_UP = "click_up", "ClickUp"
        FRESHSERVICE = "freshservice", "Freshservice"
        GITHUB = "github", "GitHub"
        GITLAB = "gitlab", "GitLab"
        JIRA = "jira", "Jira"
        JIRA_SERVER = "jira_server", "Jira Server"
        LINEAR = "linear", "Linear"
        NOTION = "notion", "Notion"
        SALESFORCE = "salesforce", "Salesforce"
        SERVICE_NOW = "service_now", "ServiceNow"
        SHORTCUT = "shortcut", "Shortcut"

    incident = models.OneToOneField(
        "incidents.Incident", models.PROTECT, primary_key=True, related_name="external_issue_reference"
    )
    provider = models.CharField(max_length=20, choices=Provider)
    issue_name = models.CharField(max_length=200)
    issue_permalink = models.CharField(max_length=text.URL_LENGTH)

    def __str__(self) -> str:
        return self.issue_name


class PostmortemDocument(models.Model):
    """A post-mortem document of the incident, written here or linked from elsewhere."""

    class Status(models.TextChoices):
        IN_PROGRESS = "in_progress", "In progress"
        IN_REVIEW = "in_review", "In review"
        COMPLETED = "completed", "Completed"

    class DocumentType(models.TextChoices):
        IN_APP = "in_app", "Written here"
        EXTERNAL = "external", "Linked"

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="postmortem_documents")
    title = models.CharField(max_length=200)
    document_url = models.CharField(max_length=text.URL_LENGTH, blank=True)
    status = models.CharField(max_length=20, choices=Status, default=Status.IN_PROGRESS)
    document_type = models.CharField(max_length=10, choices=DocumentType, default=DocumentType.EXTERNAL)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.title


class Debrief(models.Model):
    """A meeting that looks back on the incident."""

    id = ULIDField(primary_key=True, default=new_ulid, editable=False)
    incident = models.ForeignKey("incidents.Incident", models.PROTECT, related_name="debriefs")
    start_at = models.DateTimeField()
    end_at = models.DateTimeField()

    class Meta:
        ordering = ["start_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end_at__gte=models.F("start_at")), name="debrief_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start_at:%Y-%m-%d %H:%M}"
