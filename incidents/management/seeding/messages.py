"""What people write while an incident goes on, stage by stage; {…} are filled by stories.py."""

from __future__ import annotations

MESSAGES: dict[str, tuple[str, ...]] = {
    "accepted": (
        "Looking into it. {seen}.",
        "Confirmed: {seen}. I am on it, {colleague} helps.",
        "We see it too. First finding: {seen}. Next update in 30 minutes.",
        "On it. Nothing was deployed in the last {hours} hours, so probably not a release.",
    ),
    "severity_up": (
        "Worse than we thought: {seen}. Raising the severity.",
        "Support has {tickets} tickets by now, so this is bigger than it looked.",
    ),
    "severity_down": (
        "Only {region} is affected and there is a way around it. Lowering the severity.",
        "Most of it has recovered by itself; lowering the severity while we look for the cause.",
    ),
    "still": (
        "No news yet. We compare the hosts one by one.",
        "Ruled out: the database and the load balancer. Next we look at **{service}** itself.",
        "{colleague} can reproduce it with a test account. That helps.",
        "Support has {tickets} tickets about it. They answer with the prepared text.",
        "We asked the supplier and wait for their answer.",
        "Still {share}% of requests. Traffic from {region} was moved elsewhere for now.",
    ),
    "identified": (
        "Found it: {cause}. Plan: {fix}.",
        "The cause is clear now: {cause}. {colleague} will {fix}.",
        "{colleague} found the cause: {cause}.\n\nNext:\n- {fix}\n- watch the error rate for half an hour",
        "Very likely {cause}. We {fix} now and see.",
    ),
    "monitoring": (
        "Done: {fix}. Figures go back to normal; we keep watching.",
        "The fix is out everywhere. No new errors for {few} minutes.",
        "It looks good since the change. We watch it until the next peak.",
    ),
    "paused": (
        "We wait for the supplier, who promised an answer by tomorrow. Nothing more to do until then.",
        "A way around it is in place. The real fix comes with the next release, so this is paused.",
        "Paused over the weekend: nobody is affected while the warehouse is closed.",
    ),
    "resumed": (
        "The supplier answered. Going on.",
        "Back on it: the release with the fix is ready.",
    ),
    "resolved": (
        "Resolved. The cause: {cause}. What helped: {fix}.",
        "All figures are normal for an hour. Over; a write-up follows.",
        "Everybody can work again. Thanks to {colleague} and to everyone who helped.",
        "Over. {tickets} customers wrote to us; support tells them that it works again.",
    ),
    "reviewing": (
        "The write-up is ready to be read. Comments until Friday, please.",
        "Draft of the write-up is done. Main point: {lesson}.",
    ),
    "closed": (
        "Write-up read and agreed. Follow-up: {lesson}.",
        "Everything is done here.",
        "Closed after the review on {weekday}. {lesson}.",
    ),
    "reopened": (
        "It is back: {seen}. Opening this again.",
    ),
    "declined": (
        "Not an incident: this is how it is meant to work. Told the reporter.",
        "Looked into it. A single customer with an old browser; support helps them.",
        "The alert's threshold was too low. Changed it.",
    ),
    "canceled": (
        "False alarm: somebody ran a load test and had not announced it.",
        "It was a planned maintenance that was missing in the calendar.",
        "The figures were wrong, the service is fine.",
    ),
    "merged": (
        "The same as the other one, which goes on.",
        "Two of us declared it at the same time. Work goes on in the other incident.",
    ),
    "report": (
        "{again}",
        "{again}\n\nSeen from {region}, began about {minutes} minutes ago.",
    ),
}  # fmt: skip

TEST_NAMES = (
    "Test: does the phone tree work?", "Exercise: losing {region}", "Trying out the new severity levels",
    "Fire drill for {service}", "Test incident, please ignore", "Exercise with {team}: {service} is gone",
)  # fmt: skip
TUTORIAL_NAMES = (
    "Tutorial: your first incident", "Tutorial: handing over the lead", "Tutorial: writing a good update",
)  # fmt: skip
SECURITY_NAMES = (
    "Access token of {service} found in a public repository", "Unusual log-ins to {service} from {region}",
    "Phishing mails in the name of {service}", "Former contractor could still reach {service}",
    "Customer data in the logs of {service}", "Dependency of {service} with a known weakness",
    "Many wrong passwords against {service}",
)  # fmt: skip
SEPARATE_REASONS = (
    "Another region, and nothing was deployed there", "Looks alike, but this one has another cause",
    "That one is about the app, this is the website",
)  # fmt: skip
