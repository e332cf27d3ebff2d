"""Reads Me, changes one field, shows a refused change, and goes on while a provider is down."""

import os

import httpx
from pydantic import ValidationError
from user_client import Client
from user_client.exceptions import GraphQLClientGraphQLMultiError
from user_client.input_types import UpdateMeInput

client = Client(
    os.environ["GRAPHQL_URL"],
    http_client=httpx.Client(headers={"authorization": "Bearer demo-ada"}),
)

try:
    print("me", client.me().me.name)
except GraphQLClientGraphQLMultiError as told:
    # The generated method throws data away when there is an error beside it; the exception has both.
    for error in told.errors:
        print("trouble", ".".join(map(str, error.path)), error.extensions["code"])
    print("me", told.data["me"]["name"])

for timezone in ("Europe/London", "Mars/Olympus"):
    try:
        result = client.update_me(UpdateMeInput(timezone=timezone)).update_me
    except ValidationError:
        # A type or value that is newer than the generated classes. The change may have happened: read me again.
        print("something newer")
        continue
    match result.typename__:
        case "UpdateMeSuccess":
            print("changed", result.user.timezone, "| bio:", result.user.bio)
        case "UpdateMeInvalid":
            print("refused", result.field_errors[0].field)
