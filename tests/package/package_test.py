#!/usr/bin/env python3
"""Applications build and run against an install prefix that was moved, in C++ and in C, and with Holdfast inside their
own build, by FetchContent and by add_subdirectory.

package_test.py SOURCE BUILD: the source tree, and a build of it whose libraries and program are up to date. Consumers are
compiled as that build was, in a folder beside it: so a compiler cache knows what it has compiled already."""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE, BUILD = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
CONSUMERS = SOURCE / "tests" / "package"
AS_BUILT = ("CMAKE_BUILD_TYPE", "CMAKE_C_COMPILER", "CMAKE_CXX_COMPILER", "CMAKE_CXX_COMPILER_LAUNCHER",
            "CMAKE_CXX_FLAGS_DEBUG", "CMAKE_CXX_FLAGS_RELEASE", "HOLDFAST_SANITIZE")


def run(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=1200)
    if done.returncode != 0:
        raise AssertionError(f"{words[0]} failed:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")
    return done.stdout


def settings_of_the_build():
    cache = dict(re.findall(r"^(\w+):\w+=(.*)$", (BUILD / "CMakeCache.txt").read_text(), re.M))
    settings = [f"-D{name}={cache[name]}" for name in AS_BUILT if cache.get(name)]
    if sanitize := cache.get("HOLDFAST_SANITIZE"):
        settings.append(f"-DCMAKE_EXE_LINKER_FLAGS=-fsanitize={sanitize}")
    return settings


class Package(unittest.TestCase):
    def folder(self, **where):
        kept = tempfile.TemporaryDirectory(prefix=f"{BUILD.name}-package-", **where)
        self.addCleanup(kept.cleanup)
        return pathlib.Path(kept.name).resolve()

    def installed(self):
        """A prefix that was moved after the installation."""
        folder = self.folder()
        run("cmake", "--install", BUILD, "--prefix", folder / "first")
        (folder / "first").rename(folder / "prefix")
        return folder / "prefix"

    def build(self, name, *settings):
        build = self.folder(dir=BUILD.parent)
        run("cmake", "-G", "Ninja", "-S", CONSUMERS / name, "-B", build, *settings_of_the_build(), *settings)
        run("cmake", "--build", build, "--target", "consumer", "-j2")
        return build

    def check(self, build, *words):
        [program] = [path for path in build.rglob("consumer") if path.is_file()]
        self.assertEqual(run(program, self.folder() / "notes.db", *words), "1 kept\n")

    def test_an_install_prefix_that_was_moved(self):
        prefix = self.installed()
        self.check(self.build("consumer", f"-DCMAKE_PREFIX_PATH={prefix}"))
        self.assertIn("holdfast 0.1", run(prefix / "bin" / "holdfast", "--version"))
        written = [path for path in prefix.rglob("*.cmake") if str(SOURCE) in path.read_text() or "/first" in path.read_text()]
        self.assertEqual(written, [], "the package names folders of the machine that made it")

    def test_a_program_in_c_with_an_install_prefix(self):
        build = self.build("c_consumer", f"-DCMAKE_PREFIX_PATH={self.installed()}")
        self.check(build, build / "notes.json")

    @unittest.skipUnless(shutil.which("node"), "needs Node.js")
    def test_an_installed_program_finds_its_scripts_beside_itself(self):
        prefix = self.installed()
        asked = [prefix / "bin" / "holdfast", "check", "--schema", SOURCE / "tests" / "parity" / "gen2" / "todo" / "resource.ts"]
        said = subprocess.run(asked, capture_output=True, text=True, timeout=120).stderr
        self.assertIn(f"npm ci --prefix {prefix / 'share' / 'holdfast' / 'node'}", said)

    def test_holdfast_inside_the_build_of_the_application(self):
        for way in ("FETCH", "SUBDIRECTORY"):
            with self.subTest(way):
                # The program that is there already; warnings are errors, as they were in the build.
                build = self.build("consumer", f"-DHOLDFAST_{way}={SOURCE}", "-DHOLDFAST_WERROR=ON",
                                   f"-DHOLDFAST_PROGRAM={BUILD / 'bin' / 'holdfast'}")
                self.check(build)

    def test_inside_another_build_only_what_is_needed_is_built(self):
        build = self.folder(dir=BUILD.parent)
        run("cmake", "-G", "Ninja", "-S", CONSUMERS / "consumer", "-B", build, f"-DHOLDFAST_FETCH={SOURCE}", *settings_of_the_build())
        commands = run("ninja", "-C", build, "-t", "commands", "all")
        self.assertIn("src/client/", commands)
        self.assertIn("apps/cli/", commands)  # It makes the models.
        for part in ("_test.cc", "/tests/capi/", "/examples/", "/bench/", "/fuzz/", "src/capi/"):
            self.assertNotIn(part, commands)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
