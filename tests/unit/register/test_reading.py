"""Register files that are wrong, hostile or merely unusual."""

import pytest

from app.definitions.guarding import guarded
from app.services import register_csv, register_yaml
from app.services.register_rows import RegisterFile

HEADER = "code,kind,asked_as,name,name_article,latitude,also\n"


def table(text: str | bytes) -> tuple[RegisterFile, list[str]]:
    content = text.encode() if isinstance(text, str) else text
    file, faults = register_csv.read(content, "t.csv")
    return file, [str(fault) for fault in faults]


def document(text: str, words: frozenset[str] = frozenset()) -> tuple[RegisterFile, list[str]]:
    file, faults = register_yaml.read(text.encode(), "r.yaml", words)
    return file, [str(fault) for fault in faults]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_table_is_read_with_any_usual_separator_and_mark(separator: str, mark: bytes) -> None:
    text = (HEADER + "FRA,state,state,France,,46.5,\n").replace(",", separator)
    file, faults = table(mark + text.encode())
    assert faults == []
    assert file.organisations[0].values["latitude"] == 46.5


def test_windows_line_ends_blank_lines_and_line_breaks_in_cells_keep_their_line_numbers() -> None:
    text = (
        HEADER.replace("\n", "\r\n") + 'FRA,state,state,"Fra\r\nnce",,,\r\n\r\nPOL,wrong,state,Poland,,,\r\n'
    )
    _file, faults = table(text)
    assert faults == ["t.csv:5: kind: “wrong” is not known"]


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-16", "utf-16-le", "utf-8"])
def test_a_table_is_read_in_any_usual_encoding_and_says_in_which(encoding: str) -> None:
    file, faults = table((HEADER + "CIV,state,state,Côte d'Ivoire,,,\n").encode(encoding))
    assert faults == []
    assert file.organisations[0].values["name"] == "Côte d'Ivoire"
    expected = {"cp1252": "Windows-1252", "latin-1": "Windows-1252", "utf-8": "UTF-8"}
    assert file.reading.encoding == expected.get(encoding, "UTF-16")
    assert file.reading.sample == ("Côte",)


def test_binary_is_refused() -> None:
    _file, faults = table(b"code\x00,name\n")
    assert faults == ["t.csv:1: the file is not text that can be read; save it as “CSV UTF-8”"]


def test_what_looks_like_a_formula_stays_text_and_goes_round() -> None:
    for words in ("=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-1+2", "'=quoted", "-12.5"):
        cell = '"' + guarded(words).replace('"', '""') + '"'
        file, faults = table(HEADER + f"FRA,state,state,{cell},,,\n")
        assert faults == []
        assert file.organisations[0].values["name"] == words
    assert guarded("=1+1") == "'=1+1"
    assert guarded("-12.5") == "-12.5"


def test_every_fault_is_named_with_its_line_and_column() -> None:
    text = (
        HEADER
        + "fra,state,state,France,,,\nDEU,sate,state,Germany,maybe,91,\nPOL,state,state,Poland,,north,\n"
    )
    _file, faults = table(text)
    assert faults == [
        "t.csv:2: code: “fra” is not a code",
        "t.csv:3: name_article: “maybe” is neither yes nor no",
        "t.csv:3: kind: “sate” is not known; did you mean “state”?",
        "t.csv:3: latitude: “91” is not a number of degrees up to 90",
        "t.csv:4: latitude: “north” is not a number of degrees up to 90",
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "t.csv:1: the file is empty"),
        ("code,nmae\nFRA,France\n", "t.csv:1: nmae: unknown column; did you mean “name”?"),
        ("code,code\nFRA,FRA\n", "t.csv:1: code: the column stands twice"),
        ("name,kind\nFrance,state\n", "t.csv:1: code: the column is missing"),
        ("iscm,from\neap-panel,\n", "t.csv:1: member: the column is missing"),
        ("code,name\nFRA,France,more\n", "t.csv:2: the line has more cells than the first line has columns"),
        (
            'code,name\nFRA,"France\n',
            "t.csv:2: this is not CSV: unexpected end of data; look at the quotation marks there",
        ),
        (
            "iscm,member,from\nrcm,MEX,1/5/2004\n",
            "t.csv:2: from: “1/5/2004” is not a day; write it as 2019-03-01",
        ),
        (
            "iscm,member,role\nrcm,MEX,memebr\n",
            "t.csv:2: role: “memebr” is not known; did you mean “member”?",
        ),
        ("code,also\nFRA,a | b | a\n", "t.csv:2: also: names “a” twice"),
        ("id,established\nrcm,19960\n", "t.csv:2: established: “19960” is not a year"),
    ],
)
def test_a_wrong_table_says_what_and_where(text: str, fault: str) -> None:
    assert table(text)[1] == [fault]


