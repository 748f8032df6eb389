from datetime import date

from minga.kernel.jurisdiction.declaration import Legal
from minga.services.institutions.rules import Terms

ON = date(2026, 11, 24)

TERMS = Terms(
    levels=Legal(
        (
            ("first", "Primer nivel: nivel central del Estado"),
            ("second", "Segundo nivel: control, defensa de la sociedad y defensa del Estado"),
            ("third", "Tercer nivel: entidades territoriales autónomas"),
            ("fourth", "Cuarto nivel: universidades del sistema público"),
        ),
        source="PIGE Bolivia, l. 261-287",
        on=ON,
    ),
    functions=Legal(
        (
            ("control", "Control del Estado"),
            ("society", "Defensa de la sociedad"),
            ("state", "Defensa del Estado"),
        ),
        source="PIGE Bolivia, l. 275",
        on=ON,
    ),
    sectors=Legal((), source="no consta en los documentos", on=ON),
    central=Legal(None, source="no consta en los documentos", on=ON),
    officer=Legal(
        "Responsable de Gobierno Electrónico y Tecnologías de la Información y Comunicación",
        source="PIGE Bolivia, l. 315",
        on=ON,
    ),
)
