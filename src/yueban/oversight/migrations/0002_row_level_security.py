"""The second wall: policies on every table that holds somebody's matters (docs/decisions/0012-row-level-security.md).

Each policy is coarser than the `…_visible_to` of its table and never narrower. It reads the settings of the session
that accounts/walls.py makes; without them it shows nothing. The owner of the tables, who migrates, passes by.
They stand here, above all the tables they speak of.
"""

# ruff: noqa: S608 - the statements are put together from the constants of this file
from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION wall_scope() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('yueban.scope', true), '') $$;

CREATE FUNCTION wall_who() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('yueban.who', true), '')::bigint $$;

CREATE FUNCTION wall_ids(setting text) RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('yueban.' || setting, true), '')::bigint[] $$;

CREATE FUNCTION wall_words(setting text) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('yueban.' || setting, true), '')::text[] $$;

-- Agencies come by code and are kept by id, so that a policy compares with what stands in the row.
CREATE FUNCTION wall_enter(
    scope text, who bigint, parties bigint[], agencies text[], intakes text[], divisions text[], tasks text[],
    roles text[]
) RETURNS void LANGUAGE sql AS $$
    SELECT set_config('yueban.scope', scope, false),
           set_config('yueban.who', coalesce(who::text, ''), false),
           set_config('yueban.parties', parties::text, false),
           set_config('yueban.agencies', wall_agency_ids(agencies), false),
           set_config('yueban.intakes', wall_agency_ids(intakes), false),
           set_config('yueban.divisions', divisions::text, false),
           set_config('yueban.tasks', wall_agency_ids(tasks), false),
           set_config('yueban.roles', roles::text, false),
           set_config('yueban.codes', tasks::text, false)
$$;
"""
AGENCY_IDS = """
CREATE FUNCTION wall_agency_ids(codes text[]) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN codes = '{}' THEN '{}'
           ELSE (SELECT coalesce(array_agg(id), '{}')::text FROM public.agencies_agency WHERE code = ANY(codes)) END
$$;
"""
DROPPED_FUNCTIONS = """
DROP FUNCTION wall_enter; DROP FUNCTION wall_agency_ids; DROP FUNCTION wall_words; DROP FUNCTION wall_ids;
DROP FUNCTION wall_who; DROP FUNCTION wall_scope;
"""

# A sub-select is worked out once for a query, a bare call once for a row.
SYSTEM = "(SELECT public.wall_scope()) = 'system'"
STAFF = "(SELECT public.wall_scope()) IN ('system', 'staff')"


def ids(setting: str) -> str:
    """The numbers of one setting, once for a query."""
    return f"((SELECT public.wall_ids('{setting}'))::bigint[])"


def words(setting: str) -> str:
    """The words of one setting, once for a query."""
    return f"((SELECT public.wall_words('{setting}'))::text[])"


# A case: a party's own, an agency's to decide or to take in, watched over, filled in for somebody, or a task's.
CASE = f"""
    {SYSTEM}
    OR agency_id = ANY {ids("agencies")} OR intake_agency_id = ANY {ids("intakes")} OR party_id = ANY {ids("parties")}
    OR division_code LIKE ANY {words("divisions")} OR intake_division LIKE ANY {words("divisions")}
    OR assisted_by_id = (SELECT public.wall_who())
    OR EXISTS (
        SELECT 1 FROM public.approvals_task AS task
        WHERE task.reference_kind = 'case' AND task.reference_number = cases_case.number
          AND task.agency_id = ANY {ids("tasks")} AND task.role = ANY {words("roles")}
    )
