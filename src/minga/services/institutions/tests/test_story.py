import pytest

from minga.services.institutions import queries
from tests.people import Person

pytestmark = [pytest.mark.usefixtures("demo_world"), pytest.mark.slow]
OFFICE = "Secretaría de Participación de Villa Minga (demostración)"


def test_eusebio_reads_who_an_institution_is_and_why_it_is_of_the_state(eusebio: Person) -> None:
    eusebio.opens("/instituciones/")
    eusebio.writes("Nombre o sigla", "empresa de agua")
    eusebio.presses("Buscar institución")
    eusebio.follows("Empresa de Agua de Villa Minga (demostración)")
    eusebio.sees("Antes era Junta de Agua de Villa Minga (demostración)")
    if queries.terms().central.value:  # not every country's documents have the rule
        eusebio.sees("Sí. De los 3 delegados de su órgano de dirección, 2 son")
    eusebio.follows("Municipio de Villa Minga (demostración)")
    eusebio.sees("Dependen de ella Secretaría de Participación")
    eusebio.sees("Responsable de gobierno electrónico")


@pytest.mark.by_forms
def test_marta_fills_a_post_replaces_who_holds_it_and_takes_it_back(
    marta: Person, ines: Person
) -> None:
    marta.signs_in()
    marta.opens("/instituciones/administrar/")
    marta.follows(OFFICE)
    marta.follows("Responsable de datos abiertos")
    marta.sees("Nadie ocupa este puesto.")
    marta.follows("Nombrar a alguien")
    marta.presses("Nombrar")
    marta.sees("Escribe el correo de la persona.")
    marta.writes("Correo institucional de la persona", "luz@demo.minga")
    marta.writes("Nombre y apellido", "Luz Tipán")
    marta.writes("Desde qué día", "2026-01-05")
    marta.presses("Nombrar")
    marta.sees("Lo ocupa Luz Tipán desde el 5 de enero de 2026.")
    marta.follows("Nombrar a alguien")
    marta.writes("Correo institucional de la persona", "ines@demo.minga")
    marta.writes("Nombre y apellido", "Inés Quilca")
    marta.writes("Desde qué día", "2026-02-02")
    marta.presses("Nombrar")
    marta.sees("El puesto lo ocupa Luz Tipán desde el 05/01/2026.")
    marta.presses("Termina el día anterior (01/02/2026)")
    marta.sees("Lo ocupa Inés Quilca desde el 2 de febrero de 2026.")
    marta.sees("1 de febrero de 2026")
    marta.follows("Historia y deshacer")
    marta.sees("Una persona reemplazó a otra")
    marta.presses("Deshacer lo último")
    marta.sees("Se deshizo lo anterior")
    marta.sees("Luz Tipán vuelve a ocuparlo")
    ines.signs_in()
    ines.opens("/instituciones/villa-minga-participacion/")
    ines.sees("Luz Tipán")


@pytest.mark.by_forms
def test_marta_names_who_stands_in_and_is_told_what_cannot_be(marta: Person) -> None:
    marta.signs_in()
    marta.opens("/instituciones/administrar/villa-minga-participacion/")
    marta.follows("Analista de participación 2")
    marta.follows("Nombrar a quien subroga")
    marta.writes("Correo institucional de la persona", "tomas@demo.minga")
    marta.writes("Nombre y apellido", "Tomás Guamán")
    marta.writes("Desde", "2027-01-10")
    marta.writes("Hasta", "2027-01-04")
    marta.writes("Acto que lo dispone", "Acción 7")
    marta.presses("Nombrar")
    marta.sees("Terminaría antes de empezar")
    marta.writes("Hasta", "2027-01-20")
    marta.presses("Nombrar")
    marta.sees("Quien ocupa el puesto no puede subrogarse a sí mismo.")
    marta.writes("Correo institucional de la persona", "ines@demo.minga")
    marta.presses("Nombrar")
    marta.sees("Inés Quilca")


def test_alvaro_enters_an_institution_that_everybody_then_finds(
    alvaro: Person, nadie: Person
) -> None:
    alvaro.signs_in()
    alvaro.opens("/instituciones/administrar/")
    alvaro.follows("Registrar una institución")
    alvaro.writes("Nombre", "Instituto de Semillas Nativas")
    alvaro.writes("Depende de", "Municipio de Nunca")
    alvaro.chooses("Tipo", "Sector público")
    alvaro.writes("Fuente", "Ordenanza 4")
    alvaro.presses("Registrar")
    alvaro.sees("No hay ninguna institución que se llame así.")
    alvaro.writes("Depende de", "municipio de villa minga (demostracion)")
    alvaro.presses("Registrar")
    nadie.opens("/buscar/?q=semillas")
    nadie.follows("Instituto de Semillas Nativas")
    nadie.sees("Municipio de Villa Minga")
    alvaro.opens("/instituciones/administrar/instituto-de-semillas-nativas/")
    alvaro.follows("Registrar un puesto")
    alvaro.writes("Nombre del puesto", "Dirección")
    alvaro.chooses("Es el responsable de gobierno electrónico")
    alvaro.presses("Registrar")
    alvaro.follows("Registrar un puesto")
    alvaro.writes("Nombre del puesto", "Sistemas")
    alvaro.chooses("Es el responsable de gobierno electrónico")
    alvaro.presses("Registrar")
    alvaro.sees("El responsable de gobierno electrónico es ahora «Dirección».")
    alvaro.presses("Registrar")
    nadie.opens("/instituciones/responsables/")
    nadie.sees("Instituto de Semillas Nativas Sistemas")


def test_marta_gives_her_institution_colours_that_everybody_can_read(
    marta: Person, nadie: Person
) -> None:
    marta.signs_in()
    marta.opens("/instituciones/administrar/villa-minga-participacion/")
    marta.follows("Colores")
    marta.writes("Color principal", "100")
    marta.chooses("Fuerza del color", "Viva")
    marta.writes("Claridad", "58")
    marta.presses("Guardar")
    marta.sees("Con ese color hay quien no podría leer. Los enlaces")
    most = marta.reads(r"Baja la claridad a (\d+) o menos")
    marta.writes("Claridad", most)
    marta.presses("Ver cómo queda")
    marta.sees("Todavía no se guardó nada.")
    marta.presses("Guardar")
    marta.sees("Guardado. Quedó anotado en la historia.")
    nadie.opens("/instituciones/villa-minga-participacion/")
    nadie.sees("Lo último que atiende")


def test_marta_sends_an_emblem_and_lets_a_site_show_the_frame(marta: Person, nadie: Person) -> None:
    marta.signs_in()
    marta.opens("/instituciones/administrar/villa-minga-participacion/logo/")
    marta.attaches("Imagen", logo_png=b"<svg onload='alert(1)'></svg>")
    marta.writes("Qué se ve en ella", "Escudo de prueba")
    marta.presses("Guardar el logo")
    marta.sees("lleva un programa dentro")
    marta.presses("Quitar el logo")
    marta.sees("Guardado.")
    marta.opens("/instituciones/administrar/villa-minga-participacion/marco/")
    marta.writes("Sitios que pueden mostrarlo", "http://villa-minga.ec")
    marta.presses("Guardar")
    marta.sees("Tiene que empezar con https://.")
    marta.writes("Sitios que pueden mostrarlo", "https://villa-minga.ec")
    marta.presses("Guardar")
    marta.sees('title="Lo público de Secretaría de Participación')
    nadie.opens("/marco/villa-minga-participacion/")
    nadie.sees("Buscar en todo el sitio")
