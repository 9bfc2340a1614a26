"""What is counted about requests, by route and never by address or person."""

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
