"""Settings of the whole site. What differs between machines is read from the environment here at the top."""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _
from environs import Env

from playground import secrets

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()

DEBUG = env.bool("DEBUG", False)
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "var"))).absolute()
DATABASE_URL = env.str("DATABASE_URL", "")
# How long a page waits for a free connection before it says that the database is busy.
DATABASE_WAIT_SECONDS = env.float("DATABASE_WAIT_SECONDS", 10)
REDIS_URL = env.str("REDIS_URL", "")
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
# How many lines of the log may wait for whoever reads it; what comes after them is left out and counted.
LOG_WAITING_LINES = env.int("LOG_WAITING_LINES", 10_000)
LOG_FORMAT = env.str("LOG_FORMAT", "line", validate=lambda value: value in ("line", "json"))
HOST = env.str("HOST", "127.0.0.1")
PORT = env.int("PORT", 8000)
SITE_URL = env.str("SITE_URL", "")
SIGN_UP = env.str("SIGN_UP", "invited", validate=lambda value: value in ("open", "invited", "closed"))
# Whether to make three demo accounts, and their password; unset, a random one is printed once.
DEMO = env.bool("DEMO", not DATABASE_URL)
DEMO_PASSWORD = env.str("DEMO_PASSWORD", "")
JOBS = env.str("JOBS", "inside", validate=lambda value: value in ("inside", "off"))

# How long a session that was not to be remembered lasts after the last deed; 0: as long as the browser is open.
SESSION_IDLE_HOURS = env.float("SESSION_IDLE_HOURS", 12)
# A file of passwords known from breaches: SHA-1 in hexadecimal, one a line, sorted.
BREACHED_PASSWORDS = env.str("BREACHED_PASSWORDS", "")

# Signing in by the organisation's own sign-in: its OpenID Connect issuer, and what it calls this site.
OIDC_ISSUER = env.str("OIDC_ISSUER", "")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", "")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", "")
OIDC_NAME = env.str("OIDC_NAME", "OpenID Connect")

GATEWAY_URL = env.str("GATEWAY_URL", "")
GATEWAY_KEY = env.str("GATEWAY_KEY", "")
SANDBOX = env.bool("SANDBOX", not GATEWAY_URL)
GATEWAY_ALLOWED_NETWORKS: list[str] = env.list("GATEWAY_ALLOWED_NETWORKS", [])

SECRET_KEY = secrets.site_secret(DATA_DIR)
KEY_ENCRYPTION_KEYS = secrets.encryption_keys(DATA_DIR)

# Limits of one call, in seconds and bytes. Tests lower them.
CALL_LOOKUP_SECONDS = env.float("CALL_LOOKUP_SECONDS", 5)
CALL_CONNECT_SECONDS = env.float("CALL_CONNECT_SECONDS", 10)
CALL_FIRST_BYTE_SECONDS = env.float("CALL_FIRST_BYTE_SECONDS", 300)
CALL_SILENCE_SECONDS = env.float("CALL_SILENCE_SECONDS", 120)
CALL_AFTER_END_SECONDS = env.float("CALL_AFTER_END_SECONDS", 5)
CALL_TOTAL_SECONDS = env.float("CALL_TOTAL_SECONDS", 3600)
CALL_EVENT_BYTES = env.int("CALL_EVENT_BYTES", 32 * 2**20)
CALL_BODY_BYTES = env.int("CALL_BODY_BYTES", 64 * 2**20)  # of an answer that is read as one whole
CALL_RUN_BYTES = env.int("CALL_RUN_BYTES", 256 * 2**20)
CALL_CONNECTIONS = env.int("CALL_CONNECTIONS", 2000)
CALL_CONNECTIONS_PER_HOST = env.int("CALL_CONNECTIONS_PER_HOST", 1000)
CALL_TRANSPORT = env.str("CALL_TRANSPORT", "aiohttp", validate=lambda value: value in ("aiohttp", "httpx"))

