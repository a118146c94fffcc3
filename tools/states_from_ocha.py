"""Write questionnaires/register/states.csv from UN OCHA's table of countries and territories.

The table is part of hdx-python-country (MIT licence, https://github.com/OCHA-DAP/hdx-python-country),
which carries the feed of https://vocabulary.unocha.org/. Only facts are taken: codes, UN short and formal
names (in the six official languages), M49 regions and a point per country. Rules of our own, each visible
below: which territories take part in a mechanism, how a name is written in running text, and which other
spellings are recognised when somebody types one.

    python3 -m venv /tmp/ocha && /tmp/ocha/bin/pip install hdx-python-country==4.2.5
    /tmp/ocha/bin/python tools/states_from_ocha.py TABLE.csv questionnaires/register/states.csv

TABLE.csv is the file "Countries & Territories Taxonomy MVP - C&T Taxonomy.csv" of that package
(hdx/location).
"""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path

COLUMNS = (
    *("code", "iso3", "iso2", "m49", "kind", "asked_as"),
    *("name", "name_article", "formal_name", "name_fr", "name_es", "name_ru", "name_zh", "name_ar"),
    *("region_m49", "region", "subregion_m49", "subregion", "region_iom"),
    *("latitude", "longitude", "also", "footnote"),
)

LANGUAGES = {"fr": "French", "es": "Spanish", "ru": "Russian", "zh": "Chinese", "ar": "Arabic"}

#: Participants of a mechanism that are no Member or Observer State of the United Nations: kind, name in
#: running text, formal name, whether the name takes "the". Hong Kong and Macao are written as UNCTAD
#: writes them in lists.
OTHERS: dict[str, tuple[str, str, str, bool]] = {
    "ABW": ("territory", "Aruba", "", False),
    "AIA": ("territory", "Anguilla", "", False),
    "ASM": ("territory", "American Samoa", "", False),
    "COK": ("other", "Cook Islands", "the Cook Islands", True),
    "CUW": ("territory", "Curaçao", "", False),
    "CYM": ("territory", "Cayman Islands", "", True),
    "ESH": ("other", "Western Sahara", "", False),
    "HKG": ("territory", "Hong Kong (China)", "the Hong Kong Special Administrative Region of China", False),
    "MAC": ("territory", "Macao (China)", "the Macao Special Administrative Region of China", False),
    "MAF": ("territory", "Saint Martin (French part)", "", False),
    "MSR": ("territory", "Montserrat", "", False),
    "NCL": ("territory", "New Caledonia", "", False),
    "NIU": ("other", "Niue", "Niue", False),
    "PYF": ("territory", "French Polynesia", "", False),
    "TCA": ("territory", "Turks and Caicos Islands", "", True),
    "TKL": ("territory", "Tokelau", "", False),
    "WLF": ("territory", "Wallis and Futuna Islands", "", True),
}

#: Other names and spellings that people type, and names that were in use before (ISO 3166-3, and the United
#: Nations' notes on changes of names of its members); none of them is ever printed.
ALSO: dict[str, str] = {
    "ARE": "UAE|Trucial States",
    "BEN": "Dahomey",
    "BFA": "Upper Volta",
    "BLR": "Byelorussia|Byelorussian Soviet Socialist Republic",
    "BLZ": "British Honduras",
    "BOL": "Bolivia",
    "BRN": "Brunei",
    "BWA": "Bechuanaland",
    "CIV": "Ivory Coast|Cote d'Ivoire",
    "COD": "DRC|DR Congo|Zaire",
    "COG": "Republic of the Congo",
    "CPV": "Cape Verde",
    "CZE": "Czech Republic",
    "DJI": "French Somaliland|French Territory of the Afars and the Issas",
    "EGY": "United Arab Republic",
    "ETH": "Abyssinia",
    "FSM": "Micronesia|Federated States of Micronesia",
    "GBR": "United Kingdom|UK|Great Britain",
    "GHA": "Gold Coast",
    "GNB": "Portuguese Guinea",
    "GUY": "British Guiana",
    "IRN": "Iran|Islamic Republic of Iran|Persia",
    "JOR": "Transjordan",
    "KHM": "Kampuchea|Democratic Kampuchea",
    "KIR": "Gilbert Islands",
    "KNA": "Saint Christopher and Nevis",
    "KOR": "South Korea",
    "LAO": "Laos|Lao PDR",
    "LBY": "Libyan Arab Jamahiriya",
    "LKA": "Ceylon",
    "LSO": "Basutoland",
    "MDA": "Moldova|Moldavia",
    "MDG": "Malagasy Republic",
    "MKD": "The former Yugoslav Republic of Macedonia",
    "MMR": "Burma",
    "MWI": "Nyasaland",
    "MYS": "Federation of Malaya",
    "NAM": "South West Africa",
    "NLD": "Kingdom of the Netherlands|Netherlands (Kingdom of the)|Holland",
    # Naoero in the United Nations since 26 June 2026: https://www.un.org/en/about-us/member-states/naoero
    "NRU": "Nauru",
    "PRK": "North Korea|DPRK",
    "PSE": "Palestine",
    "RUS": "Russia|USSR|Soviet Union",
    "SRB": "Serbia and Montenegro",
    "STP": "São Tomé and Príncipe",
    "SUR": "Surinam|Dutch Guiana",
    "SWZ": "Swaziland",
    "SYR": "Syria",
    "THA": "Siam",
    "TLS": "East Timor",
    "TUR": "Turkey",
    "TUV": "Ellice Islands",
    "TZA": "Tanzania|Tanganyika",
    "UKR": "Ukrainian Soviet Socialist Republic",
    "USA": "United States|US",
    "VAT": "Vatican|Vatican City",
    "VEN": "Venezuela",
    "VNM": "Vietnam",
    "VUT": "New Hebrides",
    "WSM": "Western Samoa",
    "ZMB": "Northern Rhodesia",
    "ZWE": "Southern Rhodesia|Rhodesia",
}

