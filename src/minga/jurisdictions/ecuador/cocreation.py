from datetime import date

from minga.kernel.jurisdiction.declaration import Legal
from minga.services.cocreation.rules import Terms

TERMS = Terms(
    days_to_answer=Legal(None, source="no consta en los documentos", on=date(2026, 11, 20)),
    ethnic_groups=Legal(
        ("mestizo", "montubio", "indigenous", "other"),
        source="PAGA I, l. 626",
        on=date(2020, 12, 1),
    ),
)
