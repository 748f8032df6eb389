"""Whom each page reaches: axe in light and dark, what a narrow screen and large letters cut,
and, where it is installed, Lighthouse as on a phone. It prints; it fails on nothing."""

import json
import os
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from shutil import which
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.test import Client
from django.test.utils import setup_test_environment

from tests.crawl import Visited, everything, ines, rosa, runner, sure_of

NARROW, TABLET, WIDE, TALL = 320, 768, 1280, 900  # CSS pixels
LARGE = "--blink-settings=defaultFontSize=32"  # 200 % text, as a reader's own setting
LONG = 3600  # seconds that a password said a moment ago stays said
AXE = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
READERS = {"oficial": lambda: ines().person, "persona": rosa, "rectora": runner}
NAMED = {  # what Lighthouse is asked about, by the name of its address
    "inicio": "public_service:home",
    "plan": "action_plans:plan",
    "compromiso": "action_plans:node",
    "lista de propuestas": "cocreation:proposals",
    "paso del formulario": "cocreation:draft_step",
    "recibo": "cocreation:receipt",
    "institución": "institutions:institution",
    "búsqueda": "catalogue:search",
    "registro": "institutions:institutions",
}
KINDS = ("performance", "accessibility", "best-practices", "seo")
GOOD, FAIR = 95, 0.9  # of a page, and of one thing that is asked of it
# What sticks out of the page, and what is cut: a box that hides what does not fit in it. What is
# kept for those who listen is one pixel wide; what scrolls by itself, as a field does, is not cut.
CUT = """() => {
  const root = document.documentElement, told = [];
  const scrolls = e => e && e !== document.body && e !== root
    && (/auto|scroll/.test(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
  const call = e => e.tagName.toLowerCase() + (e.className ? '.' + e.className : '');
  if (root.scrollWidth > root.clientWidth + 1) {
    const out = [...document.body.querySelectorAll('*')].filter(
      e => e.getBoundingClientRect().right > root.clientWidth + 1 && !scrolls(e));
    told.push(`${root.scrollWidth} px: ${out.slice(-1).map(call)}`);
  }
  for (const e of document.body.querySelectorAll('*')) {
    const style = getComputedStyle(e), hides = /hidden|clip/;
    if (e.clientWidth < 2 || e.clientHeight < 2 || /svg|input/i.test(e.tagName)) continue;
    if (hides.test(style.overflowX) && e.scrollWidth > e.clientWidth + 1
      || hides.test(style.overflowY) && e.scrollHeight > e.clientHeight + 1)
      told.push(`se corta ${call(e)}`);
  }
  return told;
}"""


@dataclass(frozen=True)
class Finding:
    kind: str
    page: str
    words: str


def world() -> tuple[list[Visited], dict[str, str]]:
    """Every page of the crawl, left as it was opened, and who may open it again."""
    setup_test_environment(debug=False)
    pages = [page for page in everything() if page.is_html and not page.leads_to]
    return pages, {reader: entered(sure_of(person())) for reader, person in READERS.items()}


def entered(client: Client) -> str:
    """A session in which the password was said a while from now: the round is long."""
    session = client.session
    session["account_authentication_methods"][0]["at"] += LONG
    session.save()
    return str(session.session_key)


def some(pages: Sequence[Visited]) -> list[Visited]:
    """One page of each address of each reader."""
    return list({(page.reader, page.name): page for page in pages}.values())


def seen(base: str, pages: Sequence[Visited], sessions: dict[str, str]) -> Iterator[Finding]:
    from playwright.sync_api import sync_playwright

    if not which("chromium"):
        raise SystemExit("Para mirarlas hace falta Chromium.")
    with sync_playwright() as playwright:
        for look, flags in ((usual, []), (large, [LARGE])):
            browser = playwright.chromium.launch(
                executable_path=which("chromium"), args=["--no-sandbox", *flags]
            )
            tabs = {reader: tab(browser, base, sessions.get(reader)) for reader in readers(pages)}
            for page in pages:
                answer = tabs[page.reader].goto(base + page.path)
                if answer.status != page.status or tabs[page.reader].url != base + page.path:
                    yield Finding("no es la misma página", str(page), tabs[page.reader].url)
                for kind, words in look(tabs[page.reader]):
                    yield Finding(kind, str(page), words)
            browser.close()


