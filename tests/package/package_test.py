#!/usr/bin/env python3
"""An application builds and runs against an install prefix that was moved, and with Holdfast inside its own build.

package_test.py SOURCE BUILD: the source tree, and a build of it whose libraries and program are up to date."""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE, BUILD = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
CONSUMER = SOURCE / "tests" / "package" / "consumer"


def run(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=1200)
    if done.returncode != 0:
        raise AssertionError(f"{words[0]} failed:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")
    return done.stdout


class Package(unittest.TestCase):
    def setUp(self):
        kept = tempfile.TemporaryDirectory()
        self.addCleanup(kept.cleanup)
        self.folder = pathlib.Path(kept.name)

    def check_consumer(self, *settings):
        build = self.folder / "consumer"
        run("cmake", "-G", "Ninja", "-S", CONSUMER, "-B", build, "-DCMAKE_BUILD_TYPE=Release", *settings)
        run("cmake", "--build", build, "--target", "consumer", "-j2")
        programs = [path for path in build.rglob("consumer") if path.is_file()]
        self.assertEqual(run(programs[0], self.folder / "notes.db"), "1 kept\n")

    def test_an_install_prefix_that_was_moved(self):
        run("cmake", "--install", BUILD, "--prefix", self.folder / "first")
        (self.folder / "first").rename(self.folder / "prefix")
        self.check_consumer(f"-DCMAKE_PREFIX_PATH={self.folder / 'prefix'}")
        self.assertIn("holdfast 0.1", run(self.folder / "prefix" / "bin" / "holdfast", "--version"))
        written = [path for path in (self.folder / "prefix").rglob("*.cmake")
                   if str(SOURCE) in path.read_text() or str(self.folder / "first") in path.read_text()]
        self.assertEqual(written, [], "the package names folders of the machine that made it")

    @unittest.skipUnless(shutil.which("node"), "needs Node.js")
    def test_an_installed_program_finds_its_scripts_beside_itself(self):
        prefix = self.folder.resolve() / "prefix"
        run("cmake", "--install", BUILD, "--prefix", prefix)
        asked = [prefix / "bin" / "holdfast", "check", "--schema", SOURCE / "tests" / "parity" / "gen2" / "todo" / "resource.ts"]
        said = subprocess.run(asked, capture_output=True, text=True, timeout=120).stderr
        self.assertIn(f"npm ci --prefix {prefix / 'share' / 'holdfast' / 'node'}", said)

    def test_holdfast_inside_the_build_of_the_application(self):
        # The program that is there already; and warnings as errors, so that a compiler cache knows the library's sources.
        self.check_consumer(f"-DHOLDFAST_SOURCE={SOURCE}", "-DHOLDFAST_WERROR=ON",
                            f"-DHOLDFAST_PROGRAM={BUILD / 'bin' / 'holdfast'}")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
