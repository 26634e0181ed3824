"""Pairs of incidents in our own words: the regression test of the duplicate check. Add to it what went wrong."""

from __future__ import annotations

# What is stored, and how somebody else puts the same incident.
SAME = (
    ("Checkout API returning 500s in eu-west-1", "checkout api 5xx eu-west-1"),
    ("Payout gateway answers 502 to every merchant", "502 from payout gateway"),
    ("Login page shows a blank screen on Safari", "blank login page in safari"),
    ("Warehouse scanners cannot reach the inventory service", "inventory service unreachable from scanners"),
    ("Nightly ledger export did not finish", "ledger export still not finished this morning"),
    ("Kafka consumers lag behind on shipment-events", "consumer lag growing on shipment-events"),
    ("Postgres primary of the booking cluster out of disk", "booking db primary disk full"),
    ("Push notifications arrive an hour late on Android", "android push notification delay"),
    ("Image thumbnails missing in the product catalogue", "product catalogue without thumbnails"),
    ("Certificate of partners.tocsin.test expired", "expired certificate on partners.tocsin.test"),
    ("Redis session cache evicts keys too early", "session cache in redis evicting keys"),
    ("Invoices are sent twice to wholesale customers", "wholesale customers get invoices twice"),
    ("Search returns no results for Polish words", "no search results for polish words"),
    ("Elevator telemetry stops after firmware 7.2", "telemetry of elevators stopped since firmware 7.2"),
    ("Ticket printers in Lyon are offline", "lyon ticket printers offline"),
    ("Data warehouse load fails on the orders table", "orders table load failing in data warehouse"),
    ("Deploys blocked because the build runners hang", "build runners hang, deploys blocked"),
    ("Customers see prices in the wrong currency", "wrong currency shown for prices"),
    ("Password reset mails are not delivered", "password reset email not delivered"),
    ("Timeouts between recommendation and profile services", "recommendation times out calling profile"),
    ("Kubernetes nodes of prod-b not ready", "k8s nodes NotReady prod-b"),
    ("VPN concentrator in the Turin office rejects logins", "turin office vpn rejecting logins"),
    ("Webhooks to the courier Zephyr are not delivered", "zephyr courier webhooks undelivered"),
    ("Chat widget does not load on the help center", "help center chat widget not loading"),
    ("Fraud scoring rejects every prepaid card", "prepaid cards all rejected by fraud scoring"),
)

# What is stored, and a look-alike that is another incident: nobody may be warned.
DIFFERENT = (
    ("DNS resolution failing in eu-west-1", "DNS resolution failing in us-east-1"),
    ("High CPU on node-12", "High CPU on node-31"),
    ("Disk full on db-03", "Disk full on db-07"),
    ("Kubernetes nodes of prod-a not ready", "Kubernetes nodes of staging-b not ready"),
    ("Latency of 10.4.1.17 above limit", "Latency of 10.9.3.2 above limit"),
    ("Queue depth critical on invoices", "Queue depth critical on returns"),
    ("Login page shows a blank screen on Safari", "Login page loads slowly in Norway"),
    ("Payout gateway answers 502 to every merchant", "Image gateway drops uploads"),
    ("Nightly ledger export did not finish", "Nightly backup of the wiki did not finish"),
    ("Certificate of partners.tocsin.test expired", "Certificate of careers.tocsin.test expired"),
    ("Invoices are sent twice to wholesale customers", "Invoices show the wrong tax rate"),
    ("Ticket printers in Lyon are offline", "Card terminals in Ghent are offline"),
    ("Redis session cache evicts keys too early", "Redis upgrade of the rate limiter failed"),
    ("Search returns no results for Polish words", "Search suggestions are slow"),
    ("Deploys blocked because the build runners hang", "Deploys blocked by the change freeze"),
    ("Push notifications arrive an hour late on Android", "Android app crashes when opening the camera"),
    ("Fraud scoring rejects every prepaid card", "Gift cards cannot be redeemed"),
    ("Data warehouse load fails on the orders table", "Orders cannot be cancelled in the shop"),
    ("Elevator telemetry stops after firmware 7.2", "Turnstiles open without a badge"),
    ("Webhooks to the courier Zephyr are not delivered", "Webhooks to the bank Borealis are not delivered"),
)
