"""The addresses of 一件事 for everybody of the matrix: a parent that was taken in, its receipt, its guide."""

from tests.channels.matrix import EVERYBODY, OWN_DRAFT, TAKES_IN, Row, World


def bundle_number(world: World) -> list[str]:
    assert world.bundle is not None, "this world has no bundle"
    return [world.bundle.number]


def bundle_key(_world: World) -> list[str]:
    return ["three-things"]


def bundle_document(world: World) -> list[str]:
    assert world.bundle_receipt is not None, "this world has no bundle"
    return [*bundle_number(world), world.bundle_receipt.verify_code]


def bundle_child(world: World) -> list[str]:
    assert world.bundle is not None, "this world has no bundle"
    child = world.bundle.children.exclude(case=None).select_related("case").order_by("position").first()
    assert child is not None, "no child has begun"
    assert child.case is not None
    return [*bundle_number(world), child.case.number]


BUNDLES = (
    Row("portal:bundles", EVERYBODY),
    Row("portal:bundle", EVERYBODY, bundle_key),
    Row("portal:bundle-questions", EVERYBODY, bundle_key),
    Row("portal:bundle-start", (302, 405, 405, 405, 405, 405, 405, 405), bundle_key),
    Row("portal:bundle-case", OWN_DRAFT, bundle_number),
    Row("portal:bundle-document", OWN_DRAFT, bundle_document),
    Row("portal:bundle-withdraw", (302, 302, 404, 403, 403, 404, 404, 403), bundle_number, "post"),
    Row("portal:bundle-again", (302, 409, 404, 403, 403, 404, 404, 403), bundle_child, "post"),
    Row("desk:bundle-case", (302, 403, 403, 200, 200, 404, 404, 200), bundle_number),
    Row("desk:bundle-document", (302, 403, 403, 200, 200, 404, 404, 200), bundle_document),
    Row("desk:bundle-slip", (302, 403, 403, 200, 200, 404, 404, 200), lambda w: [*bundle_number(w), "slip"]),
    Row("desk:intake-bundle", TAKES_IN, lambda w: [w.case.party.number, "goods-transport"]),
    Row(
        "desk:intake-bundle",
        (302, 403, 403, 404, 403, 403, 403, 403),
        lambda _: ["nobody", "goods-transport"],
    ),
    Row("desk:intake-register-company", (302, 403, 403, 422, 403, 403, 403, 403), method="post"),
    Row("desk:bundle-receive", (302, 403, 403, 302, 403, 404, 404, 403), bundle_number, "post"),
)
