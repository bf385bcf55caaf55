"""The site's settings for tests: a data folder of their own, nothing taken from the machine's environment."""

import atexit
import os
import shutil
import tempfile

for _name in [
    "DATABASE_URL",
    "DEMO",
    "DEMO_PASSWORD",
    "EMAIL_URL",
    "GATEWAY_ALLOWED_NETWORKS",
    "GATEWAY_KEY",
    "GATEWAY_URL",
    "HOST",
    "JOBS",
    "KEY_ENCRYPTION_KEYS",
    "OIDC_CLIENT_ID",
    "OIDC_CLIENT_SECRET",
    "OIDC_ISSUER",
    "OIDC_NAME",
    "PORT",
    "REDIS_URL",
    "SANDBOX",
    "SECRET_KEY",
    "SIGN_UP",
    "SITE_URL",
]:
    os.environ.pop(_name, None)
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="playground-tests-")
atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)

from playground.settings import *  # noqa: E402, F403

INSTALLED_APPS += ["allauth.socialaccount.providers.openid_connect"]  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# A worker would ask the gateways that tests script; those that want it turn it on.
JOBS = "off"
