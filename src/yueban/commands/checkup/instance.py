"""What the instance has: database, roles, migrations, a living worker, the time, its keys."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from yueban.commands.checkup.check import Check, ill, well
from yueban.jobs.selectors import last_heartbeat_age
from yueban.payments.models import BudgetLine
from yueban.payments.selectors import find_budget_faults

OLDEST_POSTGRES = 170000
LARGEST_DIFFERENCE = timedelta(seconds=5)


def check_instance(*, is_running: bool = True) -> Iterator[Check]:
    """All of them; without a database only what can be said without one."""
    yield check_keys()
    try:
        yield check_database()
        yield check_roles()
        yield check_walls()
        yield check_migrations()
        yield check_clock()
        yield check_budgets()
        yield check_worker() if is_running else well("worker", "演示现在没有运行，后台进程随它启动")
    except DatabaseError as error:
        yield ill("database", str(error).split("\n", 1)[0], "确认数据库在运行,DATABASE_URL 写得对")


def check_database() -> Check:
    """Reachable, and new enough."""
    connection.ensure_connection()
    version = connection.pg_version  # type: ignore[attr-defined]
    detail = f"PostgreSQL {version // 10000}.{version % 10000}"
    if version >= OLDEST_POSTGRES:
        return well("database", detail)
    return ill("database", detail, "升级到 PostgreSQL 17 或更新版本")


def check_roles() -> Check:
    """The application is neither a superuser nor the owner of its tables."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        name, is_super, bypasses = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user"
        )
        (owned,) = cursor.fetchone()
    if is_super or bypasses or owned:
        fault = "是超级用户" if is_super else "可绕过行级权限" if bypasses else f"拥有 {owned} 张表"
        return ill(
            "roles",
            f"{name} {fault}",
            "应用换用一个普通账户，用 YUEBAN_OWNER_DATABASE_URL 运行 ./yueban migrate",
        )
    return well("roles", f"{name}:普通账户")


def check_walls() -> Check:
    """Row-level security applies to this role: it neither owns the tables nor passes by."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE row_security_active(oid)) FROM pg_class"
            " WHERE relkind = 'r' AND relrowsecurity AND relnamespace = 'public'::regnamespace"
        )
        walled, active = cursor.fetchone()
    detail = f"{active}/{walled} 张表按行设防"
    if walled and active == walled:
        return well("walls", detail)
    return ill(
        "walls",
        f"{detail}：第二道墙没有生效",
        "让 DATABASE_URL 用不拥有数据表的账户（docs/howto/run.md“Two roles”），再运行 ./yueban migrate",
    )


def check_migrations() -> Check:
    """Nothing left to migrate."""
    executor = MigrationExecutor(connection)
    todo = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return (
        ill("migrations", f"还有 {todo} 个迁移", "运行 ./yueban migrate")
        if todo
        else well("migrations", "最新")
    )


def check_clock() -> Check:
    """The machine and the database agree on the time, on which every deadline rests."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (there,) = cursor.fetchone()
    difference = abs(timezone.now() - there)
    detail = f"与数据库相差 {difference.total_seconds():.1f} 秒，时区 {settings.TIME_ZONE}"
    if difference <= LARGEST_DIFFERENCE:
        return well("clock", detail)
    return ill("clock", detail, "让两台机器都与时间服务器同步(chrony 或 systemd-timesyncd)")


def check_budgets() -> Check:
    """Every budget line's figures are the sum of its entries."""
    faults = find_budget_faults()
    if not faults:
        return well("budgets", f"{BudgetLine.objects.count()} 个预算项目账目平衡")
    return ill("budgets", f"账目不平:{'、'.join(faults[:5])}", "停止拨付,从备份核对 payments_budgetentry")


def check_worker() -> Check:
    """A worker has given a sign of life lately."""
    age = last_heartbeat_age()
    if age is not None and age < timedelta(seconds=3 * settings.YUEBAN_JOB_STALL_SECONDS):
        return well("worker", f"{age.total_seconds():.0f} 秒前有心跳")
    detail = "没有后台进程" if age is None else f"最近的心跳在 {age.total_seconds():.0f} 秒前"
    return ill("worker", detail, "运行 ./yueban worker(演示请运行 ./yueban demo)")


def check_keys() -> Check:
    """Keys for encrypted columns are set, and are no example."""
    try:
        keys = [*settings.YUEBAN_FIELD_KEYS, settings.YUEBAN_INDEX_KEY]
    except (ImproperlyConfigured, AttributeError):
        return ill("keys", "没有设置", "设置 YUEBAN_FIELD_KEYS 和 YUEBAN_INDEX_KEY,见 docs/settings.md")
    weak = [key for key in keys if len(set(key)) < 8]
    if weak:
        return ill("keys", "密钥是示例值", "用 openssl rand -hex 32 生成新的密钥")
    return well("keys", f"{len(settings.YUEBAN_FIELD_KEYS)} 把加密密钥,1 把索引密钥")
