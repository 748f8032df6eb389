"""The fast body sends what a browser would."""

from typing import Any
from urllib.parse import parse_qsl

import pytest

from tests.people import FastPerson, Person

PAGE = """<form method="post"><input type="hidden" name="key" value="1">
<label for="n">Nombre</label><input id="n" name="name" value="Rosa">
<label for="c">Ciudad</label><select id="c" name="city">
<option>Otavalo</option><option>El Alto</option></select>
<label for="m">Jamás</label><input type="radio" id="m" name="sure" value="no">
<label for="b">Acepto</label><input type="checkbox" id="b" name="agree">
<label for="d">Avísame</label><input type="checkbox" id="d" name="tell" checked>
<button>Enviar</button><button name="do" value="drop">Borrar</button></form>"""


def echo(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
    return [(" ".join("=".join(pair) for pair in sorted(parse_qsl(sent))) or PAGE).encode()]


def test_what_was_filled_in_written_and_chosen_is_sent() -> None:
    somebody = FastPerson(echo)
    somebody.opens("/")
    somebody.presses("Enviar")
    somebody.sees("city=Otavalo key=1 name=Rosa tell=on")
    somebody.opens("/")
    somebody.writes("Nombre", "Inés")
    somebody.chooses("Ciudad", "El Alto")
    somebody.chooses("Jamás")
    somebody.chooses("Acepto")
    somebody.presses("Borrar")
    somebody.sees("agree=on city=El Alto do=drop key=1 name=Inés sure=no tell=on")


@pytest.mark.usefixtures("demo_world")
def test_an_official_signs_in_and_comes_to_the_desk(ines: Person, nadie: Person) -> None:
    ines.signs_in()
    ines.sees("Mesa de trabajo")
    ines.sees("Inés Quilca")
    nadie.opens("/mesa/")
    nadie.sees("para quienes atienden desde una institución")
