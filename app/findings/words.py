"""Closed lists of English words by which fragments are judged and capitals kept."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DETERMINERS = _words(
    "a an the its their his her this these those some any no all each every both several many few more most "
    "less other another such one two three four five six seven eight nine ten what"
)
REFLEXIVES = _words("themselves itself himself herself etc n/a none nothing yes no -")
PRONOUNS = _words("it they he she there we you who i")
PREPOSITIONS = _words(
    "through via by with within without under in into on onto at from for as during after before between "
    "among across over upon along alongside towards toward against about out outside inside thanks because "
    "due if when where while once until since per of following despite"
)
JOINERS = _words("and or but nor like to not than plus versus vs")
RELATIVES = _words(
    "that which who whom whose where when how whether if because since while although why what"
)
ADVERBS = _words(
    "sometimes often always never seldom rarely usually now then also partly jointly mainly only once twice "
    "together entirely wholly today currently still already again ad annually exclusively"
)
BE_AND_HAVE = _words(
    "is are was were has have had does did isn't aren't wasn't weren't hasn't haven't hadn't doesn't didn't "
    "isn’t aren’t wasn’t weren’t hasn’t haven’t hadn’t doesn’t didn’t"
)
MODALS = _words(
    "can could will would may might must should cannot shall can't won't can’t won’t couldn't wouldn't"
)
THIRD_PERSON = _words(
    "takes gives makes provides helps allows enables facilitates strengthens improves ensures creates brings "
    "builds serves contributes participates cooperates collaborates meets attends organizes organises pays "
    "invites receives sends remains becomes includes involves requires reduces promotes develops establishes "
    "advises informs consults coordinates encourages keeps holds wants exists does goes says sees knows "
    "finds hosts supports covers benefits uses relies depends follows responds belongs tends leads works "
    "shares acts speaks overlaps prepares maintains manages applies adopts introduces implements trains "
    "exchanges cannot lacks plans seeks aims hopes considers values regards"
)
BASE_VERBS = _words(
    "participate take provide allow enable facilitate contribute cooperate collaborate attend bring serve "
    "become remain include involve promote strengthen ensure meet receive send give make build invite advise "
    "inform consult coordinate encourage keep hold exist go say see know find depend rely belong tend "
    "prepare maintain manage apply adopt introduce implement develop establish improve create organize "
    "organise join act speak overlap pay need differ want lack consider"
)
IRREGULAR_PARTICIPLES = _words(
    "held given led made taken built brought sent met set put paid drawn known seen shown written chosen "
    "found kept run based open lent told taught shared"
)
IRREGULAR_PASTS = _words(
    "held gave led made took built brought sent met set put paid drew knew saw showed wrote chose found kept "
    "ran became began came went grew won lost got left spoke stood told taught cut let drafted"
)
COMMON_STARTS = _words(
    "a an the new more better improved stronger joint regular regional national international global "
    "bilateral multilateral legal labour border migration asylum policy policies legislation law laws "
    "administrative technical financial political social economic common shared public private foreign local "
    "central annual high low good closer close increased enhanced greater easier faster direct early first "
    "second third full free open strong wide broad access exchange exchanges training capacity cooperation "
    "coordination dialogue support information data best measures reform reforms rules procedures standards "
    "agreements agreement readmission return reintegration visa visas networking building sharing "
    "strengthening providing developing harmonization harmonisation amendments adoption establishment "
    "creation introduction improvement improvements preparation knowledge contacts contact understanding "
    "meetings workshops seminars officials experts representatives members participants governments "
    "ministries ministers funding lack limited frequent different possible potential certain various mutual "
    "informal confidential practical timely temporary permanent seasonal digital electronic irregular "
    "victims trafficking smuggling refugees migrants workers students families children women people persons "
    "integration protection detention identification registration recruitment remittances diaspora civil "
    "academic stable trust peer"
)
PROPER = _words(
    "Africa African Africans America American Americas Arab Asia Asian Asia-Pacific Atlantic Balkan Balkans "
    "Baltic Caribbean Caucasus Europe European Europeans Eurasian Gulf Latin Mediterranean Mekong Nordic "
    "Oceania Pacific Sahara Sahel Schengen Scandinavian Slavic Western Eastern Northern Southern Central "
    "Brussels Geneva Vienna Nairobi Bangkok Addis Abuja Dakar Cairo Beirut Lima Quito Bogotá Bali Budapest "
    "Prague Rabat Khartoum Colombo Almaty Puebla Manila Singapore Istanbul Dublin Paris London Rome Madrid "
    "Lisbon Warsaw Berlin Marrakech Marrakesh Cartagena Palermo Bishkek Tashkent Tbilisi Kyiv Kiev Chisinau "
    "Yerevan Baku Minsk Söderköping Covid Ebola English Arabic "
    "Christian Islamic Muslim January February March April June July August September October "
    "November December Monday Tuesday Wednesday Thursday Friday Saturday Sunday Interpol Europol Eurojust "
    "Frontex Schengen Mercosur Erasmus Eurodac"
)
DEMONYMS = _words(
    "French Spanish Russian Portuguese Chinese German Italian Georgian Ukrainian Polish Lithuanian "
    "Moldovan Armenian Azerbaijani Belarusian Swiss Dutch British Irish Danish Swedish Norwegian Finnish "
    "Icelandic Estonian Latvian Czech Slovak Hungarian Romanian Bulgarian Greek Croatian Slovenian "
    "Serbian Bosnian Albanian Macedonian Montenegrin Turkish Cypriot Maltese Belgian Austrian Luxembourg "
    "Kazakh Kyrgyz Tajik Turkmen Uzbek Afghan Iranian Iraqi Pakistani Indian Bangladeshi Nepalese Thai "
    "Cambodian Lao Vietnamese Malaysian Indonesian Filipino Philippine Australian Japanese Korean "
    "Mongolian Fijian Samoan Tongan Mexican Guatemalan Honduran Salvadoran Nicaraguan Panamanian "
    "Colombian Venezuelan Ecuadorian Peruvian Bolivian Chilean Argentine Argentinian Uruguayan Paraguayan "
    "Brazilian Cuban Haitian Jamaican Dominican Canadian Moroccan Algerian Tunisian Libyan Egyptian "
    "Sudanese Ethiopian Eritrean Somali Kenyan Ugandan Rwandan Burundian Tanzanian Zambian Zimbabwean "
    "Malawian Mozambican Angolan Namibian Botswana Congolese Cameroonian Gabonese Chadian Nigerian "
    "Nigerien Malian Senegalese Gambian Guinean Ivorian Ghanaian Togolese Beninese Burkinabe Mauritanian "
    "Liberian Mauritian Malagasy Comorian Seychellois Jordanian Lebanese Syrian Palestinian Saudi Emirati "
    "Qatari Kuwaiti Bahraini Omani Yemeni Israeli"
)
"""Adjectives of States."""
NAME_WORDS = PROPER | DEMONYMS
HEADS = _words(
    "process panel forum dialogue conference initiative group network commission committee council "
    "programme program project platform mechanism community union organization organisation agency office "
    "secretariat unit assembly meeting state country partnership convention declaration summit board "
    "bureau centre center fund facility authority ministry department taskforce team subgroup institute "
    "association league alliance coalition court bank system federation confederation university plan "
    "strategy framework agreement protocol charter treaty pact roundtable round-table series "
    "group-of-friends presidency chair troika government parliament"
)
"""What a thing of its own can be called: "the Prague Process", "the Working Group on Trade"."""
COUNTED = _words(
    "group project forum platform network mechanism board committee council fund agency team campaign "
    "handbook manual memorandum declaration strategy treaty decree glossary questionnaire database "
    "website register roundtable programme summit mailing-list"
)
"""Heads that never stand in the singular without an article."""
GENERIC = _words(
    "migration mobility integrated border management labour panel process forum dialogue conference policy "
    "asylum development regional consultative international states republic union network human trafficking"
)
"""Words in names of mechanisms that are common words elsewhere."""
TERM_WORDS = _words(
    "member members participating partner partners country countries economies economy participant "
    "participants associated"
)
"""Words of a mechanism's own terms that need no capital inside a sentence."""
COUNTED_BEFORE = _words(
    "law act decree order agreement memorandum protocol convention treaty strategy plan guide guideline "
    "course workshop seminar training-course centre center office unit desk hotline survey study report map "
    "toolkit tool form questionnaire glossary count portal commission register permit"
)
"""Nouns that lack an article where "on", "for" … follows: "law on open data"."""
TITLED = HEADS | _words(
    "law act policy code regulation decree order statute charter constitution guidelines rules principles "
    "terms manual handbook roadmap agenda compact"
)
"""Heads of names that want "the": "the Migration Law of 2011"."""
DEEDS = _words(
    "exchange introduction creation adoption establishment improvement development harmonization "
    "harmonisation digitalization digitalisation conclusion ratification revision reform recognition "
    "implementation extension inclusion reduction publication preparation opening launch amendment "
    "simplification facilitation promotion protection identification registration integration "
    "modernization modernisation alignment"
)
"""What somebody did, as a noun: with "of" after it, it wants "the"."""
COUNTED_AFTER = _words("on for against between with among about")
RANKS = _words("first second third only same largest biggest main")
"""Words before a single thing that want "the"."""
ALSO_CALLED: dict[str, tuple[str, ...]] = {
    "BRN": ("Brunei",),
    "CIV": ("Ivory Coast",),
    "CPV": ("Cape Verde",),
    "CZE": ("Czech Republic",),
    "GBR": ("United Kingdom", "Great Britain", "UK"),
    "KOR": ("South Korea", "Korea"),
    "LAO": ("Laos", "Lao PDR"),
    "MDA": ("Moldova",),
    "MKD": ("Macedonia",),
    "MMR": ("Burma",),
    "NLD": ("Netherlands", "Holland"),
    "PRK": ("North Korea",),
    "RUS": ("Russia",),
    "SWZ": ("Swaziland",),
    "SYR": ("Syria",),
    "TLS": ("East Timor",),
    "TUR": ("Turkey",),
    "TZA": ("Tanzania",),
    "USA": ("United States", "USA", "US"),
    "VNM": ("Vietnam",),
}
"""Other names of States in everyday use, by code of the register."""
OWN_ADJECTIVES = {"CIV": "Ivorian", "FRA": "French", "GBR": "British", "NLD": "Dutch", "PHL": "Filipino"}
"""Adjectives that do not begin like the State's name."""
ACTORS = _words(
    "authority authorities government governments parliament official officials ministry ministries "
    "minister ministers police delegation delegations president presidency chair co-chair embassy "
    "embassies mission missions administration agency agencies inspectors guard guards counterparts "
    "partners"
)
"""What of a State can say or do something: "the Georgian authorities"."""
EVERYDAY = _words(
    "academia act acts advice agencies agency agreement agreements air airport airports also always "
    "assistance asylum authorities authority bad best better big border borders budget building business "
    "capacity census challenge challenges change changes children cities civil climate collaboration "
    "commitment common communities community contact contacts continuity cooperation coordination cost "
    "costs count counting countries country crime customs data development dialogue diaspora disaster "
    "disasters document documents education employers environment exchange exchanges experience "
    "experiences expert experts fast fewer figure figures finance first focal form forms frequent fund "
    "funding funds gender global good government governments guideline guidelines health help high human "
    "information integration interpretation joint knowledge labour lack language languages large last law "
    "laws legal legislation less local long low many meeting meetings member members migrant migrants "
    "migration minister ministers ministries ministry mobility money month months more much national need "
    "needs network networking never new next none not nothing number numbers office offices official "
    "officials often old only open other paper papers partner partners partnership partnerships people "
    "person plan plans point points police policies policy political poor port ports practice practices "
    "private problem problems procedure procedures programme programmes project projects protection "
    "qualifications readmission recognition recruitment refugee refugees region regional register "
    "registers reintegration remittances report reports research researchers resource resources return "
    "returns rights rule rules same second secretariat sector security seminar seminars shared short "
    "skills slow small smuggling social society staff standard standards state states statistics still "
    "strategies strategy strong stronger student students support survey surveys system systems technical "
    "third time together too tool tools trafficking training translation travel trust turnover union "
    "unions universities university very victims visa visas weak week weeks will women work worker "
    "workers workshop workshops worldwide year years yet youth"
)
"""Words of the subject and of every day: written in capitals, they are no acronyms."""
