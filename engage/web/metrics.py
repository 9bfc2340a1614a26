"""What is counted and measured: requests by route, queues, listeners, the loop; never an address or a person."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()
SECONDS = Histogram(
    "engage_request_seconds",
    "Time to answer, by route",
    ["method", "route"],
    registry=REGISTRY,
    buckets=(0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
ANSWERS = Counter("engage_answers_total", "Answers, by route and status", ["route", "status"], registry=REGISTRY)
UNDERWAY = Gauge("engage_requests_underway", "Requests being answered now", registry=REGISTRY)
VIEWERS = Gauge("engage_viewers", "Listeners in this process", registry=REGISTRY)
LIVE_FAILURES = Gauge("engage_live_failures", "Readings of the log that failed and were tried again", registry=REGISTRY)
WAITING = Gauge("engage_waiting", "Rows that wait, by queue", ["queue"], registry=REGISTRY)
OLDEST = Gauge(
    "engage_oldest_waiting_seconds", "Age of the oldest row that waits, by queue", ["queue"], registry=REGISTRY
)
LOOP_DELAY = Histogram(
    "engage_loop_delay_seconds",
    "How late the event loop wakes up",
    registry=REGISTRY,
    buckets=(0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 1),
)
FACT_LAG = Histogram(
    "engage_fact_lag_seconds",
    "From a fact's time to its leaving for those who listen in this process",
    registry=REGISTRY,
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60),
)
VOTES_TOGETHER = Histogram(
    "engage_votes_together",
    "Votes written in one statement",
    registry=REGISTRY,
    buckets=(1, 2, 5, 10, 25, 50, 100, 200, 500),
)
LET_GO = Gauge(
    "engage_let_go",
    "Listeners let go since this process began, by the code they were told",
    ["code"],
    registry=REGISTRY,
)
