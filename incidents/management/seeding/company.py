"""The company of the demo: its people, teams, regions and the services it runs."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works there."""

    name: str
    role: str = "responder"
    time_zone: str = ""
    email: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Service:
    """Something that runs, what it is made of, and how people say that it does not."""

    name: str
    kind: str
    team: str
    aliases: tuple[str, ...]
    complaints: tuple[str, ...]

    @property
    def external_id(self) -> str:
        """The name that machines use: checkout-api."""
        return self.name.lower().replace(" ", "-")


ACCOUNTS = (
    Person("Robin Ashdown", "administrator", "Europe/London", "admin@example.com"),
    Person("Maya Lindt", "responder", "Europe/Zurich", "responder@example.com"),
    Person("Victor Tan", "viewer", "Asia/Singapore", "viewer@example.com"),
)
COLLEAGUES = (
    Person("Inês Carvalho", time_zone="Europe/Lisbon"),
    Person("Tomasz Wrona", time_zone="Europe/Warsaw"),
    Person("Aiko Brandt", time_zone="Europe/Berlin"),
    Person("Samuel Okafor", time_zone="Europe/London"),
    Person("Priya Raman", time_zone="Asia/Kolkata"),
    Person("Lukas Heller", time_zone="Europe/Vienna"),
    Person("Fatima Idrissi", time_zone="Europe/Paris"),
    Person("Noah Lindqvist", time_zone="Europe/Stockholm"),
    Person("Mei Hsu", time_zone="America/Los_Angeles"),
    Person("Oisín Byrne", time_zone="Europe/Dublin"),
    Person("Clara Dubois", role="viewer", time_zone="Europe/Brussels"),
    Person("Jakub Novák", time_zone="Europe/Prague"),
)
API_KEYS = ("Deployment pipeline", "Support desk", "Synthetic checks")
WORKFLOWS = ("Declare when a supplier reports an outage",)

TEAMS = ("Payments", "Storefront", "Fulfilment", "Partners", "Identity", "Messaging", "Data", "Platform")
REGIONS = ("eu-west-1", "eu-central-1", "us-east-1", "us-west-2", "ap-southeast-1")
REGION_WEIGHTS = (40, 18, 24, 8, 10)

