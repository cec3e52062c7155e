"""Slack's documented limits, as numbers.

Lengths are in characters unless a name says otherwise.
"""

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
VIEW_BYTES = 250_000
PRIVATE_METADATA = 3000
VIEW_TITLE = 24
IDENTIFIER = 255

TEXT_OBJECT = 3000
SECTION_TEXT = 3000
HEADER = 150
CONTEXT_ELEMENTS = 10
ACTIONS_ELEMENTS = 25
INPUT_LABEL = 2000
INPUT_HINT = 2000
PLACEHOLDER = 150
PLAIN_TEXT_INPUT = 3000

BUTTON_TEXT = 75
BUTTON_VALUE = 2000
OPTION_TEXT = 75
OPTION_VALUE = 150
OPTION_GROUPS = 100
SELECT_OPTIONS = 100
OVERFLOW_OPTIONS = 5
CHOICE_OPTIONS = 10

POST_TEXT = 40_000
UPDATE_TEXT = 4000
SOCKETS = 10
RESPONSE_URL_USES = 5
RESPONSE_URL_SECONDS = 30 * 60
METADATA_BYTES = 16_000

TIER_PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
#: The limit for an argument of blocks.validate, in characters.
VALIDATED = 100_000
METHOD_TIER = {
    "apps.connections.open": 1,
    "auth.test": 4,
    "chat.delete": 3,
    "chat.postEphemeral": 4,
    "chat.update": 3,
    "conversations.archive": 2,
    "conversations.create": 2,
    "conversations.history": 3,
    "conversations.invite": 3,
    "conversations.kick": 3,
    "conversations.members": 4,
    "conversations.open": 3,
    "dnd.info": 3,
    "files.completeUploadExternal": 4,
    "files.delete": 3,
    "files.getUploadURLExternal": 4,
    "pins.add": 2,
    "users.conversations": 3,
    "users.info": 4,
    "views.open": 4,
    "views.publish": 4,
    "views.update": 4,
}
"""Rate tier of each method, from its page at https://docs.slack.dev/reference/methods.

Tiers: https://docs.slack.dev/apis/web-api/rate-limits. apps.connections.open and chat.postMessage have
rules of their own; blocks.validate has «special» ones, which Slack does not publish."""
