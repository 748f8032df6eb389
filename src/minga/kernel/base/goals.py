"""The 17 Sustainable Development Goals by number, with their names in Spanish."""

from collections.abc import Mapping

# Goals 3-17: as first printed in Ecuador's open government action plan 2019-2022, which varies
# the wording of 9, 10 and 12. Goals 1 and 2 are not printed there: usual United Nations Spanish.
GOALS: Mapping[int, str] = {
    1: "Fin de la pobreza",
    2: "Hambre cero",
    3: "Salud y bienestar",
    4: "Educación de calidad",
    5: "Igualdad de género",
    6: "Agua limpia y saneamiento",
    7: "Energía asequible y no contaminante",
    8: "Trabajo decente y crecimiento económico",
    9: "Industria, innovación e infraestructuras",
    10: "Reducción de las desigualdades",
    11: "Ciudades y comunidades sostenibles",
    12: "Producción y consumo responsables",
    13: "Acción por el clima",
    14: "Vida submarina",
    15: "Vida de ecosistemas terrestres",
    16: "Paz, justicia e instituciones sólidas",
    17: "Alianzas para lograr los objetivos",
}
