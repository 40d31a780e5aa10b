"""The guide's blocks of Python do what they say, its commands exist, and every block has a language that is tested."""

import doctest
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).parents[3]
CHAPTERS = sorted((ROOT / "docs/guide/src").glob("*.md"))
COMMANDS = {
    re.sub(r"(?<!^)([A-Z])", r"-\1", name).lower()
    for name in re.findall(r"^    ([A-Z]\w+)(?:\(|,| \{)", (ROOT / "xtask/src/main.rs").read_text(), re.M)
}


def blocks(chapter):
    """The language and text of each block of code."""
    return re.findall(r"^```([\w,]*)\n(.*?)^```$", chapter.read_text(), re.M | re.S)


class Blocks(unittest.TestCase):
    def test_python(self):
        found = 0
        for chapter in CHAPTERS:
            for language, text in blocks(chapter):
                if language == "python":
                    test = doctest.DocTestParser().get_doctest(text, {}, chapter.name, str(chapter), 0)
                    result = doctest.DocTestRunner(verbose=False).run(test)
                    self.assertEqual(result.failed, 0, chapter.name)
                    found += result.attempted
        self.assertGreater(found, 3)

    def test_commands(self):
        self.assertIn("new-module", COMMANDS)
        for chapter in CHAPTERS:
            for command in re.findall(r"cargo xtask ([\w-]+)", chapter.read_text()):
                self.assertIn(command, COMMANDS, chapter.name)

    def test_suites(self):
        suites = re.findall(r'(?:suite|long)\(\s*"([\w-]+)"', (ROOT / "xtask/src/test/suites.rs").read_text())
        self.assertIn("guide", suites)
        for chapter in CHAPTERS:
            for name in re.findall(r"cargo xtask test (attacks|guide|wheel|whole|bootstrap)\b", chapter.read_text()):
                self.assertIn(name, suites)

    def test_languages(self):
        """Rust is compiled by the package `guide-tests`, so each chapter with Rust is named there."""
        tested = (ROOT / "tests/guide/src/lib.rs").read_text()
        for chapter in CHAPTERS:
            languages = {language.partition(",")[0] for language, _ in blocks(chapter)}
            self.assertLessEqual(languages, {"rust", "python", "console"}, chapter.name)
            if "rust" in languages:
                self.assertIn(f'"{chapter.name}"', tested)

    def test_chapters(self):
        """Every chapter is in the summary, and every link between them leads somewhere."""
        summary = (ROOT / "docs/guide/src/SUMMARY.md").read_text()
        for chapter in CHAPTERS:
            if chapter.name != "SUMMARY.md":
                self.assertIn(f"({chapter.name})", summary)
            for link in re.findall(r"\]\(([\w-]+\.md)\)", chapter.read_text()):
                self.assertTrue(chapter.with_name(link).exists(), link)


class Truth(unittest.TestCase):
    def test_the_first_room_is_shown_as_it_is(self):
        shown = [text for language, text in blocks(ROOT / "docs/guide/src/first-module.md") if language.startswith("rust")]
        for text, half in zip(shown, ("face", "core"), strict=True):
            is_there = (ROOT / f"modules/base64/{half}/src/lib.rs").read_text()
            self.assertEqual(text.replace("# fn main() {}\n", ""), is_there)


if __name__ == "__main__":
    unittest.main()
