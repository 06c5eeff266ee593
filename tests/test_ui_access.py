"""Who may do what: signing in, sessions, the guard and the roles, over real applications."""

import asyncio
import logging
import re
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import gradio as gr
import pytest
from fastapi import Depends, FastAPI, Request
from starlette.testclient import TestClient

from assistant.errors import InputError, SettingsError
from assistant.settings import AccessSettings, load_settings
from assistant.ui.access import Access, add_access, add_guard, render_entrance, requires, roles_of, same_origin
from assistant.ui.access.addresses import safe_next
from assistant.ui.access.roles import roles_up_to
from assistant.ui.access.sessions import COOKIE
from assistant.ui.access.throttle import Throttle
from assistant.ui.routes import ASSETS
from assistant.ui.server import build_application
from assistant.ui.texts import LANGUAGES, InterfaceLanguage, texts_in

READER, EVALUATOR, STAFF = "lezen mag hier", "oordelen-mag", "béheren-mag"
OPEN = {"evaluator_password": EVALUATOR, "staff_password": STAFF}
GUARDED = {**OPEN, "password": READER, "user": "lezer"}
BROWSER = {"accept": "text/html", "sec-fetch-mode": "navigate", "sec-fetch-site": "same-origin"}
NL, EN = texts_in("nl"), texts_in("en")


