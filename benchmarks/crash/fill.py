"""Cases that wait at the counter, each with its task; prints their numbers."""

import argparse
import json

from yueban.commands.django_setup import set_up_django


def main() -> None:
    """As many as asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, required=True)
    wanted = parser.parse_args().cases
    set_up_django()
    from django.db import connection

    from benchmarks.cases.fill import make_cases, make_template
    from benchmarks.copying import copy_row

    template = make_template()
    numbers = make_cases(template, wanted)
    task = f"kind = 'receive' AND reference_number = '{template.case.number}'"
    with connection.cursor() as cursor:
        source = ("unnest(%s::text[]) AS new(number)", [numbers])
        copy_row(cursor, "approvals_task", task, {"reference_number": "new.number"}, source)
    print(json.dumps({"numbers": numbers}))


if __name__ == "__main__":
    main()
