"""What there is to do during an incident and after it; {…} are filled by the words of its story."""

from __future__ import annotations

ACTIONS = (
    "{fix}", "Tell support what to answer", "Post on the status page that {service} is affected",
    "Compare the hosts in {region} one by one", "Keep the logs of `{host}` before they are overwritten",
    "Ask {team} whether anything was deployed in the last {hours} hours", "Move traffic away from {region}",
    "Watch the error rate of {alias} for half an hour", "Write to the customers who were hit",
    "Pause the campaigns that lead to {service}", "Check that the backup of last night can be read",
    "Find out how many orders are affected\n\nSupport counts {tickets} so far. Finance needs the sum, too.",
)  # fmt: skip
FOLLOW_UPS = (
    "{lesson}", "Add an alert that would have told us about {service}", "Write a runbook for {service}",
    "Try this failure once more in an exercise with {team}", "Tidy up what was changed by hand on `{host}`",
    "Answer the {tickets} customers who wrote to us", "Show the limits of {service} on its dashboard",
    "Decide how long {service} may be slow before we say so", "Explain to sales what happened",
)  # fmt: skip
LABELS = ("monitoring", "runbook", "testing", "capacity", "process", "customers")
