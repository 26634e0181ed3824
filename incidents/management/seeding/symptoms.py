"""What goes wrong with each kind of service: as people word it, as monitoring does, and what is seen of it."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class Symptom:
    """One way to fail. `names` are wordings of the same thing; {…} are filled by stories.py."""

    names: tuple[str, ...]
    alert: str
    seen: tuple[str, ...]


SYMPTOMS: dict[str, tuple[Symptom, ...]] = {
    "api": (
        Symptom(
            (
                "{service} returning 500s in {region}",
                "{alias} 5xx {region}",
                "{service} fails for {share}% of requests",
            ),
            "[FIRING:1] HighErrorRate {machine} {region} (5xx {share}%)",
            ("{share}% of requests fail with a 5xx", "errors began at once, on every pod"),
        ),
        Symptom(
            (
                "{service} very slow in {region}",
                "Latency of {alias} above {seconds} s in {region}",
                "{service}: timeouts",
            ),
            "[FIRING:1] LatencyP99High {machine} {region} p99={seconds}s",
            ("the 99th percentile is at {seconds} s, usually 0.3 s", "callers give up after 5 s"),
        ),
        Symptom(
            ("{service} refuses valid tokens", "401 from {alias} for callers that worked yesterday"),
            "[FIRING:{few}] AuthFailures {machine} above threshold",
            ("callers with fresh tokens get 401", "only the {region} cluster is affected"),
        ),
        Symptom(
            ("{service} answers with stale data", "{alias} in {region} is behind by {minutes} minutes"),
            "[FIRING:1] StaleReads {machine} {region}",
            ("answers are about {minutes} minutes old", "writes arrive, reads do not show them"),
        ),
    ),
    "web": (
        Symptom(
            (
                "{service} down for visitors from {region}",
                "{alias} unreachable in {region}",
                "{service} shows an error page",
            ),
            "ProbeFailed https://{machine}.example.com from {region}",
            ("our probes fail from {region}", "the error page is the one of the load balancer"),
        ),
        Symptom(
            (
                "{service} slow since release {release}",
                "Pages of {alias} take {seconds} seconds",
                "{service} sluggish",
            ),
            "[FIRING:1] PageLoadSlow {machine} {seconds}s {region}",
            ("the first byte takes {seconds} s", "only pages that are not in the cache"),
        ),
        Symptom(
            ("{service} broken in Safari", "Buttons of {service} do nothing since {release}"),
            "JavaScriptErrors {machine} {count} per minute",
            ("one script fails to load", "visitors with an old tab are fine"),
        ),
    ),
    "search": (
        Symptom(
            ("{service} without results in {region}", "{alias} returns nothing in {region}"),
            "[FIRING:1] ZeroResultRate {machine} {region} {share}%",
            ("{share}% of searches find nothing", "the index in {region} is nearly empty"),
        ),
        Symptom(
            ("{service} index is {hours} hours behind", "Indexing of {alias} stands still"),
            "[FIRING:1] IndexLag {machine} {hours}h",
            ("the newest document is {hours} hours old", "the indexer restarts every few minutes"),
        ),
    ),
    "queue": (
        Symptom(
            (
                "{service}: queue is growing in {region}",
                "{alias} backlog at {count} messages",
                "{service} is behind",
            ),
            "[FIRING:1] QueueDepth {machine} {region} {count}",
            ("{count} messages wait", "consumers read, but do not confirm"),
        ),
        Symptom(
            ("Messages of {service} get lost", "{alias} drops messages in {region}"),
            "[FIRING:{few}] DeadLetters {machine} rate above 0",
            ("dead letters since release {release}", "{share}% of what was sent did not arrive"),
        ),
        Symptom(
            ("{service} sends everything twice", "Duplicate messages from {alias}"),
            "DuplicateDeliveries {machine} {region}",
            ("every message is delivered twice", "it began when a consumer group was rebalanced"),
        ),
    ),
    "database": (
        Symptom(
            (
                "Replica of {service} lags {minutes} minutes in {region}",
                "{alias} replication behind in {region}",
            ),
            "[FIRING:1] ReplicaLag {host} {minutes}m",
            ("the replica is {minutes} minutes behind", "one long transaction holds everything up"),
        ),
        Symptom(
            ("{service} out of connections", "Too many connections on {alias}"),
            "[FIRING:1] ConnectionsNearLimit {host} 9{digit}%",
            ("every connection is taken", "most of them are idle in a transaction"),
        ),
        Symptom(
            ("Disk of {service} nearly full", "{host}: 9{digit}% disk used"),
            "[FIRING:1] DiskWillFillIn4Hours {host}",
            ("disk use grows by {few} GB an hour", "write-ahead logs are not being removed"),
        ),
        Symptom(
            ("Slow queries on {service}", "{alias}: queries of the order list take {seconds} s"),
            "SlowQueries {host} mean={seconds}s",
            ("the planner chose another index", "only large accounts are hit"),
        ),
    ),
    "cache": (
        Symptom(
            ("{service} evicts everything in {region}", "Hit rate of {alias} fell to {share}%"),
            "[FIRING:1] CacheHitRate {machine} {region} {share}%",
            ("hit rate {share}%, usually 97%", "memory is full of keys without an end"),
        ),
        Symptom(
            ("{service} primary out of memory", "{alias} out of memory in {region}"),
            "[FIRING:1] MemoryHigh {host} 9{digit}%",
            ("the primary was killed for its memory", "fail-over took {few} minutes"),
        ),
    ),
    "batch": (
        Symptom(
            (
                "{service}: last night's run did not finish",
                "{alias} job failed",
                "Run of {service} hangs since {hours} hours",
            ),
            "[FIRING:1] JobNotFinished {machine} {hours}h overdue",
            ("the job waits for a lock", "the run before it took twice as long as usual"),
        ),
        Symptom(
            ("{service} wrote wrong figures", "Figures of {alias} do not add up in {region}"),
            "DataQuality {machine} {count} rows rejected",
            ("{count} rows were taken twice", "one source file came in another format"),
        ),
    ),
    "mobile": (
        Symptom(
            ("{service} {release} crashes on start", "Crashes in {alias} since {release}"),
            "CrashFreeSessions {machine} below 9{digit}%",
            ("crash-free sessions fell to 9{digit}%", "only phones with an older system are affected"),
        ),
        Symptom(
            ("{service} cannot connect in {region}", "{alias} offline for {region}"),
            "[FIRING:1] ClientErrors {machine} {region}",
            ("requests end before they reach us", "it works over another network"),
        ),
    ),
    "identity": (
        Symptom(
            (
                "{service} fails for {share}% in {region}",
                "Logins failing in {region}",
                "{alias} errors in {region}",
            ),
            "[FIRING:1] LoginFailureRate {machine} {region} {share}%",
            ("{share}% of logins fail", "tokens are issued, but not accepted"),
        ),
        Symptom(
            ("Single sign-on certificate of {service} runs out in {few} days", "SSO certificate expires"),
            "CertificateExpiry {machine} {few}d",
            ("the certificate ends in {few} days", "nobody got the usual reminder"),
        ),
    ),
    "supplier": (
        Symptom(
            (
                "{service}: supplier reports an outage in {region}",
                "{alias} supplier down",
                "{service} unavailable",
            ),
            "StatusPage {machine}: major outage {region}",
            ("the supplier confirms it on their status page", "{share}% of our calls time out"),
        ),
        Symptom(
            ("{service} limits our requests", "429 from {alias}"),
            "[FIRING:1] RateLimited {machine} {count}/min",
            ("{count} calls a minute are refused", "our quota was cut without notice"),
        ),
    ),
    "cluster": (
        Symptom(
            ("Nodes of {service} NotReady in {region}", "{few} nodes of {alias} are gone in {region}"),
            "[FIRING:{few}] KubeNodeNotReady {host} {region}",
            ("{few} nodes stopped answering", "pods are moved, but find no room"),
        ),
        Symptom(
            ("{service} cannot pull images", "ImagePullBackOff everywhere on {alias}"),
            "[FIRING:{few}] ImagePullBackOff {machine} {region}",
            ("the registry answers 503", "what runs goes on running, nothing new starts"),
        ),
        Symptom(
            ("Out of capacity on {service} in {region}", "{alias}: pods pending in {region}"),
            "[FIRING:{few}] PodsPending {machine} {region}",
            ("{count} pods wait for a node", "the autoscaler has reached its limit"),
        ),
    ),
    "network": (
        Symptom(
            (
                "{service} failing in {region}",
                "{alias} resolution fails in {region}",
                "{service}: errors from {region}",
            ),
            "[FIRING:1] ProbeDns {machine} {region} {share}% failed",
            ("{share}% of look-ups fail", "two of three resolvers answer"),
        ),
        Symptom(
            ("Packet loss between {region} and the office", "{service} slow in {region}, {share}% loss"),
            "[FIRING:1] PacketLoss {machine} {region} {share}%",
            ("{share}% of packets are lost", "traces end at the same provider"),
        ),
    ),
}