def readers(pages: Sequence[Visited]) -> set[str]:
    found = {page.reader for page in pages}
    if unknown := found - {"nadie", *READERS}:
        raise SystemExit(f"bench/reach.py no sabe cómo entra: {', '.join(unknown)}.")
    return found


def tab(browser: Any, base: str, session: str | None) -> Any:
    context = browser.new_context()
    if session:
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": base}
        context.add_cookies([cookie])
    return context.new_page()


def usual(page: Any) -> Iterator[tuple[str, str]]:
    for width in (NARROW, WIDE):
        page.set_viewport_size({"width": width, "height": TALL})
        yield from cut(page, f"{width} px")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        yield from (("axe " + scheme, words) for words in judged(page))


def large(page: Any) -> Iterator[tuple[str, str]]:
    for width in (WIDE, TABLET, NARROW):
        page.set_viewport_size({"width": width, "height": TALL})
        yield from cut(page, f"200 % a {width} px")


def cut(page: Any, where: str) -> Iterator[tuple[str, str]]:
    yield from ((where, words) for words in page.evaluate(CUT))


def judged(page: Any) -> Iterator[str]:
    from axe_playwright_python.sync_playwright import Axe

    for found in Axe().run(page, options=AXE).response["violations"]:
        for node in found["nodes"]:
            yield f"{found['id']}: {node['target'][0]}"


def told(pages: Sequence[Visited], findings: Sequence[Finding]) -> Iterator[str]:
    """The same thing on many pages is one line, with the first of them."""
    by = Counter(page.reader for page in pages)
    yield f"{len(pages)} páginas: " + ", ".join(f"{n} de {who}" for who, n in by.items())
    groups: dict[tuple[str, str], list[str]] = {}
    for found in findings:
        groups.setdefault((found.kind, found.words), []).append(found.page)
    for (kind, words), where in sorted(groups.items()):
        yield f"{kind}: {words}: {where[0]}" + (f" y {len(where) - 1} más" * (len(where) > 1))
    yield f"{len(findings)} hallazgos en {len({found.page for found in findings})} páginas"


def lighthouse() -> str:
    return os.environ.get("LIGHTHOUSE", "") or which("lighthouse") or ""


def scores(base: str, pages: Sequence[Visited], *, runs: int) -> Iterator[str]:
    """The median of each kind; what is below the mark says why."""
    first = {page.name: page for page in reversed(pages) if page.reader == "nadie"}
    yield f"{'Lighthouse, teléfono':<24}" + "".join(f"{kind:>16}" for kind in KINDS)
    for name, address in NAMED.items():
        if address not in first:
            yield f"{name:<24} no hay página {address}"
            continue
        reports = [asked(base + first[address].path) for _ in range(runs)]
        marks = [median(round(r["categories"][k]["score"] * 100) for r in reports) for k in KINDS]
        yield f"{name:<24}" + "".join(f"{mark:>16.0f}" for mark in marks)
        for kind, mark in zip(KINDS, marks, strict=True):
            if mark < GOOD:
                yield f"    {kind}: " + "; ".join(missing(reports[-1], kind))


def asked(address: str) -> dict[str, Any]:
    with TemporaryDirectory(prefix="minga-lighthouse-") as folder:
        order = [lighthouse(), address, "--quiet", "--output=json", f"--output-path={folder}/it"]
        order += [f"--only-categories={','.join(KINDS)}"]
        order += ["--chrome-flags=--no-sandbox --headless=new"]
        env = {"CHROME_PATH": str(which("chromium")), **os.environ}
        subprocess.run(order, env=env, check=True)  # noqa: S603  # whoever measures chose it
        with open(f"{folder}/it", encoding="utf-8") as report:
            found: dict[str, Any] = json.load(report)
    return found


def missing(report: dict[str, Any], kind: str) -> Iterator[str]:
    for part in report["categories"][kind]["auditRefs"]:
        audit = report["audits"][part["id"]]
        is_asked = part["weight"] and audit["scoreDisplayMode"] != "notApplicable"
        if is_asked and (audit["score"] or 0) < FAIR:
            yield f"{audit['title']} {audit.get('displayValue', '')}".strip()
