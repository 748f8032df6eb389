"""People who use the site in stories: by the words they read, not by ids or classes."""

import re
from typing import Any, Protocol

from bs4 import BeautifulSoup, Tag
from django.urls import reverse
from webtest import TestApp, Upload

from minga.kernel.identity.actions import DEMO_PASSWORD

CAST = ("rosa", "eusebio", "ines", "tomas", "marta", "alvaro", "nadie")


class Person(Protocol):
    name: str

    def opens(self, path: str) -> None: ...
    def follows(self, words: str) -> None: ...
    def writes(self, label: str, answer: str) -> None: ...
    def chooses(self, label: str, option: str = "") -> None: ...
    def attaches(self, label: str, **files: bytes) -> None: ...
    def presses(self, words: str) -> None: ...
    def sees(self, words: str) -> None: ...
    def reads(self, pattern: str) -> str: ...
    def signs_in(self) -> None: ...


class SignsIn:
    """As everybody of the invented world does: at the door, with the words it shows."""

    name: str

    def signs_in(self: "Person") -> None:
        self.opens(reverse("account_login"))
        self.writes("Correo electrónico", f"{self.name}@demo.minga")
        self.writes("Contraseña", DEMO_PASSWORD)
        self.presses("Entrar")


class FastPerson(SignsIn):
    """Fills in the real forms of the HTML, straight from Django, in milliseconds."""

    def __init__(self, application: Any, name: str = "") -> None:
        self.browser = TestApp(application, extra_environ={"REMOTE_ADDR": "127.0.0.1"})
        self.name = name
        self._arrive(None)

    def _arrive(self, response: Any) -> None:
        self.response = response and response.maybe_follow()
        html = self.response.text if response else ""
        self.page = BeautifulSoup(html, "html.parser")

    def opens(self, path: str) -> None:
        self._arrive(self.browser.get(path))

    def follows(self, words: str) -> None:
        """A link that says it; several may, if they lead to one place."""
        places = {str(a["href"]) for a in self.page.find_all("a") if words in a.get_text()}
        assert len(places) == 1, f"{words!r} leads to {len(places)} places"
        self._arrive(self.response.goto(*places))

    def writes(self, label: str, answer: str) -> None:
        field = self._labelled(label)
        self._form(field)[str(field["name"])] = answer

    def chooses(self, label: str, option: str = "") -> None:
        """An option of a list, or, without one, a box or a button to tick."""
        field = self._labelled(label)
        form, name = self._form(field), str(field["name"])
        if field.name == "select":
            form[name].select(text=option)
        elif field["type"] == "radio":
            form[name] = str(field["value"])
        else:
            [box] = [box for box in form.fields[name] if box.id == field["id"]]
            box.checked = True

    def attaches(self, label: str, **files: bytes) -> None:
        """Files by their names, in which an underscore stands for the point."""
        field = self._labelled(label)
        chosen = [Upload(name.replace("_", "."), content) for name, content in files.items()]
        self._form(field)[str(field["name"])] = chosen if field.has_attr("multiple") else chosen[0]

    def presses(self, words: str) -> None:
        button = self._one("button", words)
        name = str(button["name"]) if button.get("name") else None
        self._arrive(self._form(button).submit(name, value=button.get("value")))

    def sees(self, words: str) -> None:
        assert words in self._text(), f"{words!r} is not on {self.response.request.path}"

    def reads(self, pattern: str) -> str:
        found = re.search(pattern, self._text())
        assert found, f"nothing like {pattern!r} is on {self.response.request.path}"
        return found[1]

    def _text(self) -> str:
        return " ".join(self.page.get_text(" ").split())

    def _one(self, tag: str, words: str) -> Tag:
        found: list[Tag] = [part for part in self.page.find_all(tag) if words in part.get_text()]
        assert len(found) == 1, f"{len(found)} <{tag}> say {words!r}"
        return found[0]

    def _labelled(self, label: str) -> Tag:
        field = self.page.find(id=str(self._one("label", label)["for"]))
        assert isinstance(field, Tag), f"{label!r} labels nothing"
        return field

    def _form(self, part: Tag) -> Any:
        form = part.find_parent("form")
        assert form, f"{part} is in no form"
        return self.response.forms[self.page.find_all("form").index(form)]


# Of each element what axe judges by, but its words: which it is, how it looks, what names it.
SHAPE = """() => [...document.querySelectorAll('*')].map(e => [
  e.tagName, e.id.replace(/[0-9]+/g, ''), e.getAttribute('class'), e.getAttribute('role'),
  e.getAttribute('type'), e.disabled, e.open, e.getAttribute('aria-label') === null,
  e.getAttribute('alt') === null, e.labels ? e.labels.length : '', e.textContent.trim() === ''
].join()).join('|')"""


def accessible(page: Any, clean: set[str] = set()) -> None:  # noqa: B006  # it is to be kept
    """What axe says of a page that somebody arrived at: nothing. A page of the same shape as
    one that it found nothing on is not asked about again."""
    from axe_playwright_python.sync_playwright import Axe

    shape = page.evaluate(SHAPE)
    if shape not in clean:
        found = Axe().run(page)
        assert found.violations_count == 0, f"{page.url}: {found.generate_report()}"
        clean.add(shape)


class BrowserPerson(SignsIn):
    """The same verbs in a real browser; every page arrived at is checked with axe."""

    def __init__(self, page: Any, base: str, name: str = "") -> None:
        self.page, self.base, self.name = page, base, name

    def opens(self, path: str) -> None:
        self.page.goto(self.base + path)
        accessible(self.page)

    def follows(self, words: str) -> None:
        links = self.page.get_by_role("link", name=words)
        places = {link.get_attribute("href") for link in links.all()}
        assert len(places) == 1, f"{words!r} leads to {len(places)} places"
        with self.page.expect_navigation():
            links.first.click()
        accessible(self.page)

    def writes(self, label: str, answer: str) -> None:
        self.page.get_by_label(label).fill(answer)

    def chooses(self, label: str, option: str = "") -> None:
        field = self.page.get_by_label(label)
        if option:
            field.select_option(label=option)
        else:
            field.check()

    def attaches(self, label: str, **files: bytes) -> None:
        chosen = [
            {"name": name.replace("_", "."), "mimeType": "", "buffer": content}
            for name, content in files.items()
        ]
        self.page.get_by_label(label).set_input_files(chosen)

    def presses(self, words: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=words).click()
        accessible(self.page)

    def sees(self, words: str) -> None:
        assert words in self._text(), f"{words!r} is not on {self.page.url}"

    def reads(self, pattern: str) -> str:
        found = re.search(pattern, self._text())
        assert found, f"nothing like {pattern!r} is on {self.page.url}"
        return found[1]

    def _text(self) -> str:
        return " ".join(self.page.inner_text("body").split())