def test_a_table_too_large_is_refused_before_it_is_read() -> None:
    _file, faults = table(b"code,name\n" + b"x" * 20_000_001)
    assert faults == ["t.csv:1: the file is larger than 20,000,000 bytes"]
    many = "code\n" + "FRA\n" * 50_001
    _file, faults = table(many)
    assert faults == ["t.csv:50002: the file has more than 50,000 rows; send it in several files"]
    assert "longer than 4000" in table("code,name\nFRA," + "x" * 5_000 + "\n")[1][0]


def test_words_with_bars_go_round() -> None:
    words = ["one | two", "three"]
    file, faults = table(f'code,also\nFRA,"{register_csv.joined(words)}"\n')
    assert faults == []
    assert file.organisations[0].values["also"] == words


MECHANISM = """
bodies:
  EU:
    - {codes: [FRA, POL]}
    - {from: 2030-01-01, codes: [UKR]}
    - {until: 2020-01-31, codes: [GBR]}
    - {until: 1990-01-31, codes: [GRL]}
iscms:
  - id: test-process
    name: Test Process
    short_name: Test Process
    established: 2001
    members_known_from: 2017-01-01
    members: [FRA, POL, UKR, GEO]
    members_follow: [EU]
    observer_organizations: [IOM, UN agencies, {text: Mayors}]
"""


def test_members_that_follow_a_body_are_dated_by_it() -> None:
    file, faults = document(MECHANISM, frozenset({"UN agencies"}))
    assert faults == []
    said = {row.member: (dict(row.values), row.via) for row in file.memberships if row.role == "member"}
    assert {member: via for member, (_values, via) in said.items()} == {
        "GEO": None,
        "FRA": "EU",
        "POL": "EU",
        "UKR": "EU",
        "GBR": "EU",
    }
    assert said["FRA"][0] == {}
    assert {key: str(day) for key, day in said["UKR"][0].items()} == {"from_": "2030-01-01"}
    assert {key: str(day) for key, day in said["GBR"][0].items()} == {"until": "2020-01-31"}
    assert file.mechanisms[0].notes["observers_in_words"] == ["UN agencies", "Mayors"]
    assert [row.member for row in file.memberships if row.role == "observer"] == ["IOM"]


def test_a_list_that_lacks_a_member_of_the_body_is_a_fault() -> None:
    _file, faults = document(MECHANISM.replace("[FRA, POL, UKR, GEO]", "[FRA, UKR, GEO]"))
    assert faults == ["r.yaml:14: iscms[0].members: lacks POL, a member of EU"]


WRONG: dict[str, str] = {
    "iscm: []": "iscm: unknown key; did you mean “iscms”?",
    "iscms: {a: 1}": "iscms: is not a list",
    "iscms: [a]": "iscms[0]: is not a mapping of keys to values",
    "organisations: [{code: x}]": "organisations[0].code: “x” is not a code",
    "organisations: [{code: NO, name: [1]}]": "organisations[0].name: is not text",
    "iscms: [{id: a-b, established: soon}]": "iscms[0].established: “soon” is not a whole number",
    "iscms: [{id: a-b, uncertain_fields: [memebrs]}]": (
        "iscms[0].uncertain_fields: “memebrs” is not known; did you mean “members”?"
    ),
    "iscms: [{id: a-b, members_follow: [EU]}]": "iscms[0].members_follow: “EU” is not among the bodies",
    "iscms: [{id: a-b, members: [{code: X}]}]": "iscms[0].members[0]: is not a code or a name",
    "memberships: [{iscm: a-b}]": "memberships[0]: names no mechanism or no member",
    "a: &x 1": "anchors and aliases (&, *) are not allowed; write the words out",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_document_says_what_and_where(text: str) -> None:
    assert f"r.yaml:1: {WRONG[text]}" in document(text)[1]


def test_norway_is_a_word() -> None:
    file, faults = document("organisations:\n  - {code: NO, name: NO}")
    assert faults == []
    assert file.organisations[0].values["name"] == "NO"
