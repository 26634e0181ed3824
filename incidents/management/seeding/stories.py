"""Puts a story together: what fails where and why, and in which words."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Mapping

from incidents.management.seeding.causes import CAUSES, Cause
from incidents.management.seeding.company import (
    COLLEAGUES,
    REGION_WEIGHTS,
    REGIONS,
    SERVICES,
    Service,
)
from incidents.management.seeding.messages import MESSAGES, SECURITY_NAMES, TEST_NAMES, TUTORIAL_NAMES
from incidents.management.seeding.symptoms import SYMPTOMS, Symptom

_FIRST_NAMES = tuple(person.name.split()[0] for person in COLLEAGUES)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday")
_DETAIL = "### What we know\n{points}"
_SUMMARIES = (
    "",
    "{Seen}.",
    "{Seen}. Began about {minutes} minutes ago.",
    "**Impact:** {share}% of customers in {region} are hit.\n\n{detail}",
    "{detail}\n\n**Not known yet:** whether other regions are affected.",
    "{Seen}, according to `{machine}` in {region}.\n\n{detail}\n\n[Dashboard](https://graphs.example.com/d/{machine})",
    "Reported by {tickets} customers.\n\n> {complaint}\n\n{Seen}.",
)
_NEARLY_THE_SAME = 0.6
_SUMMARY_WEIGHTS = (16, 26, 16, 14, 8, 12, 8)


@dataclasses.dataclass(frozen=True, slots=True)
class Story:
    """What happens in one incident, in words."""

    service: Service
    region: str
    symptom: Symptom
    cause: Cause
    words: Mapping[str, str]
    name: str
    summary: str
    is_alert: bool = False

    def message(self, stage: str, rng: random.Random) -> str:
        """Return what somebody writes at that stage."""
        words = {**self.words, "colleague": rng.choice(_FIRST_NAMES), "few": str(rng.randint(2, 12))}
        if stage == "report":
            words["again"] = reworded(self, rng)
        if "{seen}" in (template := rng.choice(MESSAGES[stage])):
            words["seen"] = rng.choice(self.symptom.seen).format_map(self.words)
        message = template.format_map(words)
        return message[0].upper() + message[1:]


def tell(rng: random.Random, *, mode: str, is_security: bool, is_alert: bool) -> Story:
    """Make up a story; equal for a generator in the same state."""
    service = rng.choice(SERVICES)
    region = rng.choices(REGIONS, REGION_WEIGHTS)[0]
    symptom = rng.choice(SYMPTOMS[service.kind])
    words = _words(rng, service, region)
    cause = rng.choice(CAUSES[service.kind])
    words["cause"], words["fix"] = cause.cause.format_map(words), cause.fix.format_map(words)
    words["lesson"] = cause.lesson
    name = _name(rng, service, symptom, mode=mode, is_security=is_security, is_alert=is_alert)
    return Story(
        service, region, symptom, cause, words, name.format_map(words),
        "" if mode == "tutorial" else _summary(rng, service, symptom, words), is_alert,
    )  # fmt: skip


def tell_again(story: Story, rng: random.Random) -> Story:
    """Tell a story in other words, as the next person who notices would."""
    summary = _summary(rng, story.service, story.symptom, story.words)
    return dataclasses.replace(story, name=reworded(story, rng), summary=summary, is_alert=False)


def reworded(story: Story, rng: random.Random) -> str:
    """Return another name for the same thing: often nearly the same one, for people write what they see."""
    if rng.random() < _NEARLY_THE_SAME:
        return rng.choice(_nearly_the_same(story))
    others = [name.format_map(story.words) for name in (*story.symptom.names, story.symptom.alert)]
    return rng.choice([name for name in others if name != story.name])


def _nearly_the_same(story: Story) -> list[str]:
    name, alias = story.name, story.words["alias"]
    shorter, longer = name.replace(f" in {story.region}", ""), f"{name} again"
    changed = (shorter, name.replace(story.service.name, alias), name.lower(), name.replace(":", ""))
    return [longer, *(one for one in dict.fromkeys(changed) if one != name)]


def _name(
    rng: random.Random, service: Service, symptom: Symptom, *, mode: str, is_security: bool, is_alert: bool
) -> str:
    if mode == "tutorial":
        return rng.choice(TUTORIAL_NAMES)
    if mode == "test":
        return rng.choice(TEST_NAMES)
    if is_security:
        return rng.choice(SECURITY_NAMES)
    if is_alert:
        return symptom.alert
    return rng.choice(service.complaints) if rng.random() < 0.3 else rng.choice(symptom.names)


def _summary(rng: random.Random, service: Service, symptom: Symptom, words: Mapping[str, str]) -> str:
    template = rng.choices(_SUMMARIES, _SUMMARY_WEIGHTS)[0]
    if not template:
        return ""
    seen = [one.format_map(words) for one in symptom.seen]
    rng.shuffle(seen)
    detail = _DETAIL.format(points="\n".join(f"- {one}" for one in seen))
    return template.format_map(
        {
            **words,
            "Seen": seen[0][0].upper() + seen[0][1:],
            "detail": detail,
            "complaint": rng.choice(service.complaints),
        }
    )


def _words(rng: random.Random, service: Service, region: str) -> dict[str, str]:
    draw = rng.random
    return {
        "service": service.name,
        "machine": service.external_id,
        "alias": rng.choice(service.aliases),
        "team": service.team,
        "region": region,
        "share": str(2 + int(draw() * 38)),
        "seconds": str(2 + int(draw() * 19)),
        "minutes": str(5 + int(draw() * 55)),
        "hours": str(2 + int(draw() * 12)),
        "count": f"{int(200 * 10 ** (draw() * 3)):,}",
        "few": str(2 + int(draw() * 6)),
        "digit": str(int(draw() * 10)),
        "tickets": str(3 + int(draw() ** 3 * 240)),
        "release": f"{2024 + int(draw() * 3)}.{1 + int(draw() * 12)}.{int(draw() * 9)}",
        "host": f"{service.aliases[0]}-{1 + int(draw() * 24):02}",
        "weekday": rng.choice(_WEEKDAYS),
    }
