"""How the columns of a list of people are called, and the words in them, in four languages."""

from app.policy import AppointmentRole


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split("|"))


COLUMNS: dict[str, tuple[str, ...]] = {
    "name": _words(
        "name | full name | nom | nom complet | nom et prénom | nombre | nombre completo | "
        "nombre y apellidos | الاسم | الاسم الكامل"
    ),
    "email": _words(
        "e-mail | e-mail address | mail | address | courriel | adresse électronique | "
        "adresse mail | correo | correo electrónico | dirección de correo | "
        "البريد الإلكتروني | بريد إلكتروني"
    ),
    "organisation": _words(
        "organisation | organization | code | country | state | iso3 | iso 3 | organisme | "
        "pays | état | organización | organismo | país | estado | الدولة | المنظمة | "
        "البلد | الرمز"
    ),
    "role": _words("role | appointed as | rôle | rol | papel | الدور"),
    "function": _words(
        "function | title | position | job title | fonction | titre | poste | función | "
        "cargo | puesto | الوظيفة | المنصب"
    ),
    "phone": _words(
        "phone | telephone | phone number | tel | mobile | téléphone | "
        "numéro de téléphone | teléfono | número de teléfono | الهاتف | رقم الهاتف"
    ),
    "locale": _words("language | locale | langue | idioma | lengua | اللغة"),
    "from": _words(
        "from | since | valid from | start | first day | depuis | à partir du | début | "
        "desde | inicio | من | منذ | ابتداء من"
    ),
    "note_number": _words(
        "note verbale | note number | note verbale number | number of note verbale | "
        "nomination | numéro de la note verbale | note verbale n° | "
        "número de la nota verbal | nota verbal | رقم المذكرة الشفوية | المذكرة الشفوية"
    ),
    "note_dated": _words(
        "note date | note verbale date | date of note verbale | dated | "
        "date de la note verbale | fecha de la nota verbal | تاريخ المذكرة الشفوية"
    ),
    "mechanism": _words(
        "mechanism | iscm | process | mécanisme | processus | mecanismo | proceso | الآلية | العملية"
    ),
}
"""The fields of a person, each with the names of its column; the first is the one in an example."""

NEEDED = ("email", "name")

ROLES: dict[AppointmentRole, tuple[str, ...]] = {
    AppointmentRole.FOCAL_POINT: (
        *("focal point", "national focal point", "national contact point", "contact point", "ncp", "nfp"),
        *("point focal", "point focal national", "punto focal", "punto focal nacional"),
        *("جهة اتصال", "جهة الاتصال", "نقطة اتصال", "نقطة الاتصال"),
    ),
    AppointmentRole.CONTRIBUTOR: (
        *("contributor", "expert", "contributeur", "contributrice", "colaborador", "colaboradora"),
        *("contribuyente", "مساهم", "خبير"),
    ),
    AppointmentRole.CLEARING_OFFICER: (
        *("clearing officer", "clearance", "responsable de la validation", "validation"),
        *("oficial de aprobación", "aprobación", "مسؤول الاعتماد"),
    ),
    AppointmentRole.OBSERVER: ("observer", "reader", "observateur", "observatrice", "observador", "مراقب"),
}
LANGUAGES: dict[str, tuple[str, ...]] = {
    "en": ("english", "anglais", "inglés", "الإنجليزية"),
    "fr": ("french", "français", "francés", "الفرنسية"),
    "es": ("spanish", "espagnol", "español", "castellano", "الإسبانية"),
    "ar": ("arabic", "arabe", "árabe", "العربية"),
    "ru": ("russian", "russe", "ruso", "русский", "الروسية"),
    "pt": ("portuguese", "portugais", "portugués", "português"),
}