class Clock:
    """A clock that stands still until it is set forward."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def access_of(values: dict[str, Any], clock: Clock | None = None) -> Access:
    settings = load_settings({"access": values}).access
    clock = clock or Clock()
    return Access(settings, clock=clock, throttle=Throttle(settings.failed_attempts, clock))


def site(values: dict[str, Any], access: Access | None = None, **options: Any) -> TestClient:
    """Return a client of a small site with a page for each role."""
    application = FastAPI()
    add_access(application, load_settings({"access": values}).access, access)
    add_guard(application)

    @application.get("/who")
    def who(request: Request) -> list[str]:
        return sorted(roles_of(request))

    @application.get("/judge", dependencies=[Depends(requires("evaluator"))])
    def judge() -> str:
        return "judged"

    @application.get("/manage/{name}", dependencies=[Depends(requires("staff"))])
    def manage(name: str) -> str:
        return name

    @application.post("/manage", dependencies=[Depends(requires("staff", back="/manage/it")), Depends(same_origin)])
    def change() -> str:
        return "changed"

    application.mount("/page", ASSETS)
    return TestClient(application, follow_redirects=False, **options)


def sign_in(client: TestClient, password: str, **fields: str) -> Any:
    return client.post("/sign-in", data={"password": password, **fields}, headers=BROWSER)


def basic(user: str, password: str) -> dict[str, str]:
    return {"authorization": "Basic " + b64encode(f"{user}:{password}".encode()).decode()}


# the real application


@pytest.fixture(scope="module", params=[{}, OPEN, GUARDED], ids=["without", "open", "guarded"])
def real(request: pytest.FixtureRequest) -> Iterator[tuple[dict[str, str], TestClient]]:
    async def built() -> FastAPI:
        return build_application(no_assistant, load_settings({"access": request.param}))

    with TestClient(asyncio.run(built()), follow_redirects=False) as client:
        yield request.param, client


def no_assistant() -> Any:
    raise InputError("There is none here.")


PRIVATE = [
    "/",
    "/config",
    "/gradio_api/info",
    "/documents/x?start=1",
    "/page/page.js",
    "/assets/x.js",
    "/gradio_api/queue/data",
]


def test_the_password_of_readers_guards_every_path_of_the_site(real: tuple[dict[str, str], TestClient]) -> None:
    values, client = real
    client.cookies.clear()
    for path in PRIVATE:
        program, browser = client.get(path), client.get(path, headers=BROWSER)
        if "password" not in values:
            assert program.status_code not in (401, 303) and browser.status_code not in (401, 303), path
            continue
        assert program.status_code == 401 and "Basic" in program.headers["www-authenticate"], path
        assert browser.status_code == 303 and "sign-in" in browser.headers["location"], path
        assert program.headers["cache-control"] == browser.headers["cache-control"] == "no-store"
        assert program.headers["x-content-type-options"] == "nosniff"
    join = client.post("/gradio_api/queue/join", json={"data": []}, headers={"sec-fetch-mode": "cors"})
    assert (join.status_code == 401) == ("password" in values)
    # Within a page, a browser must not ask for the password itself.
    assert "www-authenticate" not in join.headers


def test_who_may_not_come_in_takes_no_place_in_the_line(real: tuple[dict[str, str], TestClient]) -> None:
    values, client = real
    if "password" not in values:
        pytest.skip("everybody may ask here")
    client.cookies.clear()
    application: Any = client.app
    application.state.line.close()
    assert client.post("/gradio_api/call/ask", json={"data": ["?", []]}).status_code == 401
    assert client.post("/gradio_api/call/ask", json={"data": ["?", []]}, headers=basic("", STAFF)).status_code == 503


def test_who_signed_in_gets_the_page_and_what_belongs_to_it(real: tuple[dict[str, str], TestClient]) -> None:
    values, client = real
    if "password" not in values:
        pytest.skip("everybody may read here")
    assert sign_in(client, READER, user="lezer").status_code == 303
    page = client.get("/", headers=BROWSER)
    assert page.status_code == 200 and "gradio_config" in page.text and page.headers["cache-control"] == "no-store"
    assert client.get("/config").status_code == client.get("/page/page.js").status_code == 200
    assert client.get("/config", headers=basic("lezer", READER)).status_code == 200
    client.cookies.clear()
    assert client.get("/config", headers=basic("lezer", READER)).status_code == 200
    assert client.get("/config").status_code == 401


def test_the_way_in_is_there_only_where_somebody_can_go_in(real: tuple[dict[str, str], TestClient]) -> None:
    values, client = real
    page = client.get("/sign-in", headers=BROWSER)
    assert page.status_code == (200 if values else 404)
    assert client.get("/page/access.css").status_code == 200
    if values:
        assert page.headers["cache-control"] == "no-store" and "script" not in page.text
        assert "form-action 'self'" in page.headers["content-security-policy"]
        assert page.headers["x-frame-options"] == "DENY" and page.headers["referrer-policy"] == "same-origin"


# who is who


def test_each_password_opens_its_role_and_those_below() -> None:
    for values in (OPEN, GUARDED):
        for password, roles in ((EVALUATOR, ["evaluator", "reader"]), (STAFF, ["evaluator", "reader", "staff"])):
            client = site(values)
            assert sign_in(client, password).status_code == 303
            assert client.get("/who").json() == roles
    client = site(GUARDED)
    sign_in(client, READER, user="lezer")
    assert client.get("/who").json() == ["reader"]
    assert site(OPEN).get("/who").json() == site({}).get("/who").json() == ["reader"]


@pytest.mark.parametrize(
    ("user", "password"),
    [("", READER), ("Lezer", READER), ("lezer", READER + " "), ("lezer", READER[:-1]), ("lezer", ""), ("lezer", "x")],
)
def test_a_reader_needs_name_and_password_exactly(user: str, password: str) -> None:
    client = site(GUARDED)
    assert sign_in(client, password, user=user).status_code == 403
    assert client.get("/who", headers=basic(user, password)).status_code == 401


def test_a_password_is_the_same_however_a_keyboard_composes_its_accents() -> None:
    assert sign_in(site(OPEN), STAFF.replace("é", "e\N{COMBINING ACUTE ACCENT}")).status_code == 303


@pytest.mark.parametrize(
    "header",
    [
        "Basic",
        "Basic !!!",
        "Basic /////w==",
        "Bearer x",
        "Basic " + b64encode(b"no colon").decode(),
        "Basic " + "A" * 9000,
    ],
)
def test_credentials_that_cannot_be_read_are_none(header: str) -> None:
    assert site(GUARDED).get("/who", headers={"authorization": header}).status_code == 401


def test_without_a_password_of_readers_other_peoples_credentials_are_left_alone() -> None:
    # Those of a proxy in front, for instance; and no way to try passwords.
    client = site({**OPEN, "failed_attempts": 1})
    for _ in range(3):
        assert client.get("/who", headers=basic("x", STAFF)).json() == ["reader"]


def test_a_path_with_a_check_of_its_own_is_left_to_that() -> None:
    application = FastAPI()
    add_access(application, load_settings({"access": GUARDED}).access)
    add_guard(application, open_paths=["/figures"])
    for path in ("/figures", "/figures/more"):
        application.add_api_route(path, lambda: "shown")
    client = TestClient(application)
    assert client.get("/figures").json() == "shown"
    assert client.get("/figures/more").status_code == client.get("/other").status_code == 401
    assert client.get("/healthz").status_code == 404


def test_gradio_handlers_know_the_roles_too() -> None:
    async def built() -> FastAPI:
        application = FastAPI()
        add_access(application, load_settings({"access": OPEN}).access)
        add_guard(application)
        with gr.Blocks(analytics_enabled=False) as blocks:
            gr.api(handler, api_name="who")
        return gr.mount_gradio_app(application, blocks, path="/")

    def handler(request: gr.Request) -> str:
        return " ".join(sorted(roles_of(request)))

    with TestClient(asyncio.run(built())) as client:

        def called() -> str:
            event = client.post("/gradio_api/call/who", json={"data": []}).json()["event_id"]
            return client.get(f"/gradio_api/call/who/{event}").text

        assert '["reader"]' in called()
        sign_in(client, STAFF)
        assert '["evaluator reader staff"]' in called()
    assert roles_of(gr.Request()) == frozenset()


# routes for a role


def test_a_browser_is_sent_to_sign_in_and_comes_back_where_it_was() -> None:
    client = site(OPEN)
    sent = client.get("/manage/it?q=a%26b&page=2", headers=BROWSER)
    assert sent.status_code == 303 and sent.headers["location"].startswith("../sign-in?next=/manage/it")
    page = client.get("/manage/" + sent.headers["location"], headers=BROWSER)
    assert NL("access.needs_staff") in page.text
    onwards = re.search(r'name="next" value="([^"]*)"', page.text)
    assert onwards is not None
    back = sign_in(client, STAFF, next=onwards[1].replace("&amp;", "&"))
    confirmed = client.get(back.headers["location"], headers=BROWSER)
    assert 'href="./manage/it?q=a%26b&amp;page=2"' in confirmed.text and NL("access.as_staff") in confirmed.text
    assert client.get("/manage/it?q=a%26b&page=2", headers=BROWSER).json() == "it"


def test_the_page_says_which_password_is_demanded_until_it_was_given() -> None:
    client = site(OPEN)
    demand = NL("access.needs_staff")
    assert demand in sign_in(client, "verkeerd", next="/manage/it", role="staff").text
    below = client.get(sign_in(client, EVALUATOR, next="/manage/it", role="staff").headers["location"]).text
    assert demand in below and NL("access.as_evaluator") in below and NL("access.onwards") not in below
    enough = client.get(sign_in(client, STAFF, next="/judge", role="evaluator").headers["location"]).text
    assert NL("access.needs_evaluator") not in enough and NL("access.onwards") in enough
    assert "<script" not in client.get("/sign-in?role=<script>alert(1)</script>").text


def test_a_form_sent_after_the_session_ended_comes_back_to_its_page() -> None:
    sent = site(OPEN).post("/manage", headers=BROWSER)
    assert (sent.status_code, sent.headers["location"]) == (303, "./sign-in?next=/manage/it&role=staff")


def test_a_program_is_told_whether_to_sign_in_or_to_stay_out() -> None:
    client = site(OPEN)
    assert client.get("/manage/it").status_code == 401
    sign_in(client, EVALUATOR)
    assert client.get("/judge").json() == "judged"
    assert client.get("/manage/it").status_code == 403
    assert client.get("/manage/it", headers=BROWSER).status_code == 303
    guarded = site(GUARDED)
    assert guarded.get("/manage/it", headers=basic("lezer", READER)).status_code == 403
    assert guarded.get("/manage/it", headers=basic("", STAFF)).json() == "it"


def test_a_role_without_a_password_does_not_exist() -> None:
    client = site({"evaluator_password": EVALUATOR})
    sign_in(client, EVALUATOR)
    assert client.get("/manage/it").status_code == client.get("/manage/it", headers=BROWSER).status_code == 404
    assert site({}).get("/judge").status_code == 404
    # Staff may do what evaluators may, also where there are none.
    client = site({"staff_password": STAFF})
    assert client.get("/judge").status_code == 401
    sign_in(client, STAFF)
    assert client.get("/judge").json() == "judged"


# sessions


def cookie_of(values: dict[str, Any], password: str, **options: Any) -> str:
    return str(sign_in(site(values, **options), password, user="lezer").headers["set-cookie"])


def test_the_cookie_is_kept_from_scripts_other_sites_and_plain_http() -> None:
    plain, secure = cookie_of(OPEN, STAFF), cookie_of(OPEN, STAFF, base_url="https://testserver")
    assert "HttpOnly" in plain and "SameSite=strict" in plain and "Path=/;" in plain and "Max-Age=43200" in plain
    assert "Secure" not in plain and "Secure" in secure
    assert "SameSite=lax" in cookie_of(GUARDED, READER)
    assert "Path=/lca;" in cookie_of(OPEN, STAFF, root_path="/lca")
    assert STAFF not in plain and READER not in cookie_of(GUARDED, READER)


def test_a_session_ends_in_time_and_when_signed_out() -> None:
    clock = Clock()
    client = site(OPEN, access_of({**OPEN, "session_hours": 2}, clock))
    sign_in(client, STAFF)
    clock.now += 2 * 3600
    assert "staff" in client.get("/who").json()
    clock.now += 1
    assert client.get("/who").json() == ["reader"]
    sign_in(client, STAFF)
    copied = client.cookies[COOKIE]
    out = client.post("/sign-out", headers=BROWSER)
    assert out.status_code == 303 and client.cookies.get(COOKIE) is None
    assert client.get("/who").json() == ["reader"]
    # A copy of the cookie is no way back in.
    assert client.get("/who", headers={"cookie": f"{COOKIE}={copied}"}).json() == ["reader"]
    assert client.get("/sign-out").status_code == 405


def test_signing_in_as_somebody_else_ends_the_session_before() -> None:
    client = site(OPEN)
    sign_in(client, STAFF)
    before = client.cookies[COOKIE]
    sign_in(client, EVALUATOR)
    assert client.get("/who").json() == ["evaluator", "reader"]
    client.cookies.clear()
    assert client.get("/who", headers={"cookie": f"{COOKIE}={before}"}).json() == ["reader"]


def roles_with(cookie: str, values: dict[str, Any]) -> list[str]:
    roles: list[str] = site(values).get("/who", headers={"cookie": f"{COOKIE}={cookie}"}).json()
    return roles


def test_another_password_ends_the_sessions_of_the_old_one() -> None:
    kept = {**OPEN, "session_key": "k" * 32}
    client = site(kept)
    sign_in(client, EVALUATOR)
    cookie = client.cookies[COOKIE]
    assert roles_with(cookie, kept) == ["evaluator", "reader"]
    assert roles_with(cookie, {**kept, "evaluator_password": EVALUATOR + "!"}) == ["reader"]
    assert roles_with(cookie, {**kept, "evaluator_password": None}) == ["reader"]
    assert roles_with(cookie, {**kept, "session_key": "l" * 32}) == ["reader"]
    assert roles_with(cookie, {**kept, "staff_password": STAFF + "!"}) == ["evaluator", "reader"]
    kept |= {"password": READER, "user": "lezer"}
    client = site(kept)
    sign_in(client, READER, user="lezer")
    cookie = {"cookie": f"{COOKIE}={client.cookies[COOKIE]}"}
    assert site(kept).get("/who", headers=cookie).status_code == 200
    assert site({**kept, "user": "lezers"}).get("/who", headers=cookie).status_code == 401
    # Without a key of its own, every start makes another.
    client = site(OPEN)
    sign_in(client, STAFF)
    assert roles_with(client.cookies[COOKIE], OPEN) == ["reader"]


def test_a_forged_cookie_opens_nothing() -> None:
    client = site(OPEN)
    sign_in(client, EVALUATOR)
    real = client.cookies[COOKIE]
    access = client.app.state.access  # type: ignore[attr-defined]
    assert access.role_of_session(Request({"type": "http", "headers": [(b"cookie", f"{COOKIE}={real}".encode())]}))
    client.cookies.clear()
    body, stamp, signature = real.split(".")
    for forged in (
        "x",
        "..",
        real[:-2],
        f"{body}.{stamp}.",
        f"InN0YWZmIg.{stamp}.{signature}",
        f"{body}.A{stamp[1:]}.{signature}",
    ):
        assert client.get("/who", headers={"cookie": f"{COOKIE}={forged}"}).json() == ["reader"], forged


# attempts


def test_wrong_passwords_are_throttled_per_address_and_say_so() -> None:
    clock = Clock()
    values = {**GUARDED, "failed_attempts": 3}
    access = access_of(values, clock)
    client, other = (site(values, access, client=(address, 1)) for address in ("192.0.2.1", "192.0.2.2"))
    for _ in range(2):
        refused = sign_in(client, "verkeerd", lang="en")
        assert refused.status_code == 403 and EN("access.wrong_with_name") in refused.text
    # Programs are counted with people, and the right password waits too: or guessing would go on.
    assert client.get("/who", headers=basic("lezer", "verkeerd")).status_code == 401
    refused = sign_in(client, STAFF, lang="nl")
    assert refused.status_code == 429 and refused.headers["retry-after"] == "300"
    assert NL("access.too_many", minutes=5) in refused.text and COOKIE not in refused.headers.get("set-cookie", "")
    program = client.get("/who", headers=basic("", STAFF))
    assert program.status_code == 429 and program.headers["retry-after"] == "300"
    assert sign_in(other, STAFF).status_code == 303
    clock.now += 299
    assert NL("access.too_many_one") in sign_in(client, STAFF, lang="nl").text
    clock.now += 1
    assert sign_in(client, STAFF).status_code == 303


def test_all_addresses_together_are_throttled_but_for_those_that_knew_a_password() -> None:
    clock = Clock()
    throttle = Throttle(2, clock)
    throttle.succeeded("198.51.100.7")
    for number in range(20):
        assert throttle.seconds_to_wait(f"192.0.2.{number}") == 0
        throttle.failed(f"192.0.2.{number}")
    assert throttle.seconds_to_wait("203.0.113.1") == 300
    assert throttle.seconds_to_wait("198.51.100.7") == 0
    # Who knows one password may not guess another.
    throttle.failed("198.51.100.7")
    throttle.failed("198.51.100.7")
    assert throttle.seconds_to_wait("198.51.100.7") == 300


def test_others_who_fail_do_not_lock_out_who_signed_in_before() -> None:
    values = {**OPEN, "failed_attempts": 1}
    access = access_of(values)
    staff = site(values, access, client=("198.51.100.7", 1))
    assert sign_in(staff, STAFF).status_code == 303
    for number in range(11):
        refused = sign_in(site(values, access, client=(f"192.0.2.{number}", 1)), "verkeerd")
        assert refused.status_code == (403 if number < 10 else 429)
    assert sign_in(staff, STAFF).status_code == 303


def test_who_has_a_whole_network_of_addresses_counts_once() -> None:
    throttle = Throttle(1, Clock())
    throttle.failed("2001:db8:1:2:3::4")
    assert throttle.seconds_to_wait("2001:db8:1:2:ffff::9") == 300
    assert throttle.seconds_to_wait("2001:db8:1:3::4") == 0
    throttle.failed("::ffff:192.0.2.1")
    assert throttle.seconds_to_wait("192.0.2.1") == 300


def test_the_log_tells_who_signed_in_and_who_did_not_without_the_password(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = site(GUARDED)
    sign_in(client, "geheim-verkeerd", user="naam-als-wachtwoord")
    sign_in(client, STAFF)
    client.get("/who", headers=basic("lezer", "ook-verkeerd"))
    client.cookies.clear()
    client.get("/who", headers=basic("lezer", "ook-verkeerd"))
    client.get("/who", headers=basic("lezer", READER))
    said = [(record.levelname, record.getMessage()) for record in caplog.records if "access" in record.name]
    # A program signs in with every request; only who looks closely wants to see that.
    assert [level for level, _ in said] == ["WARNING", "INFO", "WARNING", "DEBUG"]
    assert "testclient" in said[0][1] and "staff" in said[1][1]
    for secret in ("geheim-verkeerd", "naam-als-wachtwoord", "ook-verkeerd", STAFF, READER):
        assert secret not in caplog.text


# other sites


@pytest.mark.parametrize(
    ("headers", "is_ours"),
    [
        ({}, True),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site", "origin": "http://testserver"}, False),
        ({"origin": "http://testserver"}, True),
        ({"origin": "https://TestServer"}, True),
        ({"origin": "http://testserver.example.org"}, False),
        ({"origin": "http://testserver:81"}, False),
        ({"origin": "null"}, False),
        ({"origin": "null", "host": ""}, False),
        ({"origin": ""}, False),
        ({"origin": "http://[", "host": "["}, False),
    ],
)
def test_only_our_own_pages_and_programs_change_something(headers: dict[str, str], is_ours: bool) -> None:
    client = site(OPEN)
    sign_in(client, STAFF)
    for path, done in (("/manage", 200), ("/sign-in", 403), ("/sign-out", 303)):
        answer = client.post(path, headers=headers)
        assert (answer.status_code == done and "another site" not in answer.text) == is_ours, path
        assert ("another site" in answer.text) != is_ours


def test_another_site_cannot_use_the_credentials_that_a_browser_remembers() -> None:
    client = site(GUARDED)
    remembered = basic("", STAFF)
    assert client.post("/manage", headers={**remembered, "sec-fetch-site": "cross-site"}).status_code == 401
    assert client.post("/manage", headers={**remembered, "origin": "https://example.org"}).status_code == 401
    assert client.post("/manage", headers=remembered).json() == "changed"


EVIL = [
    *(
        "https://example.org",
        "//example.org",
        "/\\example.org",
        "\\\\example.org",
        "///example.org",
        "/%2f/example.org",
    ),
    *(
        "/%5cexample.org",
        "/a//b",
        "javascript:alert(1)",
        "/../other",
        "/%2e%2e/other",
        "/a/.%2E/b",
        "/./a",
        "/a\r\nSet-Cookie: x=1",
    ),
    *("/a b", "/é", "", "corpus", "?x", "/sign-out", "/sign-in?next=/x", "/" + "a" * 3000, "/\x00", "/a#b"),
]


@pytest.mark.parametrize("address", EVIL)
def test_signing_in_leads_nowhere_else(address: str) -> None:
    assert safe_next(address) == "/"
    client = site(GUARDED)
    assert sign_in(client, READER, user="lezer", next=address).headers["location"] == "./"
    client.cookies.clear()
    shown = client.get("/sign-in", params={"next": address}).text
    assert 'name="next" value="/"' in shown and "example.org" not in shown


@pytest.mark.parametrize("address", ["/", "/corpus", "/corpus?kind=report&q=a%20b", "/documents/cGlsb3Q?lang=nl&x=//y"])
def test_signing_in_leads_back(address: str) -> None:
    assert sign_in(site(GUARDED), READER, user="lezer", next=address).headers["location"] == f".{address}"


@pytest.mark.parametrize(("prefix", "path"), [("", "/who"), ("/lca", "/lca/who"), ("/lca", "/who")])
def test_below_a_path_of_a_proxy_every_address_is_relative(prefix: str, path: str) -> None:
    """A proxy may pass the whole path on, or take the prefix off."""
    client = site(GUARDED, root_path=prefix)
    sent = client.get(path, headers=BROWSER)
    assert sent.headers["location"] == "./sign-in?next=/who"
    begin = path.removesuffix("/who")
    page = client.get(f"{begin}/sign-in?next=/who", headers=BROWSER)
    assert page.status_code == 200
    targets = re.findall(r'(?:href|action|src)="([^"]*)"', page.text)
    assert targets and not [one for one in targets if one.startswith(("/", "http"))]
    assert client.get(f"{begin}/manage/a", headers=BROWSER).headers["location"].startswith("../sign-in?")
    entered = client.post(f"{begin}/sign-in", data={"password": READER, "user": "lezer", "next": "/who"})
    assert entered.headers["location"] == "./who" and f"Path={prefix or '/'};" in entered.headers["set-cookie"]


# the page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_the_language_of_the_reader(language: InterfaceLanguage) -> None:
    texts, other = texts_in(language), "en" if language == "nl" else "nl"
    client = site(OPEN)
    for page in (
        client.get("/sign-in?next=/judge", headers={"accept-language": language}),
        client.get(f"/sign-in?lang={language}&next=/judge", headers={"accept-language": other}),
    ):
        assert f'<html lang="{language}">' in page.text and f"<h1>{texts('access.title')}</h1>" in page.text
        assert f"./sign-in?lang={other}&amp;next=%2Fjudge" in page.text
    refused = sign_in(client, "verkeerd", lang=language)
    assert texts("access.wrong") in refused.text and 'role="alert"' in refused.text
    assert 'aria-describedby="trouble"' in refused.text
    done = client.get(sign_in(client, EVALUATOR, lang=language).headers["location"])
    assert texts("access.as_evaluator") in done.text and texts("access.evaluator_may") in done.text


def test_the_page_asks_for_a_name_only_where_readers_have_one() -> None:
    assert 'name="user"' in site(GUARDED).get("/sign-in").text
    assert 'name="user"' not in site(OPEN).get("/sign-in").text
    assert 'name="user"' not in site({"password": READER}).get("/sign-in").text
    # Nothing but signing in is possible yet, so there is no link to the chat that would lead back here.
    assert NL("access.to_chat") in site(OPEN).get("/sign-in").text
    assert NL("access.to_chat") not in site(GUARDED).get("/sign-in").text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"x=" + b"a" * 9000, 413),
        (b"&".join(b"a%d=1" % number for number in range(50)), 400),
        (b"\xff=1", 400),
        (b"", 403),
    ],
)
def test_a_form_that_is_not_ours_is_refused(body: bytes, status: int) -> None:
    assert site(OPEN).post("/sign-in", content=body).status_code == status


def test_the_entrance_leads_to_sign_in_and_says_who_one_is() -> None:
    nobody, judge = roles_up_to("reader"), roles_up_to("evaluator")
    assert render_entrance(access_of({}), nobody, NL) == ""
    assert render_entrance(access_of(OPEN), nobody, NL) == '<a class="entrance" href="./sign-in?lang=nl">Log in</a>'
    assert EN("access.as_evaluator") in render_entrance(access_of(OPEN), judge, EN)
    assert NL("access.as_reader") in render_entrance(access_of(GUARDED), nobody, NL)
    assert 'href="../sign-in?lang=nl&amp;next=%2Fa%2Fb"' in render_entrance(access_of(OPEN), nobody, NL, "/a/b")


# the settings


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"password": "sesam12"}, ["access.password", "8"]),
        ({"staff_password": ""}, ["access.staff_password", "8"]),
        ({"session_key": "sesam12"}, ["access.session_key", "32"]),
        ({"password": "sesam123", "staff_password": "sesam123"}, ["access", "same password"]),
        ({"user": "lezer"}, ["access", "without password"]),
    ],
)
def test_a_setting_that_would_not_protect_is_an_error_that_keeps_the_secret(
    values: dict[str, str], words: list[str]
) -> None:
    with pytest.raises(SettingsError) as raised:
        load_settings({"access": values})
    assert all(word in str(raised.value) for word in words)
    assert "sesam" not in str(raised.value)


def test_passwords_are_not_shown() -> None:
    shown = repr(AccessSettings(**GUARDED, session_key="k" * 40))  # type: ignore[arg-type]
    assert not [secret for secret in (READER, EVALUATOR, STAFF, "kkkk") if secret in shown]
