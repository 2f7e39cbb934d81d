"""Fields that functions and services answer: a real backend, real executables, a real HTTP server."""

import http.server
import json
import pathlib
import signal
import socket
import sys
import tempfile
import threading
import unittest

from programs import PATIENCE_SECONDS, Backend, Subscriber

LIMIT_SECONDS = 4  # Python starts within it on a busy machine, and nobody waits for long.
BIN = pathlib.Path(sys.argv.pop(1))

SCHEMA = """
type Post @model {
  id: ID!
  title: String
  shout: String @function(name: "shout")
}
type Query {
  echo(msg: String, times: Int): String @function(name: "echo-${env}")
  chain(n: Int!): Int @function(name: "add") @function(name: "double")
  remote(msg: String): Answer @function(name: "remote")
  slow: String @function(name: "slow")
  crash: String @function(name: "crash")
  words: String @function(name: "words")
  huge: String @function(name: "huge")
  nobody: String @function(name: "nobody")
  weather(id: ID!, unit: String): Answer @http(url: "http://127.0.0.1:PORT/weather/:id", headers: [{key: "x-from", value: "${env}"}])
  feed: Feed @http(url: "http://127.0.0.1:PORT/feed.xml")
}
type Feed { posts: Posts }
type Posts { post: [FeedPost] }
type FeedPost { id: Int title: String }
type Mutation {
  order(item: String!): Answer @function(name: "remote")
  report(id: ID!, text: String!): Answer @http(method: POST, url: "http://127.0.0.1:PORT/reports/:id")
  later: EventInvocationResponse @function(name: "remote", invocationType: Event)
}
type Subscription {
  onOrder(path: String): Answer @aws_subscribe(mutations: ["order", "report"])
  onGuarded(path: String): Answer @aws_subscribe(mutations: ["order"]) @function(name: "door")
  onRemote(id: ID!): Answer @aws_subscribe(mutations: ["order"]) @http(url: "http://127.0.0.1:PORT/doors/:id")
  onSlow: Answer @aws_subscribe(mutations: ["order"]) @function(name: "slow")
}
type Answer { method: String path: String body: AWSJSON header: String }
type EventInvocationResponse { success: Boolean! }
"""

FUNCTION = """
import json, os, sys
event = json.load(sys.stdin)
what = sys.argv[1]
if what == "echo":
    print(json.dumps(event["arguments"]["msg"] * event["arguments"].get("times", 1)))
if what == "add":
    print(event["arguments"]["n"] + 1)
if what == "double":
    print(event["prev"]["result"] * 2)
if what == "shout":
    print(json.dumps(event["source"]["title"].upper() + "!"))
if what == "door":
    print(json.dumps({"errorMessage": "not behind " + event["fieldName"]} if event["arguments"].get("path") == "/secret" else None))
    sys.exit(event["arguments"].get("path") == "/secret")
if what == "slow":
    import time
    print("sleeping", file=sys.stderr, flush=True)
    time.sleep(600)
if what == "crash":
    print("my last words", file=sys.stderr)
    os.abort()
if what == "words":
    print("hello, this is no JSON")
if what == "huge":
    print(json.dumps("x" * 8_000_000))
"""


