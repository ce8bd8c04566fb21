"""Every page of the demo as every role: what ``make shots`` takes and what the browser tests look at.

A page is found the way a person finds it, by following the first link that fits on a page they can open, so that no
reference has to be known.
"""

from dataclasses import dataclass

PEOPLE = {
    "visitor": "",
    "maya": "maya@demo.understudy.example",
    "marcus": "marcus@demo.understudy.example",
    "lena": "lena@demo.understudy.example",
    "alex": "alex@demo.understudy.example",
    "dana": "dana@demo.understudy.example",
    "staff": "staff@demo.understudy.example",
}


@dataclass(frozen=True)
class Page:
    """``path`` is where to begin; ``follow`` are patterns of link addresses to take from there, one after another;
    one that begins with ``+`` is added to the address instead (a form leads there)."""

    name: str
    path: str
    follow: tuple[str, ...] = ()


REQUEST = r"/requests/R-\w+/$"
CLAIM = r"/scans/claims/S-\w+/$"
SCAN, BOARD = r"/scans/S-\w+/$", r"/scans/announced/N-\w+/$"
PAGES: dict[str, list[Page]] = {
    "visitor": [
        Page("home", "/"),
        Page("sign-in", "/accounts/login/"),
        Page("sign-up", "/accounts/signup/"),
        Page("password-reset", "/accounts/password/reset/"),
        Page("verify", "/verify/"),
        Page("verify-missing", "/verify/L-0000000000/"),
        Page("rules", "/rules/"),
        Page("outbox", "/outbox/"),
        Page("letter", "/outbox/", (r"/outbox/\d+/$",)),
        Page("claim-link-over", "/claims/answer/no-such-link/"),
        Page("missing", "/no-such-page/"),
        Page("styleguide", "/styleguide/"),
    ],
    "maya": [
        Page("home", "/"),
        Page("inbox", "/inbox/"),
        Page("inbox-denied", "/inbox/?tab=denied"),
        Page("request", "/inbox/", (REQUEST,)),
        Page("approve", "/inbox/", (REQUEST, "+approve/")),
        Page("deny", "/inbox/", (REQUEST, "+deny/")),
        Page("propose", "/inbox/", (REQUEST, "+propose/")),
        Page("ask", "/inbox/", (REQUEST, "+ask/")),
        Page("scan", "/notifications/", (SCAN,)),
        Page("scan-agree", "/notifications/", (SCAN, "+agree/")),
        Page("scan-refuse", "/notifications/", (SCAN, "+refuse/")),
        Page("scan-ask", "/notifications/", (SCAN, "+ask/")),
        Page("scan-day", "/notifications/", (SCAN, "+day/")),
        Page("replicas", "/me/replicas/"),
        Page("replica", "/me/replicas/", (r"/replicas/P-\w+/$",)),
        Page("replica-new", "/replicas/new/"),
        Page("replica-edit", "/me/replicas/", (r"/replicas/P-\w+/$", r"/edit/$")),
        Page("replica-files", "/me/replicas/", (r"/replicas/P-\w+/$", r"/files/$")),
        Page("replica-previews", "/me/replicas/", (r"/replicas/P-\w+/$", r"/previews/$")),
        Page("replica-visibility", "/me/replicas/", (r"/replicas/P-\w+/$", r"/visibility/$")),
        Page("scans", "/scans/"),
        Page("claim-new", "/scans/claim/"),
        Page("claim-review", "/scans/", (CLAIM,)),
        Page("claim-address", "/scans/", (CLAIM, "+../address/")),
        Page("licenses", "/licenses/"),
        Page("license", "/licenses/", (r"/licenses/L-\w+/$",)),
        Page("license-revoke", "/licenses/", (r"/licenses/L-\w+/$", r"/revoke/$")),
        Page("verify-license", "/licenses/", (r"/licenses/L-\w+/$", r"/verify/L-\w+/$")),
        Page("agencies", "/me/agencies/"),
        Page("representation", "/me/agencies/", (r"/representations/\d+/$",)),
        Page("profile", "/me/"),
        Page("actor-profile", "/me/actor/"),
        Page("guardrails", "/me/guardrails/"),
        Page("guardrails-preset", "/me/guardrails/?preset=cautious"),
        Page("guardrails-history", "/me/guardrails/history/"),
        Page("guardrails-refused", "/me/guardrails/refused/"),
        Page("history", "/me/history/"),
        Page("notices", "/notifications/"),
        Page("preferences", "/me/notifications/"),
        Page("email", "/accounts/email/"),
        Page("password", "/accounts/password/change/"),
        Page("second-step", "/accounts/2fa/"),
        Page("sessions", "/accounts/sessions/"),
    ],
    "marcus": [
        Page("guardrails", "/me/guardrails/"),
        Page("scan-refused", "/notifications/", (SCAN,)),
        Page("home", "/"),
        Page("inbox-denied", "/inbox/?tab=denied"),
        Page("agencies", "/me/agencies/"),
        Page("scans", "/scans/"),
        Page("claim", "/scans/", (CLAIM,)),
    ],
    "lena": [
        Page("scan-breached", "/notifications/", (SCAN,)),
        Page("home", "/"),
        Page("request", "/inbox/", (REQUEST,)),
        Page("licenses", "/licenses/"),
        Page("claim", "/scans/", (CLAIM,)),
        Page("claim-dispute", "/scans/", (CLAIM, "+dispute/")),
        Page("claim-register", "/scans/", (CLAIM, "+register/")),
    ],
    "alex": [
        Page("home", "/"),
        Page("inbox", "/inbox/"),
        Page("request", "/inbox/", (REQUEST,)),
        Page("roster", "/agency/northlight-talent/roster/"),
        Page("roster-invite", "/agency/northlight-talent/roster/invite/"),
        Page("representation", "/agency/northlight-talent/roster/", (r"/representations/\d+/$",)),
        Page("team", "/house/northlight-talent/team/"),
        Page("team-invite", "/house/northlight-talent/team/invite/"),
        Page("colleague", "/house/northlight-talent/team/", (r"/team/\d+/$",)),
        Page("found", "/organizations/new/"),
        Page("inbox-beside", "/inbox/", (r"open=",)),
        Page("scans", "/scans/"),
        Page("replicas", "/me/replicas/"),
        Page("licenses", "/licenses/"),
        Page("profile", "/me/"),
    ],
    "dana": [
        Page("home", "/"),
        Page("search", "/replicas/"),
        Page("search-nothing", "/replicas/?q=unicyclist"),
        Page("replica", "/replicas/", (r"/replicas/P-\w+/$",)),
        Page("projects", "/projects/"),
        Page("project", "/projects/", (r"/projects/J-\w+/$",)),
        Page("project-new", "/projects/new/"),
        Page("scans", "/scans/announced/"),
        Page("scan-new", "/scans/new/"),
        Page("scan-draft", "/scans/announced/", (r"/scans/new/N-\w+/$",)),
        Page("scan-review", "/scans/announced/", (r"/scans/new/N-\w+/$", "+review/")),
        Page("scan-board", "/scans/announced/", (BOARD,)),
        Page("scan-board-not-available", "/scans/announced/", (BOARD, "+?state=not_available")),
        Page("scan", "/scans/announced/", (BOARD, SCAN)),
        Page("scan-record", "/scans/announced/", (BOARD, "+record/")),
        Page("scan-call-off", "/scans/announced/", (BOARD, "+call-off/")),
        Page("inbox", "/inbox/"),
        Page("inbox-not-available", "/inbox/?tab=unavailable"),
        Page("request", "/inbox/?tab=waiting", (REQUEST,)),
        Page("request-over", "/inbox/?tab=unavailable", (REQUEST,)),
        Page("compose", "/replicas/", (r"/replicas/P-\w+/$", r"/requests/new/")),
        Page("draft", "/inbox/?tab=drafts", (r"/requests/R-\w+/(draft/)?$",)),
        Page("review", "/inbox/?tab=drafts", (r"/requests/R-\w+/(draft/)?$", "+../review/")),
        Page("counter", "/inbox/", (REQUEST, "+counter/")),
        Page("accept", "/inbox/", (REQUEST, "+accept/")),
        Page("withdraw", "/inbox/", (REQUEST, "+withdraw/")),
        Page("extend", "/inbox/?tab=waiting", (REQUEST, "+extend/")),
        Page("licenses", "/licenses/"),
        Page("license", "/licenses/", (r"/licenses/L-\w+/$",)),
        Page("claims", "/scans/claims/"),
        Page("claim", "/scans/claims/", (CLAIM,)),
        Page("claim-answer", "/scans/claims/", (CLAIM, "+answer/")),
    ],
    "staff": [Page("home", "/"), Page("admin", "/staff/"), Page("audit", "/staff/accounts/auditentry/")],
}
