"""Counts for Prometheus, of this process since its start. Labels are words of the code and Slack's codes.

Successes are not counted: anybody who collects the counts could follow a case by them, message by message.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter

REGISTRY = CollectorRegistry()
DELIVERIES = Counter("tot_deliveries", "Deliveries that went wrong, by how", ["outcome"], registry=REGISTRY)
SLACK_ERRORS = Counter(
    "tot_slack_errors", "Calls that Slack refused, by its code", ["code"], registry=REGISTRY
)
SLACK_UNCERTAIN = Counter(
    "tot_slack_uncertain", "Calls of which nobody knows whether they took effect", registry=REGISTRY
)
