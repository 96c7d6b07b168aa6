"""How staff sign in: password rules, lock-out, and how long a session lasts."""

from yueban.settings import env

# Staff sign in with a password and a code; five failures lock the name for an hour. What a header says of an
# address is not trusted: the lock goes by the name alone.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 1  # hours
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_RESET_ON_SUCCESS = True
# Whoever goes on trying does not keep the owner of the name out for longer.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True  # the audit keeps who signed in
AXES_VERBOSE = False
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "name"]},
    },
]
# Our own page says that a name is locked, and the lock goes by the name whatever the address.
SILENCED_SYSTEM_CHECKS = ["axes.W002", "axes.W006"]

# The header in which the proxy in front writes the client's address; empty: the address of the connection.
YUEBAN_CLIENT_ADDRESS_HEADER = env.text("YUEBAN_CLIENT_ADDRESS_HEADER", "")
# A first password, which somebody else has seen, serves for so many days, and once.
YUEBAN_FIRST_PASSWORD_DAYS = env.number("YUEBAN_FIRST_PASSWORD_DAYS", 7)
# A staff session ends after so many minutes without a request, and after so many hours whatever happens.
YUEBAN_STAFF_IDLE_MINUTES = env.number("YUEBAN_STAFF_IDLE_MINUTES", 30)
YUEBAN_STAFF_SESSION_HOURS = env.number("YUEBAN_STAFF_SESSION_HOURS", 12)
