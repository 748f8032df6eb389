from minga.services.action_plans import imports
from tests.people import Person

from .build import NOON, with_commitments, with_lines


@with_commitments
def test_rosa_reads_what_was_promised_and_finds_what_contradicts_itself(rosa: Person) -> None:
    imports.load(NOON)
    rosa.opens("/planes/")
    rosa.follows("Plan de Acción de Gobierno Abierto 2019-2022")
    rosa.sees("4 temas, 10 compromisos y 59 hitos")
    rosa.sees("Versión reprogramada")
    rosa.chooses("Tema", "Datos abiertos")
    rosa.presses("Mostrar")
    rosa.sees("Se muestran 3 de 10 compromisos.")
    rosa.opens("/planes/paga-1/c1/")
    rosa.sees("Elaboración colaborativa de la política de datos abiertos")
    rosa.sees("febrero de 2020 a abril de 2022")
    rosa.sees("Subsecretario, Subsecretaría de Gobierno Electrónico y Registro Civil")
    rosa.sees("Red Ecuatoriana de Datos Abiertos y Metadatos (REDAM)")
    rosa.sees("Sin datos")
    for number in (2, 3, 4):
        rosa.follows(f"Siguiente: compromiso {number}")
    rosa.sees("Donde el documento se contradice")
    rosa.sees("El hito 4 (terminar la ratificación) aparece al final")


@with_lines
def test_eusebio_opens_a_line_and_reads_its_goals(eusebio: Person) -> None:
    imports.load(NOON)
    eusebio.opens("/planes/")
    eusebio.follows("Plan de Gobierno Electrónico 2017-2025")
    eusebio.sees("3 ejes, 14 líneas estratégicas, 37 resultados y 28 metas")
    eusebio.follows("Eje 2. Gobierno Eficiente")
    eusebio.follows("11. Calidad de los Servicios Públicos")
    eusebio.sees("100 % de los reclamos recibidos")
    eusebio.sees("Sin datos")
    eusebio.follows("Siguiente: línea estratégica 12")
    eusebio.sees("Donde el documento se contradice")