SERVICES = (
    Service("Checkout API", "api", "Payments", ("checkout", "checkout-svc"), (
        "Customers can't pay with saved cards", "Checkout spins forever after pressing Pay",
        "Orders are taken twice when the customer presses Pay again",
        "Voucher codes are refused at checkout", "Checkout shows an empty page on the last step",
    )),
    Service("Payment Gateway", "supplier", "Payments", ("payments", "psp"), (
        "Card payments declined for no reason we can see", "Refunds have not left since this morning",
        "3-D Secure window closes by itself", "Apple Pay fails on every phone in the office",
    )),
    Service("Basket", "cache", "Payments", ("cart", "basket-svc"), (
        "Baskets are empty after logging in", "Items come back to the basket after being removed",
        "Basket total differs from the sum of its lines",
    )),
    Service("Storefront", "web", "Storefront", ("shop", "www"), (
        "Home page without pictures", "Shop very slow since the campaign went out",
        "Product pages answer 404 from the newsletter", "Cookie banner covers the buy button on phones",
        "Storefront shows yesterday's prices",
    )),
    Service("Product Search", "search", "Storefront", ("search", "search-api"), (
        "Search finds nothing for words with umlauts", "New products do not turn up in search",
        "Search suggestions are from another country", "Filters in search results do nothing",
    )),
    Service("Pricing Engine", "api", "Storefront", ("pricing", "prices"), (
        "Prices in the shop and on the invoice differ", "Members do not get their discount",
        "VAT is missing for orders to Norway",
    )),
    Service("Media CDN", "network", "Storefront", ("cdn", "images"), (
        "Pictures load slowly in Asia", "Old logo is still being delivered", "Videos stop after ten seconds",
    )),
    Service("Order Service", "api", "Fulfilment", ("orders", "order-svc"), (
        "Orders stuck in “being prepared”", "Order confirmation shows the wrong address",
        "Cancelled orders are still being shipped", "Support cannot open orders from last week",
    )),
    Service("Orders Database", "database", "Fulfilment", ("orders-db", "db-orders"), (
        "Order history is slow for everybody", "Nightly report of orders did not finish",
    )),
    Service("Stock Ledger", "batch", "Fulfilment", ("stock", "inventory"), (
        "Shop sells things we do not have", "Stock of the Antwerp warehouse shows as zero",
        "Stock count differs between shop and warehouse",
    )),
    Service("Courier Tracking", "supplier", "Fulfilment", ("tracking", "couriers"), (
        "Parcels show as “unknown” since Friday", "Tracking links lead to an error page",
        "Delivery times are three days off",
    )),
    Service("Warehouse Scanners", "mobile", "Fulfilment", ("scanners", "handhelds"), (
        "Scanners in hall 2 lose their connection", "Pickers are logged out in the middle of a round",
        "Scanner app crashes when a label is damaged",
    )),
    Service("Partner Portal", "web", "Partners", ("portal", "sellers"), (
        "Partners cannot upload their price lists", "Partner dashboard shows someone else's figures",
        "Sign-up form for new partners is blank",
    )),
    Service("Partner API", "api", "Partners", ("partner-svc", "b2b-api"), (
        "Partner feeds rejected since the new schema", "Two partners report missing webhooks",
    )),
    Service("Invoices", "batch", "Partners", ("billing", "invoice-job"), (
        "Invoices for this month have not gone out", "Invoices carry last year's address",
        "Partners were billed twice",
    )),
    Service("Customer Login", "identity", "Identity", ("login", "auth"), (
        "Nobody can log in", "Login broken for people who use single sign-on",
        "Password reset link is already expired when it arrives", "People are logged out every few minutes",
    )),
    Service("Account API", "api", "Identity", ("accounts", "profile-svc"), (
        "Changed addresses are not saved", "Accounts merged by mistake", "Deleting an account fails silently",
    )),
    Service("Email Sender", "queue", "Messaging", ("mailer", "smtp"), (
        "Order confirmations arrive hours late", "Newsletter was sent twice to everybody",
        "Our e-mails land in spam at one big provider",
    )),
    Service("Push Notifications", "queue", "Messaging", ("push", "notifier"), (
        "Push messages arrive in the middle of the night", "No push messages on Android",
    )),
    Service("Support Chat", "supplier", "Messaging", ("chat", "helpdesk"), (
        "Chat window does not open", "Agents see conversations twice", "Chat history is gone",
    )),
    Service("Data Warehouse", "batch", "Data", ("warehouse-db", "analytics"), (
        "Dashboards show no figures since midnight", "Yesterday's revenue is double what it should be",
        "Finance export is empty",
    )),
    Service("Recommendations", "api", "Data", ("recs", "ranking"), (
        "Everybody is recommended the same garden hose", "“Bought together” box has vanished",
    )),
    Service("Event Bus", "queue", "Platform", ("kafka", "events"), (
        "Services miss events since the upgrade", "Consumers read the same messages again",
    )),
    Service("Sessions Cache", "cache", "Platform", ("redis-sessions", "sessions"), (
        "Sessions vanish at random",
    )),
    Service("Kubernetes Platform", "cluster", "Platform", ("k8s", "prod-a"), (
        "New pods do not start", "Deployments hang since noon",
    )),
    Service("CI Runners", "cluster", "Platform", ("ci", "runners"), (
        "Builds wait for over an hour", "No build has passed since the new image",
    )),
    Service("Internal DNS", "network", "Platform", ("dns", "resolver"), (
        "Services cannot find one another", "Half of the office cannot reach the wiki",
    )),
    Service("Mobile App", "mobile", "Storefront", ("app", "ios-app", "android-app"), (
        "App crashes on start after the update", "App shows prices in the wrong currency",
        "Deep links open the home screen",
    )),
)  # fmt: skip
