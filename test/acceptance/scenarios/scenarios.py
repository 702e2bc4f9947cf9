"""The acceptance scenarios; docs/acceptance.md says what they need. main.py runs them."""

import base64
import json
import random
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor

from botocore.exceptions import ClientError

from target import Refusal, call, client, eventually, new_account, outputs, publish, receive, request, sqs, with_keys_of

KEYS = {"accessKey", "secretKey", "sessionToken"}
DESCRIPTION = KEYS | {"accountId", "sessionId", "sqsUrl", "identityId", "expires"}
REFUSED = ("AccessDenied", "AccessDeniedException", "AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist")


class Scenarios(unittest.TestCase):
    def setUp(self):
        self.account = new_account()

    def create(self, name, *user, account=None):
        """A session that is destroyed after the scenario."""
        account = account or self.account
        session = call("create", account, name, *user)
        self.addCleanup(self.destroy, account, name)
        return session

    def destroy(self, account, name):
        try:
            call("destroy", account, name)
        except Refusal as refusal:
            if refusal.status != 404:
                raise

    def assert_refused(self, status, error, *segments, **given):
        with self.assertRaises(Refusal) as caught:
            call(*segments, **given)
        refusal = caught.exception
        self.assertEqual((refusal.status, refusal.error.get("error")), (status, error), refusal)
        return refusal.error

    def assert_denied(self, ask):
        with self.assertRaises(ClientError) as caught:
            ask()
        self.assertIn(caught.exception.response["Error"]["Code"], REFUSED)

    def assert_receives(self, session, *messages):
        self.assertEqual([json.loads(body) for body in receive(session, len(messages))], list(messages))

    def test_create(self):
        """create describes a session, and its user"""
        session = self.create("a session/with ünusual ' \" \\ % id", 7)
        self.assertEqual(set(session), DESCRIPTION | {"userId"})
        self.assertEqual((session["accountId"], session["userId"]), (self.account, 7))
        self.assertEqual(session["sessionId"], "a session/with ünusual ' \" \\ % id")

    def test_poll(self):
        """a poll with the session's keys that waits gets what is sent meanwhile, hides it and deletes it"""
        session = self.create("poll")
        own, queue = with_keys_of(session), session["sqsUrl"]
        call("notify", self.account, body={"msg": "first"})
        self.assert_receives(session, {"accountId": self.account, "msg": "first"})
        answers = []
        poll = threading.Thread(
            target=lambda: answers.append(own.receive_message(QueueUrl=queue, WaitTimeSeconds=20))
        )
        poll.start()
        call("notify", self.account, body={"msg": "second"})
        poll.join()
        (message,) = answers[0]["Messages"]
        self.assertEqual(json.loads(message["Body"]), {"accountId": self.account, "msg": "second"})
        handle = message["ReceiptHandle"]
        own.change_message_visibility(QueueUrl=queue, ReceiptHandle=handle, VisibilityTimeout=0)
        (again,) = own.receive_message(QueueUrl=queue, WaitTimeSeconds=20)["Messages"]
        own.delete_message(QueueUrl=queue, ReceiptHandle=again["ReceiptHandle"])
        self.assertNotIn("Messages", own.receive_message(QueueUrl=queue, WaitTimeSeconds=1))

    def test_notify(self):
        """notify reaches an account, a user, a session, and a session of a user, and nobody else"""
        seven, eight, guest = self.create("seven", 7), self.create("eight", 8), self.create("guest")
        other = self.create("seven", 7, account=new_account())
        ways = [
            ((), "all", 3),
            (("user", 7), "seven", 1),
            (("session", "guest"), "guest", 1),
            (("session", "eight", "user", 8), "eight", 1),
            (("session", "eight", "user", 7), "nobody", 0),
        ]
        for path, text, reached in ways:
            answer = call("notify", self.account, *path, body={"msg": text})
            self.assertEqual((answer["sessions"], answer["delivered"]), (reached, reached), path)
        for session, text in (seven, "seven"), (eight, "eight"), (guest, "guest"):
            texts = sorted(json.loads(body)["msg"] for body in receive(session, 2))
            self.assertEqual(texts, sorted(["all", text]))
        self.assertEqual(receive(other, 1, seconds=1), [])

    def test_notify_query(self):
        """notify builds its message of the query, as it was given"""
        session = self.create("query")
        call("notify", self.account, query="?msg=Hello%20World%21&n=1&q=%22%5C%27%25")
        self.assert_receives(session, {"accountId": self.account, "msg": "Hello World!", "n": "1", "q": "\"\\'%"})

    def test_publish(self):
        """publish sends many messages in a call, byte for byte and in order, says what became of each, and repeats none"""
        seven, guest = self.create("seven", 7), self.create("guest")
        texts = [f'{{ "accountId" : {self.account}, "n":{n}.0,"t":"\\u00e9\\/\u4e2d" }}' for n in range(12)]
        texts[5] = json.dumps({"accountId": self.account, "userId": 7, "only": "seven"})
        events = [f'{{"message":{text},"idempotencyKey":"{self.account} {n}"}}' for n, text in enumerate(texts)]
        body = f'{{"events":[{",".join([*events, "{}"])}]}}'.encode()
        with ThreadPoolExecutor(2) as pool:
            first, second = pool.map(lambda _: request("/publish", body), range(2))
        self.assertEqual(first, second)
        self.assertEqual([result["status"] for result in first["results"]], ["sent"] * 12 + ["rejected"])
        self.assertEqual((first["notTaken"], first["results"][12]["field"]), (1, "events[12].message"))
        self.assertEqual(request("/publish", body), first)
        self.assertEqual(receive(seven, 12), texts)
        self.assertEqual(receive(guest, 12, seconds=3), texts[:5] + texts[6:])

    def test_kinesis(self):
        """records of the stream reach their sessions in the stream's order, byte for byte"""
        seven, guest = self.create("seven", 7), self.create("guest")
        records = [f'{{ "accountId" : {self.account}, "n":{n}.0,"t":"\\u00e9\\/\u4e2d" }}' for n in range(12)]
        records[5] = json.dumps({"accountId": self.account, "userId": 7, "only": "seven"})
        publish(*records)
        self.assertEqual(receive(seven, 12), records)
        self.assertEqual(receive(guest, 11), records[:5] + records[6:])

    def test_large(self):
        """a message too large for a state machine comes byte for byte, whether it can be compressed or not"""
        session = self.create("large")
        text = "".join(random.Random(self.account).choices("0123456789abcdefghijklmnopqrstuvwxyz", k=400_000))
        head = f'{{ "accountId" : {self.account}, "text":'
        hard, easy = f'{head}"{text}"}}', f'{head}"{text[:100] * 4000}"}}'
        publish(hard)
        self.assertEqual(receive(session, 1), [hard])
        publish(easy)
        self.assertEqual(receive(session, 1), [easy])
        answer = request("/publish", f'{{"events":[{{"message":{hard}}}]}}'.encode())
        self.assertEqual(answer["results"][0]["status"], "sent")
        self.assertEqual(receive(session, 1), [hard])

    def test_rejected(self):
        """a record that is no message is in the rejected queue with its reason, and holds up nothing"""
        session = self.create("beside")
        bad = f"no message for {self.account}"
        publish(bad, json.dumps({"accountId": self.account, "msg": "good"}))
        self.assert_receives(session, {"accountId": self.account, "msg": "good"})
        queue = outputs["RejectedQueueUrl"]

        def find():
            answer = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, VisibilityTimeout=1, WaitTimeSeconds=5)
            found = [message for message in answer.get("Messages", []) if base64.b64encode(bad.encode()).decode() in message["Body"]]
            self.assertEqual(len(found), 1)
            return found[0]

        message = eventually(find)
        self.assertTrue(json.loads(message["Body"])["reason"])
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])

    def test_renew(self):
        """renew gives new keys for the same queue, and the old ones work beside them"""
        old = self.create("renew")
        new = call("renew", self.account, "renew")
        self.assertEqual((new["sqsUrl"], new["identityId"]), (old["sqsUrl"], old["identityId"]))
        self.assertNotEqual(new["accessKey"], old["accessKey"])
        for session in old, new:
            call("notify", self.account, body={"msg": "hi"})
            self.assert_receives(session, {"accountId": self.account, "msg": "hi"})

    def test_refresh(self):
        """creating a session again keeps queue and messages, gives keys that work at once, and ends the old ones"""
        old = self.create("refresh")
        call("notify", self.account, body={"msg": "waiting"})
        new = self.create("refresh")
        self.assertEqual(new["sqsUrl"], old["sqsUrl"])
        self.assert_receives(new, {"accountId": self.account, "msg": "waiting"})
        eventually(lambda: self.assert_denied(lambda: with_keys_of(old).receive_message(QueueUrl=old["sqsUrl"])))

    def test_status(self):
        """status issues keys that work, and lists sessions page by page without any"""
        created = [self.create(name) for name in ("a", "b", "c")]
        one = call("status", self.account, "b")
        self.assertEqual(set(one), DESCRIPTION)
        call("notify", self.account, "session", "b", body={"msg": "hi"})
        self.assert_receives(one, {"accountId": self.account, "sessionId": "b", "msg": "hi"})

        def list_all():
            listed, query = [], "?limit=2"
            while query:
                page = call("status", self.account, query=query)
                self.assertLessEqual(len(page["sessions"]), 2)
                listed += page["sessions"]
                query = f"?limit=2&nextToken={page['nextToken']}" if "nextToken" in page else ""
            self.assertEqual([session["sqsUrl"] for session in listed], [session["sqsUrl"] for session in created])
            return listed

        for session in eventually(list_all):
            self.assertEqual(set(session), DESCRIPTION - KEYS)

    def test_destroy(self):
        """destroy ends a session, and its keys open nothing any more"""
        session = self.create("destroy")
        self.assertEqual(call("destroy", self.account, "destroy"), {"destroyed": True})
        for route in "status", "renew", "destroy":
            self.assert_refused(404, "SessionNotFound", route, self.account, "destroy")
        own = with_keys_of(session)
        eventually(lambda: self.assert_denied(lambda: own.receive_message(QueueUrl=session["sqsUrl"])))

    def test_cleanup(self):
        """cleanup removes a session whose keys expired long ago, with its queue and identity, and keeps the others"""
        self.create("kept")
        left = self.create("left")
        key = {"accountId": {"N": str(self.account)}, "sessionId": {"S": "left"}}
        client("dynamodb").update_item(
            TableName=outputs["SessionTableName"],
            Key=key,
            UpdateExpression="SET expires = :longAgo",
            ExpressionAttributeValues={":longAgo": {"N": str(left["expires"] - 30 * 24 * 3600)}},
        )

        def clean():
            answer = call("cleanup")
            self.assertTrue(answer["complete"], answer)
            item = client("dynamodb").get_item(TableName=outputs["SessionTableName"], Key=key, ConsistentRead=True)
            self.assertNotIn("Item", item)

        eventually(clean)
        cognito = client("cognito-identity")
        with self.assertRaises(ClientError) as caught:
            cognito.describe_identity(IdentityId=left["identityId"])
        self.assertEqual(caught.exception.response["Error"]["Code"], "ResourceNotFoundException")
        eventually(lambda: self.assert_denied(lambda: sqs.get_queue_url(QueueName=left["sqsUrl"].split("/")[-1])))
        self.assertEqual(call("status", self.account, "kept")["sessionId"], "kept")

    def test_volume(self):
        """fifty sessions open at once, and an event for all reaches each of them once, as do events for each"""
        with ThreadPoolExecutor(10) as pool:
            sessions = list(pool.map(lambda n: self.create(f"volume {n}", n % 5), range(50)))
            self.assertEqual(len({session["sqsUrl"] for session in sessions}), 50)
            publish(json.dumps({"accountId": self.account, "msg": "all"}))
            message = {"accountId": self.account, "msg": "all"}
            list(pool.map(lambda session: self.assert_receives(session, message), sessions))
            own = [{"accountId": self.account, "sessionId": session["sessionId"], "n": n} for n, session in enumerate(sessions)]
            answer = request("/publish", {"events": [{"message": message} for message in own]})
            self.assertEqual([result["status"] for result in answer["results"]], ["sent"] * 50)
            list(pool.map(self.assert_receives, sessions, own))
            rest = list(pool.map(lambda session: receive(session, 1, seconds=1), sessions))
            self.assertEqual(rest, [[]] * 50)

    def test_refused_requests(self):
        """a wrong request is refused with the name of what is wrong"""
        for route in ("create", "one", "a"), ("create", "1.5", "a"), ("status", "1e400"):
            self.assertEqual(self.assert_refused(400, "InvalidRequest", *route)["field"], "accountId")
        long = self.assert_refused(400, "InvalidRequest", "create", self.account, "x" * 256)
        self.assertEqual(long["field"], "sessionId")
        self.assert_refused(400, "InvalidRequest", "create", self.account, "a", query="?MessageRetentionPeriod=59")
        self.assert_refused(400, "InvalidRequest", "notify", self.account, body=["no", "object"])
        named = self.assert_refused(400, "InvalidRequest", "publish", body={"messages": [{}]})
        self.assertEqual(named["message"], "messages is an array, but must be called events")
        self.assert_refused(404, "SessionNotFound", "renew", self.account, "nobody")
        self.assert_refused(403, "AccessDenied", "no", "route")

    def test_refused_bodies(self):
        """a body that is too large or of another type is refused"""
        large = {"message": {"accountId": self.account, "msg": "x" * 1_050_000}}
        self.assertEqual(call("publish", body={"events": [large]})["results"][0]["error"], "MessageTooLarge")
        # More than Step Functions takes as an input, and more than the service sends: targets without the first limit have the second.
        self.assert_refused(413, "MessageTooLarge", "notify", self.account, body={"msg": "x" * 1_100_000})
        with self.assertRaises(Refusal) as caught:
            request(f"/notify/{self.account}", b"x", headers={"Content-Type": "text/plain"})
        self.assertEqual((caught.exception.status, caught.exception.error["error"]), (415, "UnsupportedMediaType"))

    def test_refused_keys(self):
        """a session's keys open its own queue for reading, and nothing else"""
        session, other = self.create("mine"), self.create("other")
        own, queue = with_keys_of(session), session["sqsUrl"]
        table = outputs["SessionTableName"]
        stream = outputs["EventStreamName"]
        attempts = [
            lambda: own.receive_message(QueueUrl=other["sqsUrl"]),
            lambda: own.receive_message(QueueUrl=outputs["RejectedQueueUrl"]),
            lambda: own.send_message(QueueUrl=queue, MessageBody="x"),
            lambda: own.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"]),
            lambda: own.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "1"}),
            lambda: own.purge_queue(QueueUrl=queue),
            lambda: own.delete_queue(QueueUrl=queue),
            lambda: own.list_queues(),
            lambda: with_keys_of(session, "dynamodb").scan(TableName=table),
            lambda: with_keys_of(session, "kinesis").put_record(StreamName=stream, Data=b"{}", PartitionKey="a"),
        ]
        for number, attempt in enumerate(attempts):
            with self.subTest(number):
                self.assert_denied(attempt)

    def test_unsigned_requests(self):
        """the API refuses a request without a signature"""
        with self.assertRaises(Refusal) as caught:
            request(f"/status/{self.account}", sign=False)
        self.assertEqual((caught.exception.status, caught.exception.error["error"]), (403, "AccessDenied"))
