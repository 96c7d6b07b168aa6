"""The consultation: how much may be asked, by whose vectors it searches, and whose words a model may lend."""

from yueban.settings import env

# Questions that one person, and one address with many people behind it, may ask in a minute.
YUEBAN_QUESTIONS_PER_MINUTE = env.number("YUEBAN_QUESTIONS_PER_MINUTE", 20)
YUEBAN_QUESTIONS_PER_MINUTE_OF_ADDRESS = env.number("YUEBAN_QUESTIONS_PER_MINUTE_OF_ADDRESS", 200)
# Within how many minutes of opening hours a person answers a ticket.
YUEBAN_TICKET_MINUTES = env.number("YUEBAN_TICKET_MINUTES", 30)
# Whose vectors the consultation searches by; without an address a model on this machine, or words alone.
YUEBAN_VECTORS = env.flag("YUEBAN_VECTORS", default=True)
YUEBAN_EMBEDDING_URL = env.text("YUEBAN_EMBEDDING_URL", "")
YUEBAN_EMBEDDING_NAME = env.text("YUEBAN_EMBEDDING_NAME", "default")
YUEBAN_EMBEDDING_KEY = env.text("YUEBAN_EMBEDDING_KEY", "")
# The language model that says an answer in its own words, and the tokens that it may cost in a day.
YUEBAN_CHAT_URL = env.text("YUEBAN_CHAT_URL", "")
YUEBAN_CHAT_NAME = env.text("YUEBAN_CHAT_NAME", "default")
YUEBAN_CHAT_KEY = env.text("YUEBAN_CHAT_KEY", "")
YUEBAN_CHAT_TOKENS_PER_DAY = env.number("YUEBAN_CHAT_TOKENS_PER_DAY", 20_000_000)
