"""三员: accounts and posts pass through two people's hands, and nobody holds two of the three."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from tests import people
from tests.channels.visitors import visitor
from yueban.accounts.models import User
from yueban.agencies import selectors as agencies
from yueban.agencies.errors import RequestSettled
from yueban.agencies.models import Post, PostRequest
from yueban.audit import selectors as audit_read
from yueban.flows import administer
from yueban.kernel import clock, roles
from yueban.kernel.actor import SYSTEM, Actor
from yueban.kernel.errors import Invalid, NotAllowed, NotFound
from yueban.kernel.reference import Reference

pytestmark = pytest.mark.django_db
SYSTEM_ADMIN, SECURITY_ADMIN, AUDITOR = "admin-su", "admin-an", "auditor-shen"
HALL = "yuecheng-government-services"
REASON = "新到岗"


def ask(username: str = people.OTHER_CLERK, role: str = roles.CHECKER, agency: str = HALL) -> PostRequest:
    return administer.ask_for_post(
        people.actor(SYSTEM_ADMIN), username=username, role=role, agency=agency, reason=REASON
    )


def roles_of(username: str) -> set[str]:
    return {post.role for post in agencies.posts_held_by(people.user(username))}


def test_a_post_is_held_only_after_a_second_persons_review():
    request = ask()
    assert roles.CHECKER not in roles_of(people.OTHER_CLERK)
    administer.review_request(people.actor(SECURITY_ADMIN), request.number, is_approved=True)
    assert roles.CHECKER in roles_of(people.OTHER_CLERK)
    with pytest.raises(RequestSettled):
        administer.review_request(people.actor(SECURITY_ADMIN), request.number, is_approved=True)


def test_a_refusal_carries_its_reason_and_gives_nothing():
    request = ask()
    with pytest.raises(Invalid):
        administer.review_request(people.actor(SECURITY_ADMIN), request.number, is_approved=False, words=" ")
    administer.review_request(
        people.actor(SECURITY_ADMIN), request.number, is_approved=False, words="没有培训记录"
    )
    assert roles.CHECKER not in roles_of(people.OTHER_CLERK)


def test_a_post_ends_the_same_way_and_its_holder_is_out_at_his_next_request():
    client = visitor(people.OTHER_CLERK)
    assert client.get("/desk/").status_code == 200
    (post,) = agencies.posts_held_by(people.user(people.OTHER_CLERK))
    request = administer.ask_to_end_post(
        people.actor(SYSTEM_ADMIN),
        username=people.OTHER_CLERK,
        role=post.role,
        agency=post.agency.code,
        division=post.division.code,
        reason="调离",
    )
    assert client.get("/desk/").status_code == 200
    administer.review_request(people.actor(SECURITY_ADMIN), request.number, is_approved=True)
    assert client.get("/desk/").status_code == 302
    assert not roles_of(people.OTHER_CLERK)


@pytest.mark.parametrize("role", sorted(administer.ADMINISTRATORS))
def test_no_administrator_holds_a_second_of_the_three_or_business(role):
    for username in (SYSTEM_ADMIN, SECURITY_ADMIN, AUDITOR, people.CLERK):
        if role in roles_of(username) or username == SYSTEM_ADMIN:
            continue
        with pytest.raises(NotAllowed):
            ask(username, role)
    with pytest.raises(NotAllowed, match="不办业务"):
        ask(AUDITOR, roles.CLERK)


def test_what_became_incompatible_meanwhile_is_refused_at_the_review():
    fresh, _ = administer.create_account(people.actor(SYSTEM_ADMIN), username="new-one", name="新同事")
    first = ask(fresh.username, roles.AUDITOR)
    second = ask(fresh.username, roles.CLERK)
    security = people.actor(SECURITY_ADMIN)
    administer.review_request(security, first.number, is_approved=True)
    with pytest.raises(NotAllowed):
        administer.review_request(security, second.number, is_approved=True)


def test_nobody_gives_himself_anything():
    with pytest.raises(NotAllowed, match="自己"):
        ask(SYSTEM_ADMIN, roles.SYSTEM_ADMIN)
    with pytest.raises(NotAllowed, match="自己"):
        administer.reset_account(people.actor(SECURITY_ADMIN), SECURITY_ADMIN)
    request = ask()
    with pytest.raises(IntegrityError), transaction.atomic():
        PostRequest.objects.filter(pk=request.pk).update(decided_by=request.asked_by)
    with pytest.raises(IntegrityError), transaction.atomic():
        PostRequest.objects.filter(pk=request.pk).update(decided_by=request.user)


@pytest.mark.parametrize(
    ("who", "act"),
    [
        (SECURITY_ADMIN, lambda who: administer.create_account(who, username="x", name="甲")),
        (SYSTEM_ADMIN, lambda who: administer.reset_account(who, people.CLERK)),
        (SYSTEM_ADMIN, lambda who: administer.unlock(who, people.CLERK)),
        (SYSTEM_ADMIN, lambda who: administer.review_request(who, "SG1", is_approved=True)),
        (AUDITOR, lambda who: administer.deactivate_account(who, people.CLERK)),
        (AUDITOR, lambda who: administer.reset_account(who, people.CLERK)),
        (people.DECIDER, lambda who: administer.create_account(who, username="x", name="甲")),
    ],
)
def test_each_act_is_one_administrators(who, act):
    with pytest.raises(NotAllowed, match="管理员办理"):
        act(people.actor(who))


def test_the_administrators_see_no_matter_of_anybody():
    case = people.accepted()
    for username in (SYSTEM_ADMIN, SECURITY_ADMIN, AUDITOR):
        client = visitor(username)
        assert client.get(f"/desk/cases/{case.number}/").status_code == 404
        assert case.number not in client.get("/desk/cases/").content.decode()
        assert case.applicant_name not in client.get(f"/desk/cases/?text={case.number}").content.decode()


def test_everything_stands_in_the_persons_chain():
    request = ask()
    administer.review_request(people.actor(SECURITY_ADMIN), request.number, is_approved=True)
    reference = Reference("user", str(request.user_id))
    kinds = [event.kind for event in audit_read.events_of(reference)]
    assert kinds[-3:] == ["post_asked", "post_given", "post_approved"]
    assert audit_read.verify_chain(reference).ok


def test_one_administrator_never_gets_the_password_of_another_and_acts_for_both():
    for username in (SYSTEM_ADMIN, AUDITOR):
        before = people.user(username).password
        with pytest.raises(NotAllowed, match="一个人就能办两个人的事"):
            administer.reset_account(people.actor(SECURITY_ADMIN), username)
        assert people.user(username).password == before
    assert administer.reset_account(SYSTEM, AUDITOR), "who runs the machine"


def narrow(username: str, division: str) -> Actor:
    """The same administrator with a post for one division only."""
    actor = people.actor(username)
    return replace(actor, posts=tuple(replace(post, division=division) for post in actor.posts))


def test_an_administrator_of_another_division_touches_no_account_here():
    elsewhere = "330681000000"
    acts = [
        lambda: administer.reset_account(narrow(SECURITY_ADMIN, elsewhere), people.CLERK),
        lambda: administer.unlock(narrow(SECURITY_ADMIN, elsewhere), people.CLERK),
        lambda: administer.deactivate_account(narrow(SYSTEM_ADMIN, elsewhere), people.CLERK),
    ]
    before = people.user(people.CLERK).password
    for act in acts:
        with pytest.raises(NotAllowed, match="管理范围"):
            act()
    assert people.user(people.CLERK).password == before


def test_administrators_touch_no_account_of_a_citizen():
    with pytest.raises(NotFound):
        administer.reset_account(people.actor(SECURITY_ADMIN), people.CITIZEN)
    with pytest.raises(NotFound):
        administer.deactivate_account(people.actor(SYSTEM_ADMIN), people.CITIZEN)
    assert people.user(people.CITIZEN).is_active


def test_no_administrator_puts_another_out_alone():
    for username in (SECURITY_ADMIN, AUDITOR):
        with pytest.raises(NotAllowed, match="不能由一个人停用"):
            administer.deactivate_account(people.actor(SYSTEM_ADMIN), username)
        assert people.user(username).is_active
    Post.objects.filter(user=people.user(AUDITOR)).delete()
    User.objects.filter(username=AUDITOR).update(totp_confirmed_at=clock.now())
    administer.deactivate_account(people.actor(SYSTEM_ADMIN), AUDITOR)


def test_an_account_without_a_post_is_looked_after_where_it_was_made():
    """Before its owner comes, nobody of another county takes his first password by a reset."""
    here, elsewhere = "330602000000", "330681000000"
    user, _ = administer.create_account(narrow(SYSTEM_ADMIN, here), username="new-here", name="新同事")
    before = user.password
    with pytest.raises(NotAllowed, match="管理范围"):
        administer.reset_account(narrow(SECURITY_ADMIN, elsewhere), "new-here")
    with pytest.raises(NotAllowed, match="管理范围"):
        administer.deactivate_account(narrow(SYSTEM_ADMIN, elsewhere), "new-here")
    user.refresh_from_db()
    assert user.password == before
    assert administer.reset_account(narrow(SECURITY_ADMIN, here), "new-here")
    assert administer.reset_account(people.actor(SECURITY_ADMIN), "new-here"), "the city's own"


def test_an_account_that_the_machine_made_is_the_citys():
    administer.create_account(SYSTEM, username="new-by-machine", name="新同事")
    with pytest.raises(NotAllowed, match="管理范围"):
        administer.reset_account(narrow(SECURITY_ADMIN, "330602000000"), "new-by-machine")
    assert administer.reset_account(people.actor(SECURITY_ADMIN), "new-by-machine")
