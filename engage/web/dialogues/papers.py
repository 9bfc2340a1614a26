"""A document's blocks as HTML. The only words in it are those of the blocks."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from markupsafe import Markup

from engage.paper import Block, Heading, Paragraph, Run, Table

LISTS = {"bullet": Markup("<ul>{}</ul>"), "number": Markup("<ol>{}</ol>")}


def html(blocks: Sequence[Block], *, below: int = 0) -> Markup:
    """Neighbours of one list stand in one list. `below`: under how many levels of headings of the page it stands."""
    return Markup("\n").join(piece for _, run in groupby(blocks, _list_of) for piece in _pieces(list(run), below))


def _list_of(block: Block) -> tuple[str, int] | None:
    is_item = isinstance(block, Paragraph) and block.style in LISTS
    return (block.style, block.listed) if is_item and isinstance(block, Paragraph) else None


def _pieces(blocks: Sequence[Block], below: int) -> Iterator[Markup]:
    first = blocks[0]
    if isinstance(first, Paragraph) and first.style in LISTS:
        items = (Markup("<li>{}</li>").format(_runs(one.runs)) for one in blocks if isinstance(one, Paragraph))
        yield LISTS[first.style].format(Markup().join(items))
        return
    yield from (_piece(block, below) for block in blocks)


def _piece(block: Block, below: int) -> Markup:
    match block:
        case Heading(text, level, anchor):
            named = Markup(' id="{}"').format(anchor) if anchor else ""
            return Markup("<h{}{}>{}</h{}>").format(level + below, named, text, level + below)
        case Paragraph(runs, style):
            return Markup('<p class="paper-{}">{}</p>').format(style, _runs(runs))
        case Table():
            return _table(block)


def _runs(runs: Sequence[Run]) -> Markup:
    return Markup().join(_run(run) for run in runs)


def _run(run: Run) -> Markup:
    words = Markup("<br>").join(run.text.split("\n"))
    words = Markup("<b>{}</b>").format(words) if run.bold else words
    return Markup('<a href="{}" rel="noopener">{}</a>').format(run.href, words) if run.href else words


def _table(table: Table) -> Markup:
    first, *others = table.head
    head = Markup('<th scope="col">{}</th>').format(first)
    head += Markup().join(Markup('<th scope="col" class="n">{}</th>').format(one) for one in others)
    rows = Markup().join(_row(row) for row in table.rows)
    return Markup(
        '<div class="paper-table"><table><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
    ).format(table.caption, head, rows)


def _row(cells: Sequence[str]) -> Markup:
    rest = Markup().join(Markup('<td class="n">{}</td>').format(one) for one in cells[1:])
    return Markup('<tr><th scope="row">{}</th>{}</tr>').format(cells[0], rest)
