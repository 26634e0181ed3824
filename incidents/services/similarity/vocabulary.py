"""The words that a reader of incidents skips, takes for one another, or sees every day."""

from __future__ import annotations

STOP_WORDS = frozenset(
    """
    a an the this that these those some any all its it they their there our we us you your i my me
    and or but nor if then than so as at by for from in into of off on onto out over per to up via with within without
    is are was were be been being am has have had having do does did doing done
    will would can could may might must shall should not no t s re ve ll d m
    about after again also already because before between both during each every few here how just more most much
    now only other own same since still such too until very what when where which while who why yet
    please hi hello team again anyone everybody somebody
    sev sev0 sev1 sev2 sev3 sev4 p0 p1 p2 p3 p4 firing resolved alert alerts urgent fyi re fw fwd
    """.split()
)
"""Words that never say which incident it is."""

SYNONYM_GROUPS: tuple[str, ...] = (
    "database db databases dbs",
    "kubernetes k8s kube kubelet",
    "postgres postgresql pg psql pgsql",
    "rabbitmq rabbit amqp",
    "production prod prd live",
    "staging stage stg preprod",
    "development dev",
    "environment env",
    "service svc svcs microservice",
    "error errors err errs erroring exception exceptions",
    "fail failure failing failed fails broken breaks breaking broke unable cannot cant malfunction",
    "down outage outages unavailable unreachable unavailability offline dead disconnected unresponsive inaccessible",
    "slow slowness latency slower sluggish lagging",
    "degraded degradation degrading impaired disruption disrupted impacted affected",
    "incident issue issues problem problems trouble troubles",
    "delay delayed delays late behind backlog lag backing",
    "timeout timeouts timed",
    "request requests req reqs",
    "message messages msg msgs",
    "certificate certificates cert certs tls ssl",
    "configuration config cfg conf",
    "repository repositories repo repos",
    "application applications app apps",
    "authentication auth authenticate authenticating authenticated",
    "login logins signin logon sso saml",
    "permission permissions denied forbidden unauthorised unauthorized accessdenied",
    "email emails mail mails smtp",
    "notification notifications notif notifs",
    "customer customers client clients user users people person",
    "payment payments pay paying paid payout payouts",
    "charge charges charged billed billing bill",
    "duplicate duplicates duplicated twice double",
    "deploy deploys deployment deployments deployed release rollout",
    "crash crashes crashing crashed crashloop crashlooping crashloopbackoff",
    "memory mem ram oom heap oomkilled",
    "disk disks storage volume volumes filesystem",
    "full exhausted exhaustion space",
    "queue queues queued queueing piling",
    "certificate expired expires expiry expiration expiring",
    "cpu processor load",
    "network networking net",
    "node nodes host hosts machine machines instance instances server servers",
    "high elevated increased increase spike spikes spiking surge",
    "missing lost vanished absent gone",
    "stale outdated old",
    "replica replicas replication replicate replicating",
    "primary master leader",
    "mobile phone ios iphone android",
    "website web site webpage",
    "page pages",
    "stuck hanging hang hangs hung frozen blocked blocking stalled",
    "restart restarts restarting restarted reboot rebooted",
    "document documentation docs",
    "stop stopped stops halted halt",
    "remove removed removes delete deleted decommission",
    "update upgrade bump updated upgraded updating upgrading",
    "performance perf",
    "dependency dependencies",
    "function functions func",
    "parameter parameters param params",
    "directory directories dir dirs folder",
    "javascript js",
    "loadbalancer lb elb alb",
    "datacenter datacentre dc",
    "throttle throttled throttling ratelimit",
    "job jobs task tasks",
    "build builds ci pipeline pipelines",
)
"""Each line is one meaning; its first word stands for all of them."""

EVERYDAY_WORDS = frozenset(
    """
    incident error fail down slow degraded high delay performance request service investigate report experience
    disruption impact mitigate identify continue monitor working see receive cause update status return
    availability available general normal resolve recover intermittent partial retroactive various multiple
    elevated rate number level operation start run use make get set try time minute hour day check need
    customer issue problem access connect load low warning critical threshold above below
    last first new due find test add work follow affect currently observe subset state type
    """.split()
)
"""Words of nearly every incident: they count for little even where hardly any incident is stored yet."""

USUAL_WORDS = frozenset(
    """
    api database kubernetes production staging node memory cpu disk network queue message deploy job build
    login authentication payment email notification certificate timeout cluster pod server web page mobile
    data file user group log code client version key value list name object null response result
    """.split()
)
"""Words of many incidents: things that every installation has."""
