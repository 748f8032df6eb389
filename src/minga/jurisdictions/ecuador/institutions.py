from datetime import date

from minga.kernel.jurisdiction.declaration import Legal
from minga.services.institutions.rules import Terms

ON = date(2026, 11, 24)

TERMS = Terms(
    levels=Legal(
        (("central", "Gobierno central"), ("autonomous", "Gobiernos autónomos")),
        source="PNGE, l. 4215-4218",
        on=ON,
    ),
    functions=Legal(
        (
            ("executive", "Función Ejecutiva"),
            ("legislative", "Función Legislativa"),
            ("judicial", "Función Judicial"),
            ("electoral", "Función Electoral"),
            ("transparency", "Función de Transparencia y Control Social"),
        ),
        source="PNGE, l. 168; Guía breve de Gobierno Abierto (2022), l. 456-464",
        on=ON,
    ),
    sectors=Legal(
        (
            ("health", "Salud"),
            ("work", "Trabajo"),
            ("risks", "Riesgos"),
            ("environment", "Ambiente"),
            ("welfare", "Bienestar social"),
            ("education", "Educación"),
            ("production", "Producción"),
            ("tourism", "Turismo"),
            ("security", "Seguridad"),
            ("housing", "Vivienda"),
            ("statistics", "Estadística y datos"),
            ("procurement", "Contratación pública"),
            ("technology", "Tecnologías de la información"),
        ),
        source="PNGE, l. 62-66 (los nueve primeros) y l. 4295-4383",
        on=ON,
    ),
    central=Legal("Administración Pública Central", source="PNGE, l. 6835-6881", on=ON),
    officer=Legal(None, source="no consta en los documentos", on=ON),
)
