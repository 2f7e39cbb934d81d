#!/usr/bin/env python3
"""The examples, each driven as its user would. Usage: examples_test.py BIN_FOLDER"""

import pathlib
import subprocess
import sys
import tempfile
import unittest

from programs import API_KEY, Backend, PATIENCE_SECONDS, Program, ROOT

BIN = pathlib.Path()
BLOG = ROOT / "examples" / "blog" / "schema.graphql"


class Example(Program):
    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def ask(self, line, answer):
        """Writes the line; returns what is printed up to the line that begins with `answer`, which comes last."""
        self.say(line)
        lines = [self.next_line()]
        while lines[-1] is not None and not lines[-1].startswith(answer):
            lines.append(self.next_line())
        return lines

    def end(self):
        """Closes the input; returns the exit code and what was still printed."""
        self.process.stdin.close()
        code = self.process.wait(timeout=PATIENCE_SECONDS)
        self.reader.join()
        self.process.stdout.close()
        rest = []
        while (line := self.lines.get_nowait()) is not None:
            rest.append(line)
        return code, rest


class Examples(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="holdfast-examples-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def terminal(self, *options):
        made = Example([BIN / "example_terminal", *options])
        self.assertEqual(made.next_line(), "ready")
        return made

    def test_a_terminal_keeps_queries_and_deletes_posts(self):
        database = self.folder / "posts.db"
        terminal = self.terminal("--database", database)
        self.assertEqual(terminal.ask("NEW 9 A good one", "saved")[0], 'log inserted here: "A good one" rating 9 ACTIVE')
        terminal.ask("NEW 2 A poor one", "saved")
        terminal.ask("NEW", "saved")
        self.assertEqual(terminal.ask("QUERY rating > 4", "found"),
                         ['  "A good one" rating 9 ACTIVE', '  "untitled" rating 5 ACTIVE', "found 2"])
        self.assertEqual(terminal.ask("QUERY rating <= 2", "found")[-1], "found 1")
        self.assertEqual(terminal.ask("QUERY rating about 2", "failed")[-1], "failed: write QUERY, or QUERY rating > 4")
        self.assertIn("are understood; not HELP", terminal.ask("HELP", "failed")[-1])
        self.assertEqual(terminal.end()[0], 0)

        again = self.terminal("--database", database)
        self.assertEqual(again.ask("QUERY", "found")[-1], "found 3")
        said = again.ask("DELETE ALL", "deleted")
        self.assertEqual([len(said), said[-1]], [4, "deleted 3"])
        self.assertTrue(all(line.startswith("log removed here") for line in said[:3]), said)
        again.say("QUIT")
        self.assertEqual(again.end(), (0, []))

    def test_two_terminals_see_each_other_through_a_backend(self):
        backend = Backend(BIN, self.folder / "backend", schema=BLOG)
        sync = ["--endpoint", backend.endpoint, "--api-key", API_KEY]
        first, second = self.terminal(*sync), self.terminal(*sync)
        first.ask("NEW 7 Over the wire", "saved")
        second.wait_for(lambda line: line == 'log inserted from afar: "Over the wire" rating 7 ACTIVE')
        second.ask("DELETE ALL", "deleted 1")
        first.wait_for(lambda line: line.startswith("log removed from afar"))
        self.assertEqual([first.end()[0], second.end()[0], backend.stop()], [0, 0, 0])

    def test_a_terminal_refuses_what_it_does_not_understand(self):
        for words in (["--colour", "red"], ["--database"]):
            done = subprocess.run([BIN / "example_terminal", *words], capture_output=True, text=True, timeout=PATIENCE_SECONDS)
            self.assertEqual(done.returncode, 2)
            self.assertIn("usage:", done.stderr)

    def test_asio_shows_every_change_on_its_own_loop(self):
        program = Example([BIN / "example_asio", self.folder / "asio.db"])
        self.assertEqual(program.next_line(), "best")
        self.assertEqual(program.ask("4 four", "best"), ["best | 4 four"])
        self.assertEqual(program.ask("9 nine", "best"), ["best | 9 nine | 4 four"])
        program.say("6 six")
        program.say("5 five")
        code, rest = program.end()
        self.assertEqual(code, 0)
        self.assertEqual(rest[-1], "best | 9 nine | 6 six | 5 five")
        self.assertFalse([line for line in rest if line.startswith("elsewhere")])

    def test_a_game_draws_its_board_when_poll_says_it_changed(self):
        program = Example([BIN / "example_poll", self.folder / "scores.db"])
        self.assertEqual(program.next_line(), "board")
        self.assertEqual(program.ask("Ada 10", "board"), ["board | Ada 10"])
        self.assertEqual(program.ask("Bob 12", "board"), ["board | Bob 12 | Ada 10"])
        self.assertEqual(program.ask("nonsense", "write"), ["write PLAYER POINTS"])
        self.assertEqual(program.end(), (0, []))


if __name__ == "__main__":
    BIN = pathlib.Path(sys.argv[1]).resolve()
    unittest.main(argv=sys.argv[:1])
