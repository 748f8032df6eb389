from typing import Any

from django.db import migrations


def open_threads(apps: Any, schema_editor: Any) -> None:
    """People may talk about what was public before they could."""
    Proposal = apps.get_model("cocreation", "Proposal")
    Thread = apps.get_model("conversation", "Thread")
    found = Proposal.objects.filter(case__public=True).exclude(number=None)
    rows = (
        Thread(
            type="cocreation.proposal",
            reference=str(proposal.pk),
            address=f"/propuestas/{proposal.cycle.key}/{proposal.number}/",
            holder_id=proposal.case.holder_id,
            author_id=proposal.case.applicant_id,
            level=1,
            demo=proposal.cycle.convener.demo,
        )
        for proposal in found.select_related("case", "cycle__convener").iterator()
    )
    Thread.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("cocreation", "0002_process"), ("conversation", "0001_initial")]

    operations = [migrations.RunPython(open_threads, migrations.RunPython.noop)]