# How runs are kept: see docs/runs.md.
RUN_FOLD_SECONDS = 0.016
RUN_FLUSH_SECONDS = env.float("RUN_FLUSH_SECONDS", 0.1)
RUN_FLUSH_AGE_SECONDS = env.float("RUN_FLUSH_AGE_SECONDS", 0.35)
RUN_FLUSH_BYTES = 256 * 2**10
RUN_UNSAVED_BYTES = env.int("RUN_UNSAVED_BYTES", 64 * 2**20)
RUN_STATEMENT_SECONDS = env.float("RUN_STATEMENT_SECONDS", 15)
RUN_HEARTBEAT_SECONDS = env.float("RUN_HEARTBEAT_SECONDS", 5)
RUN_ABANDONED_SECONDS = env.float("RUN_ABANDONED_SECONDS", 15)
RUN_DRAIN_SECONDS = env.float("RUN_DRAIN_SECONDS", 15)
RUNS_PER_PERSON = env.int("RUNS_PER_PERSON", 300)
RUNS_PER_TEAM = env.int("RUNS_PER_TEAM", 500)
RUNS_AT_ONCE = env.int("RUNS_AT_ONCE", 1000)
RUN_FRAMES = env.int("RUN_FRAMES", 1_000_000)
SOCKET_MESSAGES_PER_SECOND = env.int("SOCKET_MESSAGES_PER_SECOND", 200)
SOCKETS_PER_PERSON = env.int("SOCKETS_PER_PERSON", 5000)
# How long the head of a request may take, and how long its body may say nothing.
REQUEST_SECONDS = env.float("REQUEST_SECONDS", 20)
SOCKET_SEND_SECONDS = env.float("SOCKET_SEND_SECONDS", 60)
# How many pages, parts and API calls a person, or an address nobody has signed in at, may ask for in a minute.
REQUESTS_PER_MINUTE = env.int("REQUESTS_PER_MINUTE", 6000)

# Links in mails carry the request's host, so only our own names are taken for one, where they are known.
OWN_HOSTS = [urlsplit(SITE_URL).hostname or ""] if SITE_URL else ([HOST] if HOST not in ("0.0.0.0", "::") else ["*"])  # noqa: S104
# How balances are read: how often a key, how many at once at one host, how long one question may take.
BALANCE_EVERY_SECONDS = env.float("BALANCE_EVERY_SECONDS", 900)
BALANCE_AFTER_RUN_SECONDS = env.float("BALANCE_AFTER_RUN_SECONDS", 5)
BALANCE_ASKS_PER_HOST = env.int("BALANCE_ASKS_PER_HOST", 4)
BALANCE_ASK_SECONDS = env.float("BALANCE_ASK_SECONDS", 15)
# How often the list of a key's models and their prices is read.
MODELS_EVERY_SECONDS = env.float("MODELS_EVERY_SECONDS", 6 * 3600)
# How webhooks are told of alerts: the first pause before another try, each later one four times as long; how long an answer may take.
ALERT_RETRY_SECONDS = env.float("ALERT_RETRY_SECONDS", 15)
ALERT_ANSWER_SECONDS = env.float("ALERT_ANSWER_SECONDS", 10)
# How tasks are followed: the first pause between two questions, how often to look for what is due, how long one question or
# fetching one result may take, when to give up, how large a result may be.
TASK_POLL_SECONDS = env.float("TASK_POLL_SECONDS", 3)
TASK_LOOK_SECONDS = env.float("TASK_LOOK_SECONDS", 1)
TASK_ASK_SECONDS = env.float("TASK_ASK_SECONDS", 30)
TASK_FETCH_SECONDS = env.float("TASK_FETCH_SECONDS", 300)
TASK_LONGEST_HOURS = env.float("TASK_LONGEST_HOURS", 24)
TASK_RESULT_BYTES = env.int("TASK_RESULT_BYTES", 512 * 2**20)
# The largest file that can be uploaded, and how long one waits that nothing refers to.
UPLOAD_BYTES = env.int("UPLOAD_BYTES", 64 * 2**20)
UPLOAD_UNUSED_HOURS = env.float("UPLOAD_UNUSED_HOURS", 24)

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [*OWN_HOSTS, "localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL else []
USE_X_FORWARDED_HOST = bool(SITE_URL)
if SITE_URL.startswith("https://"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    # So called, a cookie is taken from this very host only, over TLS only.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "csp",
    "django_htmx",
    "template_partials",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    # Its HTTP library takes 6 MiB that a site without such a sign-in need not hold.
    *(["allauth.socialaccount.providers.openid_connect"] if OIDC_ISSUER else []),
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "accounts",
    "playground",
]

MIDDLEWARE = [
    "playground.views.figures_of_work.CountingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "accounts.middleware.MethodsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "playground.views.pasted.PastedKeysMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.limits.RequestsMiddleware",
    "accounts.middleware.NotKeptMiddleware",
    "accounts.middleware.TeamMiddleware",
    "playground.views.blind_votes.BlindVotesMiddleware",
]

ROOT_URLCONF = "playground.urls"
ASGI_APPLICATION = "playground.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "playground.views.frame.frame",
            ],
        },
    }
]