#: IOM's regions where they are not those of an M49 sub-region; what they rest on stands in regions.yaml.
IOM_COUNTRIES: dict[str, str] = {
    **dict.fromkeys(("BDI", "DJI", "ERI", "ETH", "KEN", "RWA", "SOM", "SSD", "TZA", "UGA"), "EHA"),
    **dict.fromkeys(("AGO", "BWA", "COD", "COM", "LSO", "MDG", "MOZ", "MUS", "MWI", "NAM"), "SA"),
    **dict.fromkeys(("SWZ", "SYC", "ZAF", "ZMB", "ZWE"), "SA"),
    **dict.fromkeys(("ARM", "AZE", "CYP", "GEO", "ISR", "TUR"), "ECA"),
}
IOM_SUBREGIONS = {
    **{"015": "MENA", "202": "WCA", "145": "MENA", "143": "ECA"},
    **{"030": "AP", "034": "AP", "035": "AP"},
}
IOM_REGIONS = {"009": "AP", "019": "AM", "150": "ECA"}

KOSOVO = {
    "code": "XKX",
    "kind": "other",
    "asked_as": "state",
    "name": "Kosovo",
    "region_m49": "150",
    "region": "Europe",
    "subregion_m49": "039",
    "subregion": "Southern Europe",
    "region_iom": "ECA",
    "footnote": "References to Kosovo shall be understood to be in the context of United Nations "
    "Security Council resolution 1244 (1999).",
}


def running_name(code: str, row: dict[str, str]) -> str:
    """The English short name as it stands in a sentence."""
    if code in OTHERS:
        return OTHERS[code][1]
    if code == "NLD":
        return "Netherlands"
    return row["English Short"]


def name_in(language: str, row: dict[str, str]) -> str:
    """The short name in another language; of the Netherlands as in English, without its kingdom."""
    name = (row[f"{language} Short"] or row[f"M49 {language}"]).strip().replace("’", "'")
    return name.partition(" (")[0] if row["ISO 3166-1 Alpha 3-Codes"] == "NLD" else name


def takes_article(code: str, name: str, formal: str) -> bool:
    """Whether "the" precedes the name: it does where the formal name says "the" right before it ("the
    Republic of the Niger")."""
    if code in OTHERS:
        return OTHERS[code][3]
    return re.search(rf"\bthe {re.escape(name)}(?!\w)", formal) is not None


def digits(number: str) -> str:
    return number.zfill(3) if number else ""


def degrees(number: str, limit: int) -> str:
    """The coordinate with two places; nothing where the table has one that no place on earth has."""
    return f"{float(number):.2f}" if abs(float(number)) <= limit else ""


def iom_region(code: str, region: str, subregion: str) -> str:
    """The code of IOM's region: the country's own, else that of its M49 sub-region, else of its region."""
    return IOM_COUNTRIES.get(code) or IOM_SUBREGIONS.get(subregion) or IOM_REGIONS[region]


def entry(row: dict[str, str]) -> dict[str, str]:
    """One line of states.csv from one line of the table."""
    code = row["ISO 3166-1 Alpha 3-Codes"]
    kind = OTHERS[code][0] if code in OTHERS else "state"
    name = running_name(code, row)
    formal = OTHERS[code][2] if code in OTHERS else row["English Formal"]
    names = {f"name_{locale}": name_in(language, row) for locale, language in LANGUAGES.items()}
    return {
        "code": code,
        "iso3": code,
        "iso2": row["ISO 3166-1 Alpha 2-Codes"],
        "m49": digits(row["m49 numerical code"]),
        "kind": kind,
        "asked_as": "state",
        "name": name,
        "name_article": "the" if takes_article(code, name, formal) else "",
        "formal_name": formal,
        **names,
        "region_m49": digits(row["Region Code"]),
        "region": row["Region Name"],
        "subregion_m49": digits(row["Sub-region Code"]),
        "subregion": row["Sub-region Name"],
        "region_iom": iom_region(code, digits(row["Region Code"]), digits(row["Sub-region Code"])),
        "latitude": degrees(row["Latitude"], 90),
        "longitude": degrees(row["Longitude"], 180),
        "also": ALSO.get(code, ""),
        "footnote": "",
    }


def main(table: Path, target: Path) -> None:
    with table.open(encoding="utf-8", newline="") as source:
        rows = [row for row in csv.DictReader(source) if row["ISO 3166-1 Alpha 3-Codes"]]
    wanted = [
        row
        for row in rows
        if row["Appears in UNTERM list"] == "Y" or row["ISO 3166-1 Alpha 3-Codes"] in OTHERS
    ]
    lines = [entry(row) for row in wanted] + [KOSOVO]
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(lines, key=lambda line: line["code"]))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
