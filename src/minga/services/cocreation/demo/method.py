"""An invented method, for a country that brings none."""

from datetime import datetime

from minga.services.cocreation.actions import stages
from minga.services.cocreation.models import Method
from minga.services.cocreation.rules.method import Gate, Kind, Open

KEY = "demostracion"
STAGES = {
    "recepcion": ("Recepción de propuestas", [Kind.RECEPTION]),
    "integracion": ("Clasificación e integración", [Kind.SCREENING, Kind.INTEGRATION]),
    "evaluacion": ("Evaluación", [Kind.EVALUATION]),
}
GATES = {
    Gate.CLARITY: "Precisión y claridad",
    Gate.COLLABORATION: "Colaboración entre ciudadanía y sector público",
    Gate.PILLARS: "Relación con los pilares",
    Gate.POLICY: "Aporte a una política pública",
}
PILLARS = {"transparency": "Transparencia", "participation": "Participación"}
VALUES = {
    **dict.fromkeys(Open, "1"),
    Open.CRITERIA_NEEDED: "4",
    Open.DAYS_TO_OBJECT: "10",
    Open.THIRD_COUNTS: "median",
    Open.HIGH: "2",
    Open.QUORUM: "1/2",
    Open.SECTORS_NEEDED: "2",
    Open.SMALL_NUMBER: "5",
}
SOURCE = "dato de demostración"


def invented(at: datetime) -> Method:
    return stages.keep_method(key=KEY, text=_text(), at=at)


def _text() -> str:
    head = f'key = "{KEY}"\ntitle = "Método de demostración"\nsource = "{SOURCE}"\n'
    parts = [
        *(_part("stage", key, title, kinds) for key, (title, kinds) in STAGES.items()),
        *(_part("screening", key, title) for key, title in GATES.items()),
        *(_part("pillar", key, title) for key, title in PILLARS.items()),
        *(
            f'[[parameter]]\nkey = "{key}"\nvalue = "{value}"\nreason = "{SOURCE}"\n'
            for key, value in VALUES.items()
        ),
    ]
    return head + "".join(parts)


def _part(table: str, key: str, title: str, kinds: list[Kind] | None = None) -> str:
    said = f'[[{table}]]\nkey = "{key}"\ntitle = "{title}"\nsource = "{SOURCE}"\n'
    return said + (f"kinds = {[str(kind) for kind in kinds]}\n" if kinds else "")