DATABASES = {"default": secrets.database(DATA_DIR, DATABASE_URL, env.float("DATABASE_STATEMENT_SECONDS", 60))}
DATABASES["default"]["OPTIONS"]["pool"]["timeout"] = DATABASE_WAIT_SECONDS
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CHANNEL_LAYERS = {
    "default": (
        {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [REDIS_URL]}}
        if REDIS_URL
        else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    )
}
# Jobs are declared in playground/jobs, which is imported where they are used.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = None
CACHES = {
    "default": (
        {"BACKEND": "accounts.redis_cache.Cache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "accounts.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "accounts.breaches.BreachedPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignUpFields"
ACCOUNT_FORMS = {"signup": "accounts.sign_up_form.SignUpForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if SIGN_UP == "open" else "optional"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
# None: the sign-in form asks whether to stay signed in on this device.
ACCOUNT_SESSION_REMEMBER = None
SOCIALACCOUNT_ADAPTER = "accounts.adapter.SingleSignOnAdapter"
SOCIALACCOUNT_PROVIDERS = secrets.single_sign_on(OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME)
# An address that the operator's own sign-in has verified is its person's: they come to the account they have.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
# A link, not a form: the page's policy would keep a form from leading to another host. What comes back is checked by its state.
SOCIALACCOUNT_LOGIN_ON_GET = True
MFA_ADAPTER = "accounts.adapter.FactorAdapter"
MFA_FORMS = {
    "add_webauthn": "accounts.passkey_forms.AddPasskeyForm",
    "login_webauthn": "accounts.passkey_forms.SignInPasskeyForm",
    "authenticate_webauthn": "accounts.passkey_forms.SecondFactorPasskeyForm",
    "reauthenticate_webauthn": "accounts.passkey_forms.ConfirmPasskeyForm",
    "edit_webauthn": "accounts.passkey_forms.RenamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Team Playground"
# Browsers let passkeys work on http://localhost too; everywhere else they ask for https themselves.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SITE_URL.startswith("https://")
SESSION_ENGINE = "accounts.kept_sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_HTTPONLY = True

globals().update(secrets.mail(env.str("EMAIL_URL", "console:")))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "playground@localhost")

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "django_language"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "playground.static_files.VersionedStorage"},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 34 * 2**20

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "playground.logs.Line"}, "json": {"()": "playground.logs.JsonLine"}},
    "handlers": {"stderr": {"class": "playground.logs.Handler", "formatter": LOG_FORMAT, "waiting": LOG_WAITING_LINES}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", "WARNING")},
    # The address of a page may name a run; bodies, headers and keys are never logged.
    "loggers": {"playground": {"level": "INFO"}, "accounts": {"level": "INFO"}},
}