"""
# The same question by number or id, asked with the owner's eyes: otherwise tasks would ask cases and cases tasks.
SEES_CASE = f"""
CREATE FUNCTION wall_sees_case(wanted text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public AS
$$ SELECT EXISTS (SELECT 1 FROM public.cases_case WHERE number = wanted AND ({CASE})) $$;

CREATE FUNCTION wall_sees_case_id(wanted bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public AS
$$ SELECT EXISTS (SELECT 1 FROM public.cases_case WHERE id = wanted AND ({CASE})) $$;

CREATE FUNCTION wall_sees_application(wanted bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public AS
$$ SELECT EXISTS (SELECT 1 FROM public.cases_case WHERE application_id = wanted AND ({CASE})) $$;
"""
DROPPED_SEES_CASE = """
DROP FUNCTION wall_sees_application; DROP FUNCTION wall_sees_case_id; DROP FUNCTION wall_sees_case;
"""

POLICIES = {
    "cases_case": CASE,
    "cases_application": f"""
        {SYSTEM}
        OR party_id = ANY {ids("parties")} OR assisted_by_id = (SELECT public.wall_who())
        OR user_id = (SELECT public.wall_who()) OR assist_agency_id = ANY {ids("intakes")}
        OR public.wall_sees_application(id)
    """,
    "cases_casematerial": f"{SYSTEM} OR public.wall_sees_case_id(case_id)",
    # A public notice is everybody's to read.
    "approvals_task": f"""
        {SYSTEM}
        OR agency_id = ANY {ids("tasks")} OR division_code LIKE ANY {words("divisions")} OR kind = 'notice'
        OR reference_kind = 'case' AND public.wall_sees_case(reference_number)
    """,
    "documents_document": f"""
        {SYSTEM}
        OR agency_code = ANY {words("codes")} OR division_code LIKE ANY {words("divisions")}
        OR subject_kind = 'case' AND public.wall_sees_case(subject_number)
        OR EXISTS (
            SELECT 1 FROM public.certificates_certificate AS held WHERE held.document_id = documents_document.id
        )
    """,
    "certificates_certificate": f"{STAFF} OR holder_id = ANY {ids('parties')}",
    "certificates_certificateuse": f"""
        {STAFF}
        OR EXISTS (
            SELECT 1 FROM public.certificates_certificate AS held
            WHERE held.id = certificate_id AND held.holder_id = ANY {ids("parties")}
        )
    """,
    "certificates_satisfaction": f"""
        {STAFF} OR reference_kind = 'case' AND public.wall_sees_case(reference_number)
    """,
    "parties_party": f"""
        {STAFF} OR id = ANY {ids("parties")}
        OR EXISTS (
            SELECT 1 FROM public.parties_kinship AS kin
            WHERE kin.relative_id = parties_party.id AND kin.party_id = ANY {ids("parties")}
        )
        OR EXISTS (
            SELECT 1 FROM public.parties_mandate AS given
            WHERE given.principal_id = parties_party.id AND given.agent_id = (SELECT public.wall_who())
        )
    """,
    "parties_profile": f"{STAFF} OR party_id = ANY {ids('parties')}",
    "parties_look": f"{STAFF} OR party_id = ANY {ids('parties')}",
    "payments_paymentorder": f"""
        {SYSTEM}
        OR payee_id = ANY {ids("parties")} OR payer_agency_id = ANY {ids("tasks")}
        OR division_code LIKE ANY {words("divisions")}
        OR reference_kind = 'case' AND public.wall_sees_case(reference_number)
    """,
}


def wall(table: str, condition: str) -> migrations.RunSQL:
    """One policy for reading and writing alike, for every role but the owner."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; CREATE POLICY wall ON {table} USING ({condition})",
        f"DROP POLICY wall ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("oversight", "0001_initial_tables"),
        ("agencies", "0002_more_roles"),
        ("approvals", "0005_work_of_a_department"),
        ("cases", "0006_what_runs_in_another_system"),
        ("certificates", "0002_personal_data_sealed"),
        ("documents", "0005_papers_of_every_turn"),
        ("parties", "0004_personal_data_sealed"),
        ("payments", "0002_the_ledger_is_append_only"),
    ]

    operations = [
        migrations.RunSQL(AGENCY_IDS + FUNCTIONS, DROPPED_FUNCTIONS),
        migrations.RunSQL(SEES_CASE, DROPPED_SEES_CASE),
        *(wall(table, condition) for table, condition in POLICIES.items()),
    ]
