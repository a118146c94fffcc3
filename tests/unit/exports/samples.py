"""A made-up document that uses every block."""

from datetime import UTC, datetime

from app.exports.blocks import (
    Block,
    Bullets,
    Cell,
    Cite,
    Disclaimer,
    Document,
    Figure,
    Heading,
    Lines,
    Note,
    Notice,
    Option,
    Options,
    PageBreak,
    Paragraph,
    Role,
    Run,
    Style,
    Table,
    TitleBlock,
    said,
)

HOSTILE = '#set page(fill: red) $x$ *b* <script>alert(1)</script> & "q" \\u{0} [@x] {1+1} =1+1'
SQUARE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20" width="40" height="20">'
    '<rect width="18" height="18" fill="#11505e"/><rect x="20" width="18" height="18" fill="none" '
    'stroke="#11505e"/></svg>'
)


def _cell(text: str) -> Cell:
    return Cell((Paragraph(said(text)),))


HEAD = TitleBlock(
    organisation="International Organization for Migration (IOM)",
    division="International Partnerships Division",
    occasion="Assessment of Inter-State Consultation Mechanisms on Migration, Training",
    kind="Summary of Findings",
    title="Dialogue on Mobility of the Northern Valleys",
    line="Rests on the mechanism’s own answer and on 4 of its 7 members.",
)
SENT = Notice(
    (
        Paragraph(said("✓ Submitted 20 January 2027, 16:40", style=Style.STRONG)),
        Paragraph(said("Reference FRE-1")),
    )
)
PAPER: tuple[Block, ...] = (
    Heading(1, "On paper", number="2"),
    Paragraph(said("Does Freedonia take part?"), Role.QUESTION),
    Paragraph(said("Tick one."), Role.HINT),
    Options((Option("Yes"), Option("No", hint="Why?"), Option("Other:", write=True)), several=False),
    Options((Option("Law"), Option("Policy")), several=True),
    Lines(4, stem="Thanks to the Dialogue, Freedonia"),
    Lines(1),
)


def _findings(hostile: str) -> tuple[Block, ...]:
    launched, changed = Run("The Dialogue was launched in 2017."), Run(" It has changed since.")
    arabic, more = Run("حوار الهجرة", language="ar"), Run(" is a name in Arabic.\nThis is a second line.")
    return (
        Paragraph(said("Eight States and one mechanism answered."), Role.LEAD),
        Heading(1, "Evolution of programming and thematic focus", number="1", aside="Giorgi, Nino"),
        Paragraph((launched, Cite((1,)), changed, Cite((1, 2)))),
        Paragraph((Run("National. ", Style.LABEL), Run(hostile), Cite((2, 3)))),
        Heading(2, "An example"),
        Paragraph((arabic, more), Role.ANSWER),
        Bullets((said("first point"), (Run("second point"), Cite((3,))))),
    )


def _annex() -> tuple[Block, ...]:
    question = _cell("In which year was the mechanism launched?")
    rows = tuple((_cell(f"Respondent {n}"), question, _cell("2019")) for n in range(40))
    return (
        PageBreak(),
        Heading(1, "Annex: sources"),
        Table("Sources", ("Respondent", "Question", "Answered"), rows, (2, 5, 2), row_heads=True),
        Figure(SQUARE, "Two squares, one of them filled.", "Who has answered", width=60),
        Disclaimer("Answers are given for exchange and need not be official policy."),
    )


def sample(language: str = "en", hostile: str = HOSTILE) -> Document:
    """Two numbered sections with notes, a table, a list, options, lines, a notice and a disclaimer."""
    return Document(
        title=HEAD.title,
        language=language,
        description="A made-up document",
        publisher="International Organization for Migration",
        foot="Northern Valleys · Training · compiled 23 November 2026",
        produced=datetime(2026, 11, 23, 14, 5, tzinfo=UTC),
        notes=(
            Note(1, "Secretariat, “In which year was the mechanism launched?”, 4 March 2026."),
            Note(2, f"A Member State, not named: “{hostile}”."),
            Note(3, "Freedonia, “Agreements with other States”, 14 March 2026."),
        ),
        blocks=(HEAD, SENT, *_findings(hostile), *PAPER, *_annex()),
    )
