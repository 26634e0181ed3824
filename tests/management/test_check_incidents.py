"""manage.py check_incidents: each copy that went wrong is found."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command

from incidents.models import Incident, IncidentDurationMetric, IncidentSearchText, ReferenceCounter
from tests.make import make_incident

pytestmark = pytest.mark.django_db


def failing_check() -> str:
    """Run the command, which must fail, and return what it says."""
    output = io.StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("check_incidents", stdout=output, stderr=output)
    assert stopped.value.code == 1
    return output.getvalue()


def test_nothing_is_found_in_what_the_services_wrote() -> None:
    make_incident()
    output = io.StringIO()

    call_command("check_incidents", stdout=output)

    assert output.getvalue() == "1 incidents compared, 0 findings\n"


def test_wrong_category_is_found() -> None:
    incident = make_incident()
    Incident.objects.update(status_category="closed")

    assert f"{incident.reference}: status_category is closed, not live." in failing_check()


def test_wrong_severity_rank_is_found() -> None:
    make_incident(severity="major")
    Incident.objects.update(severity_rank=1)

    assert "severity_rank is 1, not 3." in failing_check()


def test_stale_search_text_is_found() -> None:
    make_incident()
    IncidentSearchText.objects.update(text="something else")

    assert "the search text is not that of its name, summary and updates" in failing_check()


def test_missing_search_text_is_found() -> None:
    make_incident()
    IncidentSearchText.objects.all().delete()

    assert "the search text is missing" in failing_check()


def test_wrong_duration_is_found() -> None:
    make_incident()
    IncidentDurationMetric.objects.update(status="success", value_seconds=5)

    assert "“Time to resolve” does not follow from its timestamps" in failing_check()


def test_counter_that_ran_ahead_is_found() -> None:
    make_incident()
    ReferenceCounter.objects.update(last_number=7)

    assert "The reference counter is at 7, the last incident has number 1." in failing_check()


def test_gap_is_found() -> None:
    make_incident()
    Incident.objects.update(number=3)

    report = failing_check()

    assert "There are 1 incidents, but the last one has number 3: there is a gap." in report


def test_many_findings_are_counted_but_not_all_printed() -> None:
    for _ in range(30):
        make_incident()
    Incident.objects.update(status_category="closed", severity_rank=1)

    report = failing_check()

    assert "… and 10 more" in report
    assert "30 incidents compared, 60 findings" in report
