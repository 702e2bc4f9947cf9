"""A backend in Python: opens a session for a page and sends it messages.

pip install -r requirements.txt
API_URL=http://127.0.0.1:4000 AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local python backend.py
"""

import json
import os
import urllib.error
import urllib.request
from urllib.parse import quote

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

API_URL = os.environ["API_URL"].rstrip("/")  # the stack's output ApiUrl
aws = boto3.Session()


class ApiError(Exception):
    """What the API answered: `status`, and the error's members, `error` (its name), `message` and others."""

    def __init__(self, status, body):
        super().__init__(f"{status} {body['error']}: {body['message']}")
        self.status = status
        self.body = body


def call(*path, body=None):
    """Calls the API, signed for IAM. Path segments are encoded here."""
    url = "/".join([API_URL, *(quote(str(segment), safe="") for segment in path)])
    data = None if body is None else json.dumps(body).encode()
    request = AWSRequest("POST", url, {"Content-Type": "application/json"}, data)
    SigV4Auth(aws.get_credentials().get_frozen_credentials(), "execute-api", aws.region_name).add_auth(request)
    signed = urllib.request.Request(url, data, dict(request.headers), method="POST")
    try:
        with urllib.request.urlopen(signed, timeout=30) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise ApiError(error.code, json.load(error)) from None


def for_page(session):
    """What a page needs of its session, and nothing else."""
    members = ["accountId", "sessionId", "userId", "sqsUrl", "accessKey", "secretKey", "sessionToken", "expires"]
    return {member: session[member] for member in members if member in session}


def publish(*events):
    """Sends up to 500 events in a call. One with the same idempotencyKey is sent once in five minutes, so a call can be repeated."""
    answer = call("publish", body={"events": events})
    for event, result in zip(events, answer["results"]):
        if "error" in result:  # status `rejected`: it is wrong; `failed`: publish it again
            print("not sent:", event, result["message"])
    return [result.get("messageId") for result in answer["results"]]


def put_on_stream(stream_name, *messages):
    """Puts messages on the stream. An account's messages stay in order, because its id is their partition key."""
    records = [{"Data": json.dumps(message), "PartitionKey": str(message["accountId"])} for message in messages]
    answer = aws.client("kinesis").put_records(StreamName=stream_name, Records=records)
    if answer["FailedRecordCount"]:
        raise RuntimeError(f"{answer['FailedRecordCount']} messages are not on the stream: put them again")


if __name__ == "__main__":
    account, session_id, user = 12345, "python/session 1", 7
    session = call("create", account, session_id, user)
    print("created", sorted(for_page(session)))
    print("renewed", call("renew", account, session_id)["sqsUrl"] == session["sqsUrl"])
    answer = call("notify", account, "user", user, body={"msg": "Hello from Python"})
    print("delivered", answer["delivered"], "of", answer["sessions"])
    events = [
        {"message": {"accountId": account, "userId": user, "n": n}, "idempotencyKey": f"python-{session['expires']}-{n}"}
        for n in range(3)
    ]
    print("published", len(publish(*events)), "once", publish(*events) == publish(*events))
    if "EVENT_STREAM_NAME" in os.environ:
        put_on_stream(os.environ["EVENT_STREAM_NAME"], {"accountId": account, "msg": "Hello from the stream"})
        print("put 1")
    print("destroyed", call("destroy", account, session_id)["destroyed"])
    try:
        call("renew", account, session_id)
    except ApiError as error:
        print("gone", error.status, error.body["error"])
