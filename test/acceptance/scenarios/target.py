"""The deployed service that scenarios run against: its API, its queues, and clients with the caller's or a session's credentials.

ENDPOINT is where all services of AWS are, for an emulator; without it, AWS itself. API_URL replaces the stack's output of that
name. Credentials and Region are found as every AWS SDK finds them.
"""

import json
import os
import random
import re
import sys
import time
import urllib.error
import urllib.request
from urllib.parse import quote

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
)

ENDPOINT = os.environ.get("ENDPOINT") or None
STACK = os.environ["STACK"]
CONFIG = Config(inject_host_prefix=ENDPOINT is None, max_pool_connections=50, retries={"mode": "standard"})
NEEDS = "The scenarios need a deployed stack, its Region, and credentials with the policy in docs/acceptance.md."


def explain(error):
    """What is the matter when the stack cannot be read, and what to do."""
    if isinstance(error, NoRegionError):
        return "There is no Region: give --region, or set AWS_REGION."
    if isinstance(error, (NoCredentialsError, PartialCredentialsError, ProfileNotFound)):
        return f"There are no AWS credentials ({error}): run aws configure or aws sso login, or set AWS_PROFILE."
    if isinstance(error, EndpointConnectionError):
        return f"Nothing answers: {error} Check --target and --region."
    if not isinstance(error, ClientError):
        return str(error)
    code = error.response["Error"]["Code"]
    if code == "ValidationError":
        return f"There is no stack {STACK} in {aws.region_name}: check --stack, --region and the account of the credentials."
    if re.match("ExpiredToken|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch", code):
        return f"AWS refuses the credentials ({code}): renew them, for example with aws sso login."
    return f"The credentials may not read the stack {STACK}: {error}"


def give_up(error):
    print(f"{explain(error)}\n{NEEDS}", file=sys.stderr)
    sys.exit(2)


def open_session():
    try:
        return boto3.Session()
    except BotoCoreError as error:
        give_up(error)


aws = open_session()


def client(service, **credentials):
    return aws.client(service, endpoint_url=ENDPOINT, config=CONFIG, **credentials)


def read_outputs():
    try:
        (stack,) = client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    except (BotoCoreError, ClientError) as error:
        give_up(error)
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


outputs = read_outputs()
missing = {"ApiUrl", "EventStreamName", "SessionTableName", "RejectedQueueUrl"} - set(outputs)
if missing:
    print(f"The stack {STACK} has no outputs {', '.join(sorted(missing))}: it must be one of `cdk deploy`, with a stream.", file=sys.stderr)
    sys.exit(2)
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
