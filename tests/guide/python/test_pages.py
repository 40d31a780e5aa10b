"""The program that follows the book's links finds a page, a place and a chapter that are not there."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAM = pathlib.Path(__file__).parents[1] / "pages.py"
CHAPTERS = PROGRAM.parents[2] / "docs/guide/src"


class Pages(unittest.TestCase):
    def said(self, body, without=""):
        """What it says of a book in which every page has this body."""
        with tempfile.TemporaryDirectory() as folder:
            for chapter in CHAPTERS.glob("*.md"):
                if chapter.stem != without:
                    (pathlib.Path(folder) / f"{chapter.stem}.html").write_text(body)
            done = subprocess.run([sys.executable, PROGRAM, folder], stdout=subprocess.PIPE, text=True)
        return done.returncode, done.stdout

    def test_all_is_well(self):
        status, text = self.said("<h1 id=top></h1><a href=index.html#top></a><a href=#top></a><a href=https://x.example/></a>")
        self.assertEqual(status, 0)
        self.assertRegex(text, r"\A\d+ links are right\n\Z")

    def test_what_is_not_there(self):
        for link in ("gone.html", "index.html#gone", "#gone"):
            status, text = self.said(f"<a href={link}></a>")
            self.assertEqual(status, 1, text)
            self.assertIn(link, text)

    def test_a_chapter_without_a_page(self):
        status, text = self.said("", without="threads")
        self.assertEqual(status, 1)
        self.assertIn("threads.md is no page", text)


if __name__ == "__main__":
    unittest.main()
