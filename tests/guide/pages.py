"""Follows every link in the pages of the book that leads to one of them; a chapter must have a page.

python pages.py FOLDER
"""

import html.parser
import pathlib
import sys
import urllib.parse

CHAPTERS = pathlib.Path(__file__).parents[2] / "docs/guide/src"


class Page(html.parser.HTMLParser):
    """What a page can be asked for, and what it asks for."""

    def __init__(self, path):
        super().__init__()
        self.names, self.links = set(), set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in ("id", "name") and value:
                self.names.add(value)
            elif name in ("href", "src") and value:
                self.links.add(value)


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    pages = {path: Page(path) for path in folder.rglob("*.html")}
    complaints, followed = [], 0
    for chapter in CHAPTERS.glob("*.md"):
        if chapter.name != "SUMMARY.md" and (folder / chapter.name).with_suffix(".html") not in pages:
            complaints.append(f"{chapter.name} is no page")
    for path, page in pages.items():
        if path.name == "404.html":
            continue  # its links are those of the server's root
        for link in sorted(page.links):
            parts = urllib.parse.urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            followed += 1
            target = (path.parent / urllib.parse.unquote(parts.path)).resolve() if parts.path else path
            if not target.is_file():
                complaints.append(f"{path.name}: {link} leads nowhere")
            elif parts.fragment and target in pages and urllib.parse.unquote(parts.fragment) not in pages[target].names:
                complaints.append(f"{path.name}: {link}: no such place on the page")
    print("\n".join([*complaints, f"{followed} links are right" if not complaints else "links are wrong"]))
    sys.exit(bool(complaints))


if __name__ == "__main__":
    main()
