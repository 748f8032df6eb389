"""Figures for a monitor. All processes of a machine count into one folder, because whoever
asks reaches any of them: prometheus-client adds them up. No figure is of a person."""

import os
from collections.abc import Iterator
from functools import cache
from shutil import rmtree
from time import time
from typing import Any, NamedTuple

from django.conf import settings
from django.utils import timezone

from minga.kernel.cases.models import Case
from minga.kernel.mailbox import queries as mailbox

from . import health

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


class Counted(NamedTuple):
    requests: Any
    seconds: Any


@cache
def counted() -> Counted:
    """Made once in each process. The library looks for the folder as it is imported."""
    settings.MINGA_METRICS_FOLDER.mkdir(parents=True, exist_ok=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(settings.MINGA_METRICS_FOLDER)
    from prometheus_client import Counter, Histogram

    words = "How long requests took"
    return Counted(
        Counter("minga_requests", "Requests answered", ["route", "status"], registry=None),
        Histogram("minga_request_seconds", words, ["route"], buckets=SECONDS, registry=None),
    )


def count(route: str, status: int, seconds: float) -> None:
    counted().requests.labels(route, status).inc()
    counted().seconds.labels(route).observe(seconds)


def forget() -> None:
    """What processes that are gone have counted: when all of them begin anew."""
    rmtree(settings.MINGA_METRICS_FOLDER, ignore_errors=True)


def text() -> bytes:
    counted()
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(Standing())
    return generate_latest(registry)


class Standing:
    """What is so at this moment, read from the database."""

    def collect(self) -> Iterator[Any]:
        from prometheus_client.core import GaugeMetricFamily

        due = mailbox.due(at=timezone.now()).count()
        yield GaugeMetricFamily("minga_letters_due", "Letters that wait for their round", due)
        cases = Case.objects.filter(closed_at=None).count()
        yield GaugeMetricFamily("minga_cases_open", "Cases that are not closed", cases)
        if done := health.last_round():
            words = "Since the worker's last round"
            yield GaugeMetricFamily("minga_worker_age_seconds", words, time() - done)
