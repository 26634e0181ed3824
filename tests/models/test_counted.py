"""One definition of what numbers are about, and a walk through every place that counts incidents."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings

from incidents.models import Incident
from tests.make import make_actor, make_incident

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(settings.BASE_DIR) / "incidents"
COUNTING = {"count", "aggregate", "Count", "CappedCount"}
DEFINITIONS = {"counted", "merged"}
# What counts rows, and not incidents as numbers mean them; or something else than incidents.
OTHERS = {
    "admin/custom_fields.py": "options of a field",
    "admin/listing.py": "rows of an admin list",
    "api/reading/catalog.py": "entries of a catalog",
    "api/reading/totals.py": "rows of a list of the API, whose filters say what is in it",
    "management/commands/import_incidents.py": "rows of a file",
    "management/seeding/filling.py": "the counter of rows in lists",
    "models/incident_listing.py": "rows of a list, whose filters say what is in it",
    "models/incident_queryset.py": "reports of one incident",
    "models/incident_record.py": "places in a statement",
    "services/api_keys.py": "keys",
    "services/attachments.py": "attachments",
    "services/bulk_changes/starting.py": "whether the incidents that were named are there",
    "services/merging.py": "what was merged into one incident, for its limit",
    "services/similarity/rereading.py": "incidents to read again",
    "services/similarity/window.py": "incidents that are compared, duplicates among them",
    "services/tasks.py": "tasks",
    "services/unmerging.py": "incidents of one merge",
    "services/verification.py": "numbers that were given, and the counter of rows in lists",
    "web/bulk_report.py": "incidents of one bulk change",
    "web/import_page.py": "rows of a file",
    "web/incident_tasks.py": "tasks",
    "web/merge_page.py": "what hangs on incidents",
    "web/views/incident_list.py": "people",
}


@pytest.mark.django_db
def test_what_counts_is_neither_practice_nor_merged_nor_hidden() -> None:
    survivor = make_incident("Ledger")
    retrospective = make_incident("Ledger last week", mode="retrospective")
    for mode in ("test", "tutorial"):
        make_incident(mode, mode=mode)
    make_incident("Leaked key", visibility="private", actor=make_actor("Olga Owner"))
    duplicate = make_incident("Ledger again")
    Incident.objects.filter(pk=duplicate.pk).update(merged_into_incident=survivor, status_category="merged")

    visible = Incident.objects.visible_to(make_actor())

    assert set(visible.counted()) == {survivor, retrospective}
    assert list(visible.merged()) == [duplicate]


def test_every_count_of_incidents_follows_the_definition() -> None:
    undefined = [
        f"{path.relative_to(ROOT)}: {function.name}"
        for path in sorted(ROOT.rglob("*.py"))
        if "migrations" not in path.parts and str(path.relative_to(ROOT)) not in OTHERS
        for function in counting_functions(path)
        if not DEFINITIONS & set(called(function)) and not is_stated(function)
    ]

    assert undefined == []


def test_the_walk_knows_no_place_that_is_gone() -> None:
    assert [name for name in OTHERS if not any(counting_functions(ROOT / name))] == []


def counting_functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef) and COUNTING & set(called(node)):
            yield node


def called(function: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            name = node.func
            yield name.attr if isinstance(name, ast.Attribute) else getattr(name, "id", "")


def is_stated(function: ast.FunctionDef) -> bool:
    """Tell whether the function says itself that it counts what was declared, duplicates and all."""
    return "duplicates" in (ast.get_docstring(function) or "")
