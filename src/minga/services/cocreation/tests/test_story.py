import pytest

from minga.kernel.forms.tests.files import PDF, PNG, SVG
from minga.kernel.jurisdiction import queries as places
from tests.people import Person

pytestmark = [pytest.mark.usefixtures("demo_world"), pytest.mark.slow]


def sends(rosa: Person, title: str) -> str:
    """Rosa's proposal, from the first page to its code."""
    rosa.opens("/propuestas/")
    rosa.follows("Enviar una propuesta")
    rosa.follows("Empezar")
    rosa.writes("Un nombre corto para tu propuesta", title)
    rosa.writes("¿Qué problema ves?", "La gente mayor espera el bus de pie y bajo el sol.")
    rosa.presses("Guardar y continuar")
    rosa.writes("¿Qué propones para resolverlo?", "Una banca y un techo en cada parada.")
    rosa.presses("Guardar y continuar")
    rosa.chooses("¿A qué Objetivo de Desarrollo Sostenible ayuda más?", "5. Igualdad de género")
    rosa.chooses("Ciudadanía, sin afiliación a una organización")
    rosa.presses("Guardar y continuar")
    rosa.sees("Elige el lugar desde el que escribes.")
    rosa.sees("Falta corregir una cosa")
    rosa.chooses("¿De qué lugar nos escribes?", places.territories()[0].name)
    rosa.presses("Guardar y continuar")
    rosa.chooses("Sexo", "Mujer")
    rosa.presses("Guardar y continuar")
    rosa.sees("5. Igualdad de género")
    rosa.presses("Enviar la propuesta")
    return rosa.reads(r"\b(\w{3}-\w{3}-\w{4})\b")


def test_rosa_is_asked_answers_and_is_accepted(rosa: Person, ines: Person) -> None:
    code = sends(rosa, "Bancas con sombra")
    ines.signs_in()
    ines.follows("Bancas con sombra")
    ines.follows("Pedir una aclaración")
    ines.presses("Pedir una aclaración")
    ines.sees("Escribe algo aquí para poder continuar.")
    ines.writes("Mensaje para la persona", "¿En qué paradas es más urgente?")
    ines.presses("Pedir una aclaración")
    ines.sees("Espera una aclaración")
    rosa.opens("/propuestas/seguir/")
    rosa.writes("Tu código", code.lower().replace("-", " "))
    rosa.presses("Ver mi propuesta")
    rosa.sees("¿En qué paradas es más urgente?")
    rosa.writes("Tu respuesta", "En la del mercado.")
    rosa.attaches("Archivos", plano_png=PNG, plano_svg=SVG)
    rosa.presses("Enviar la respuesta")
    rosa.sees("«plano.svg» no es de un tipo que podamos recibir.")
    rosa.sees("Vuelve a elegir todos tus archivos")
    rosa.attaches("Archivos", plano_png=PNG)
    rosa.presses("Enviar la respuesta")
    rosa.sees("Imagen PNG")
    ines.opens("/mesa/")
    ines.follows("Bancas con sombra")
    ines.sees("En la del mercado.")
    ines.sees("plano.png")
    ines.follows("Adjuntar un archivo interno")
    ines.attaches("Archivos", informe_pdf=PDF)
    ines.presses("Adjuntar")
    ines.sees("informe.pdf")
    ines.follows("Aceptar la propuesta")
    ines.presses("Aceptar la propuesta")
    rosa.opens("/propuestas/")
    rosa.follows("Bancas con sombra")
    rosa.sees("Una banca y un techo en cada parada.")


@pytest.mark.by_forms
def test_ines_sets_one_aside_and_the_person_reads_why(rosa: Person, ines: Person) -> None:
    code = sends(rosa, "Mi medidor no funciona")
    ines.signs_in()
    ines.follows("Mi medidor no funciona")
    ines.follows("No aceptar")
    ines.presses("No aceptar")
    ines.sees("Elige un motivo de la lista.")
    ines.chooses("Es un caso personal, que se atiende por otro servicio")
    ines.presses("No aceptar")
    rosa.opens(f"/propuestas/seguir/{code}/")
    rosa.sees("Es un caso personal, que se atiende por otro servicio")
    rosa.opens("/buscar/?q=medidor")
    rosa.sees("No encontramos nada")
