"""The deployed service that scenarios run against: its API, its queues, and clients with the caller's or a session's credentials.

ENDPOINT is where all services of AWS are, for an emulator; without it, AWS itself. API_URL replaces the stack's output of that
name. Credentials and Region are found as every AWS SDK finds them.
"""

import json
import os
import random
import time
import urllib.error
import urllib.request
from urllib.parse import quote

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import ClientError

ENDPOINT = os.environ.get("ENDPOINT") or None
STACK = os.environ["STACK"]
CONFIG = Config(inject_host_prefix=ENDPOINT is None, max_pool_connections=50, retries={"mode": "standard"})
aws = boto3.Session()


def client(service, **credentials):
    return aws.client(service, endpoint_url=ENDPOINT, config=CONFIG, **credentials)


def read_outputs():
    (stack,) = client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


outputs = read_outputs()
API_URL = (os.environ.get("API_URL") or outputs["ApiUrl"]).rstrip("/")
sqs, kinesis = client("sqs"), client("kinesis")


class Refusal(Exception):
    """What the API answered instead of a success: the status, and the error's members."""

    def __init__(self, status, error):
        super().__init__(f"{status} {error}")
        self.status, self.error = status, error


def request(path, body=None, sign=True, method="POST", headers=None):
    """Asks the API. @raises Refusal for every answer but 200"""
    url = f"{API_URL}{path}"
    data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    unsigned = AWSRequest(method, url, {"Content-Type": "application/json", **(headers or {})}, data)
    if sign:
        keys = aws.get_credentials().get_frozen_credentials()
        SigV4Auth(keys, "execute-api", aws.region_name).add_auth(unsigned)
    asked = urllib.request.Request(url, data, dict(unsigned.headers), method=method)
    try:
        with urllib.request.urlopen(asked, timeout=35) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refusal:
        raise Refusal(refusal.code, json.load(refusal)) from None


def call(*segments, body=None, query=""):
    """Calls a route; segments of the path are encoded here."""
    return request("/" + "/".join(quote(str(segment), safe="") for segment in segments) + query, body)


def publish(*records, key="acceptance"):
    """Puts texts on the stream, in one call and in one shard."""
    entries = [{"Data": record.encode(), "PartitionKey": key} for record in records]
    answer = kinesis.put_records(StreamName=outputs["EventStreamName"], Records=entries)
    assert answer["FailedRecordCount"] == 0, answer


def with_keys_of(session, service="sqs"):
    """A client with a session's own keys."""
    return client(
        service,
        aws_access_key_id=session["accessKey"],
        aws_secret_access_key=session["secretKey"],
        aws_session_token=session["sessionToken"],
    )


def receive(session, count, seconds=60):
    """The bodies of so many messages of a session, in their order of arrival, received and deleted with its own keys."""
    own, queue, bodies = with_keys_of(session), session["sqsUrl"], []
    until = time.monotonic() + seconds
    while len(bodies) < count and time.monotonic() < until:
        answer = own.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=min(20, seconds))
        for message in answer.get("Messages", []):
            bodies.append(message["Body"])
            own.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    return bodies


def eventually(check, seconds=90):
    """Repeats a check until it holds. AWS applies policies and deletions of queues within 60 seconds:
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
    """
    until = time.monotonic() + seconds
    while True:
        try:
            return check()
        except (AssertionError, ClientError, Refusal):
            if time.monotonic() > until:
                raise
            time.sleep(1)


def new_account():
    """An account that no other run uses."""
    return random.randrange(10**9, 2**53)