class Service(http.server.BaseHTTPRequestHandler):
    """Answers with what it was asked."""

    seen = []
    has_come = threading.Event()

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        Service.seen.append((self.path, body))
        Service.has_come.set()
        status = 503 if "teapot" in body or self.path == "/doors/closed" else 200
        answer = json.dumps({"method": self.command, "path": self.path, "body": json.loads(body) if body else None,
                             "header": self.headers.get("x-from")}).encode()
        if self.path.endswith(".xml"):
            answer = b"<?xml version='1.0'?><posts><post id='1'><title>One &amp; only</title></post><post id='2'/></posts>"
        self.send_response(status)
        self.send_header("content-type", "application/rss+xml" if self.path.endswith(".xml") else "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST

    def log_message(self, *_):
        pass


class Functions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.kept = tempfile.TemporaryDirectory()
        folder = pathlib.Path(cls.kept.name)
        cls.service = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Service)
        cls.port = cls.service.server_address[1]
        threading.Thread(target=cls.service.serve_forever, daemon=True).start()
        schema = folder / "schema.graphql"
        schema.write_text(SCHEMA.replace("PORT", str(cls.port)))
        script = folder / "function.py"
        script.write_text(FUNCTION)
        options = ["--env", "test", "--function", f"remote=http://127.0.0.1:{cls.port}/call"]
        names = {"echo-test": "echo", **{name: name for name in ("add", "double", "shout", "crash", "words", "huge", "door")}}
        for name, what in names.items():
            options += ["--function", f"{name}={sys.executable} {script} {what}"]
        settings = folder / "holdfast.toml"
        settings.write_text(f"""[functions.slow]
command = {json.dumps([sys.executable, str(script), "slow"])}
environment = ["MOOD=sleepy"]
timeout = "{LIMIT_SECONDS}s"
""")
        options += ["--config", settings]
        # As under a parent that does not care for its children: that is inherited, and must not reach ours.
        cls.backend = Backend(BIN, folder / "data", *options, schema=schema,
                              preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN))

    @classmethod
    def tearDownClass(cls):
        cls.backend.stop()
        cls.service.shutdown()
        cls.service.server_close()
        cls.kept.cleanup()

    def ask(self, query, variables=None):
        status, _, reply = self.backend.post(json.dumps({"query": query, "variables": variables or {}}).encode())
        self.assertEqual(status, 200, reply)
        return reply

    def get(self, query, variables=None):
        reply = self.ask(query, variables)
        self.assertNotIn("errors", reply)
        return next(iter(reply["data"].values()))

    def refusal(self, query):
        (error,) = self.ask(query)["errors"]
        return error["errorType"], error["message"]

    def test_a_query_is_answered_by_an_executable(self):
        self.assertEqual(self.get('{ echo(msg: "na", times: 3) }'), "nanana")

    def test_a_service_answers_in_xml(self):
        self.assertEqual(self.get("{ feed { posts { post { id title } } } }"),
                         {"posts": {"post": [{"id": 1, "title": "One & only"}, {"id": 2, "title": None}]}})

    def test_subscribers_are_told_what_a_mutation_answered(self):
        subscriber = self.subscriber('subscription { onOrder(path: "/reports/7") { path method header } }')
        self.get('mutation { order(item: "tea") { path } }')
        self.get('mutation { report(params: {id: "7"}, body: {text: "t"}) { method } }')
        self.get('mutation { report(params: {id: "7"}, body: {text: "t"}) { where: path method } }')
        self.assertEqual(subscriber.next_payload(), {"data": {"onOrder": {"path": "/reports/7", "method": "POST", "header": None}}})

    def subscriber(self, document, is_started=True, backend=None):
        connected = socket.create_connection(("127.0.0.1", (backend or self.backend).port), timeout=PATIENCE_SECONDS)
        self.addCleanup(connected.close)
        subscriber = Subscriber(connected, document, is_started)
        self.addCleanup(subscriber.file.close)
        return subscriber

    def test_functions_and_services_say_who_may_subscribe(self):
        refused = self.subscriber('subscription { onGuarded(path: "/secret") { path } }', is_started=False)
        self.assertEqual(refused.next_message("start_ack", "error"), {"id": "s", "type": "error", "payload": {
            "errors": [{"errorType": "Lambda:Unhandled", "message": "not behind onGuarded"}]}})
        refused.start("r", 'subscription { onRemote(params: {id: "closed"}) { path } }')
        error = refused.next_message("start_ack", "error")
        self.assertEqual((error["id"], error["payload"]["errors"][0]["errorType"]), ("r", "503"))
        let_in = self.subscriber('subscription { onGuarded(path: "/call") { path } }')
        remote = self.subscriber('subscription { onRemote(params: {id: "open"}) { path } }')
        self.get('mutation { order(item: "tea") { path } }')
        self.assertEqual(let_in.next_payload(), {"data": {"onGuarded": {"path": "/call"}}})
        self.assertEqual(remote.next_payload(), {"data": {"onRemote": {"path": "/call"}}})

    def test_a_slow_function_of_a_subscription_holds_up_nobody(self):
        slow = self.subscriber("subscription { onSlow { path } }", is_started=False)
        slow.start("o", "subscription { onOrder { path } }")
        self.assertEqual(slow.next_message("start_ack", "error")["id"], "o")
        error = slow.next_message("start_ack", "error")
        self.assertEqual((error["id"], error["payload"]["errors"][0]["errorType"]), ("s", "Lambda:ExecutionTimeoutException"))

    def test_the_end_waits_for_functions_of_subscriptions_no_longer_than_it_may(self):
        backend = Backend(BIN, pathlib.Path(self.kept.name) / "starting", "--function", "slow=sleep 25", "--drain-time", "500ms",
                          schema=pathlib.Path(self.kept.name) / "schema.graphql")
        waiting = self.subscriber("subscription { onSlow { path } }", is_started=False, backend=backend)
        waiting.start("o", "subscription { onOrder { path } }")
        self.assertEqual(waiting.next_message("start_ack")["id"], "o")
        self.assertEqual(backend.stop(patience=20), 0)

    def test_a_mutation_is_answered_by_an_endpoint(self):
        answer = self.get('mutation { order(item: "tea") { method path body } }')
        self.assertEqual((answer["method"], answer["path"]), ("POST", "/call"))
        event = json.loads(answer["body"])
        self.assertEqual(sorted(event), ["arguments", "fieldName", "identity", "prev", "request", "source", "typeName"])
        self.assertEqual((event["typeName"], event["fieldName"], event["arguments"]), ("Mutation", "order", {"item": "tea"}))
        self.assertEqual(event["request"]["headers"]["content-type"], "application/json")

    def test_a_chain_hands_its_result_on(self):
        self.assertEqual(self.get("{ chain(n: 4) }"), 10)

    def test_fields_of_records_are_answered_for_each_of_them(self):
        for title in ("a", "b", "c"):
            self.get("mutation ($t: String) { createPost(input: {title: $t}) { id } }", {"t": title})
        items = self.get("{ listPosts { items { title shout } } }")["items"]
        self.assertEqual(sorted((item["title"], item["shout"]) for item in items), [("a", "A!"), ("b", "B!"), ("c", "C!")])

    def test_what_goes_wrong_is_told_at_the_field(self):
        self.assertEqual(self.refusal("{ crash }"),
                         ("Lambda:Unhandled", "The function crash failed: it was ended by signal 6."))
        self.assertEqual(self.refusal("{ huge }")[1], "The function huge failed: the answer is longer than 6 MiB.")
        kind, message = self.refusal("{ words }")
        self.assertEqual(kind, "Lambda:Unhandled")
        self.assertIn("The answer of the function words is not JSON", message)
        kind, message = self.refusal("{ nobody }")
        self.assertEqual(kind, "NotServed")
        self.assertIn("set functions.nobody.url", message)

    def test_services_get_path_query_headers_and_body(self):
        answer = self.get('{ weather(params: {id: "Köln/1"}, query: {unit: "c"}) { method path header } }')
        self.assertEqual(answer, {"method": "GET", "path": "/weather/K%C3%B6ln%2F1?unit=c", "header": "test"})
        answer = self.get('mutation { report(params: {id: "7"}, body: {text: "ok"}) { path body } }')
        self.assertEqual(answer, {"path": "/reports/7", "body": '{"text":"ok"}'})
        kind, message = self.refusal('mutation { report(params: {id: "7"}, body: {text: "teapot"}) { path } }')
        self.assertEqual(kind, "503")
        self.assertIn("teapot", message)

    def test_nobody_waits_for_events(self):
        Service.has_come.clear()
        self.assertEqual(self.get("mutation { later { success } }"), {"success": True})
        self.assertTrue(Service.has_come.wait(20))

    def test_the_end_does_not_wait_for_events_longer_than_it_may(self):
        backend = Backend(BIN, pathlib.Path(self.kept.name) / "ending", "--function", "remote=sleep 25", "--drain-time", "500ms",
                          schema=pathlib.Path(self.kept.name) / "schema.graphql")
        self.assertEqual(backend.query("mutation { later { success } }")["data"], {"later": {"success": True}})
        self.assertEqual(backend.stop(patience=20), 0)

    def test_slow_functions_leave_room_for_everybody_else(self):
        def wait_for_slow():
            replies.append(self.ask("{ slow }"))
        replies = []
        callers = [threading.Thread(target=wait_for_slow) for _ in range(6)]
        for caller in callers:
            caller.start()
        self.get("{ listPosts { items { id } } }")
        self.assertEqual(replies, [], "all six still wait")
        for caller in callers:
            caller.join()
        for reply in replies:
            (error,) = reply["errors"]
            self.assertEqual((error["errorType"], error["message"]),
                             ("Lambda:ExecutionTimeoutException", f"The function slow failed: no answer within {LIMIT_SECONDS} seconds."))


if __name__ == "__main__":
    unittest.main()
