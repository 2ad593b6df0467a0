"""How alike two complaint texts are, in English and Chinese, also one against the
other.

Two things are looked at:

* **symptoms**: which troubles of a vocabulary the texts name (“leaks”, “dripping”, “漏水”
  are one). It carries across wordings and
  languages, which share few words or characters. What is denied (“no leak”, “未漏”) is
  not named.
* **wording**: Dice's coefficient of word stems (Latin) and pairs of characters
  (Chinese), for what the vocabulary does not know.

What texts without a name for their trouble lean to is told by `complaint_leaning.py`.

Nothing here depends on the database or its locale.
"""  # noqa: E501

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import lru_cache

# words that may stand in the place of "…" in an expression of the vocabulary;
# characters of a Chinese text
GAP_WORDS = 4
GAP_CHARACTERS = 6
# among so many texts, a word that this share of them has is ordinary
ORDINARY_TEXTS, ORDINARY_SHARE = 20, 0.15
# how many read texts a process keeps: some kilobytes each
KEPT_TEXTS = 4096
# so much before a symptom denies it
NEGATION_WORDS = 3
# shares of likeness: both texts name a symptom, or one of the same kind; the most that
# the rest reaches where they name others, or a side none
SAME_SYMPTOM, SAME_KIND, OTHER_SYMPTOM, NO_SYMPTOM = 0.75, 0.6, 0.5, 0.75
# few words in common say much: paraphrases of one trouble share hardly any, texts of
# two troubles none
FEW_WORDS_FACTOR = 3
# an error code or a part in common
CODE_HINT, PART_HINT = 0.4, 0.4
# a text with fewer words or pairs of characters, and no symptom, says nothing
TELLING_FEATURES = 3
NEGATIONS = {"no", "not", "without", "never", "neither", "nor", "free", "zero"}
# “not” reaches less far: “not a crack”, but “did not see why it cracked”
NOT_WORDS = 2
NEGATION_BREAKS = frozenset(
    [
        "but",
        "only",
        "longer",
        "just",
        "stop",
        "stopped",
        "stops",
        "and",
        "because",
        "so",
        "when",
        "if",
        "as",
        "it",
        "they",
        "then",
        "after",
        "while",
        "since",
        "that",
        "which",
        "until",
    ]
)
NEGATIONS_ZH = (
    "没有",
    "并无",
    "未见",
    "未发现",
    "没发现",
    "没看到",
    "没见",
    "并未",
    "并没",
    "不是",
    "不存在",
    "无明显",
    "没有任何",
    "无",
    "未",
    "没",
    "不",
)
SPLIT = re.compile(r"\s*[,，;；、\n]\s*")
CODE = re.compile(r"[a-z]{1,3}-?\d{1,5}")
GOODS, PART, NONE = "goods", "part", "none"
TOKEN = re.compile(
    r"[a-z]{1,3}-?\d{1,5}(?![a-z0-9])|[^\W\d_\u3400-\u9fff]+(?:\.?\d+)*|\d+(?:[.,]\d+)*|[\u3400-\u9fff]+|[^\w\s'-]",
    re.UNICODE,
)
# words of an expression, cut as those of a text
EXPRESSION = re.compile(
    r"[a-z]{1,3}-?\d{1,5}(?![a-z0-9])\*?|[^\W\d_]+(?:\.?\d+)*\*?|\d+(?:[.,]\d+)*\*?|…",
    re.UNICODE,
)
CHINESE = re.compile(r"[\u3400-\u9fff]")
CONTRACTIONS = (
    (re.compile(r"\b(?:cannot|can't|cant)\b"), "can not"),
    (re.compile(r"\bwon't\b"), "will not"),
    (re.compile(r"n't\b"), " not"),
)
STOP_WORDS = frozenset(
    [
        "a",
        "an",
        "the",
        "this",
        "that",
        "these",
        "those",
        "it",
        "its",
        "they",
        "them",
        "their",
        "there",
        "here",
        "we",
        "our",
        "us",
        "i",
        "my",
        "me",
        "you",
        "your",
        "he",
        "she",
        "his",
        "her",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "am",
        "has",
        "have",
        "had",
        "having",
        "do",
        "does",
        "did",
        "done",
        "of",
        "in",
        "on",
        "at",
        "to",
        "for",
        "from",
        "by",
        "with",
        "within",
        "and",
        "or",
        "as",
        "so",
        "if",
        "then",
        "than",
        "when",
        "while",
        "after",
        "before",
        "since",
        "until",
        "also",
        "very",
        "too",
        "already",
        "again",
        "still",
        "only",
        "just",
        "both",
        "all",
        "some",
        "any",
        "each",
        "per",
        "about",
        "into",
        "out",
        "up",
        "down",
        "over",
        "under",
        "which",
        "who",
        "what",
        "where",
        "how",
        "why",
        "can",
        "could",
        "will",
        "would",
        "shall",
        "should",
        "may",
        "might",
        "must",
        "please",
        "dear",
        "hello",
        "hi",
        "regards",
        "thanks",
        "thank",
        "not",
        "no",
        "nor",
        "but",
        "customer",
        "customers",
        "complain",
        "complains",
        "complained",
        "complaint",
        "complaints",
        "report",
        "reports",
        "reported",
        "reporting",
        "found",
        "find",
        "finds",
        "see",
        "seen",
        "saw",
        "show",
        "shows",
        "showed",
        "notice",
        "noticed",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "several",
        "few",
        "many",
        "most",
        "more",
        "less",
        "new",
        "now",
        "today",
        "yesterday",
        "week",
        "weeks",
        "day",
        "days",
        "month",
        "months",
        "pcs",
        "pieces",
        "piece",
        "unit",
        "units",
    ]
)
STOP_PAIRS = frozenset(
    [
        "我们",
        "你们",
        "客户",
        "反映",
        "反馈",
        "投诉",
        "发现",
        "产品",
        "这个",
        "这批",
        "收到",
        "我司",
        "贵司",
        "一个",
        "一些",
        "已经",
        "没有",
        "有些",
        "出现",
        "问题",
        "情况",
        "进行",
        "公司",
        "处理",
        "要求",
        "尽快",
        "我厂",
        "使用",
        "其中",
        "多个",
        "部分",
        "购买",
        "此批",
        "该批",
        "批次",
    ]
)
# the most frequent characters of Chinese, and those of every complaint: alone they say
# nothing
STOP_CHARACTERS = frozenset(
    "的一是了不在有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当"
    "没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并"
    "物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解名真论处走义各入几口"
    "认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书"
    "非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉领共确传师观清今切院让识候带导争运请您贵客户映馈投"
    "诉批收货换退麻烦尽快况析排装包箱台支瓶罐袋盒片根套块颗粒左右约近每元号"
)
STEM_LETTERS = 4
SUFFIXES = ("ings", "ing", "edly", "ed", "ies", "es", "s", "ly", "ness", "ers", "er")


def normalised(text):
    """Text in one spelling: full-width forms, case, contractions."""
    text = (
        unicodedata.normalize("NFKC", text or "")
        .lower()
        .replace("’", "'")
        .replace("‘", "'")
    )
    for pattern, full in CONTRACTIONS:
        text = pattern.sub(full, text)
    return text


def stem(word):
    """A word without its ending, roughly: what two forms of it share."""
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            word = word[: -len(suffix)]
            break
    return word[:STEM_LETTERS]


@dataclass(frozen=True)
class Analysis:
    """What is known of a text.

    `symptoms`, `kinds`, `parts`: of the vocabulary, see there; `codes`: error codes and
    designations, e.g. `e41`;
    `latin`, `chinese`: features of the wording; `leaning`: what `Leaning.of` gave.
    """

    symptoms: frozenset = frozenset()
    kinds: frozenset = frozenset()
    parts: frozenset = frozenset()
    codes: frozenset = frozenset()
    latin: frozenset = frozenset()
    chinese: frozenset = frozenset()
    leaning: tuple = ()

    def without(self, features):
        """The same, less some features of the wording."""
        return (
            replace(self, latin=self.latin - features, chinese=self.chinese - features)
            if features
            else self
        )

    @property
    def telling(self):
        """Whether the text says enough to be compared."""
        return (
            bool(self.symptoms or self.codes)
            or len(self.latin) + len(self.chinese) >= TELLING_FEATURES
        )


@dataclass
class Vocabulary:
    """Symptoms, parts of goods, and the expressions that name them.

    Built of rows `(key, kinds, matter, text)`. Symptoms that share a kind are easily
    taken for one another. The matter says what is wrong at all:
    the goods, their delivery, papers, people; `part` is no symptom, but where it shows.
    The text holds the expressions of any language,
    divided by commas or lines. `crack*`: every word that begins so; `not … work*`: some
    words may stand between; `箱…破`: some characters may.

    `leaning`: `Leaning`, None where texts are not asked what they lean to.
    """

    rows: list
    leaning: object = None
    _latin: dict = field(default_factory=dict, init=False)
    _chinese: dict = field(default_factory=dict, init=False)
    _kinds: dict = field(default_factory=dict, init=False)
    _matters: dict = field(default_factory=dict, init=False)

    def __post_init__(self):
        # the same earlier complaints are looked at again with every new one
        self._whole = lru_cache(maxsize=KEPT_TEXTS)(self._read_whole)
        self._named = lru_cache(maxsize=KEPT_TEXTS)(self._read)
        found = {}  # an expression may name several symptoms
        for key, kind, matter, text in self.rows:
            self._kinds[key] = {
                part.strip() for part in normalised(kind).split(",") if part.strip()
            } or {key}
            self._matters[key] = matter
            for expression in filter(
                None, SPLIT.split(normalised(text).replace("...", "…"))
            ):
                if CHINESE.search(expression):
                    parts = tuple(
                        part.replace(" ", "") for part in expression.split("…")
                    )
                    found.setdefault((CHINESE, parts[0][0], parts), set()).add(key)
                elif words := tuple(EXPRESSION.findall(expression)):
                    found.setdefault(
                        (EXPRESSION, words[0].rstrip("*")[:2], words), set()
                    ).add(key)
        for (script, start, words), keys in found.items():
            (self._chinese if script is CHINESE else self._latin).setdefault(
                start, []
            ).append((words, keys))
        for rows in (*self._latin.values(), *self._chinese.values()):
            rows.sort(key=lambda row: -sum(len(word) for word in row[0]))

    @property
    def size(self):
        """Number of expressions."""
        return sum(map(len, (*self._latin.values(), *self._chinese.values())))

    # === reading a text ===

    def analyse(self, text, about=""):
        """What a text says.

        :param str text: in English, Chinese or both
        :param str about: names of the goods it is about; their words and parts say
            nothing about the trouble
        :return: `Analysis`
        """
        found = self._whole(text)
        if not about:
            return found
        names = self._named(about)
        return replace(
            found,
            parts=found.parts - names.parts,
            codes=found.codes - names.codes,
            latin=found.latin - names.latin,
            chinese=found.chinese - names.chinese,
        )

    def _read_whole(self, text):
        found = self._read(text)
        return replace(found, leaning=self.leaning.of(text)) if self.leaning else found

    def _read(self, text):
        tokens = TOKEN.findall(normalised(text))
        named, codes, latin, chinese = set(), set(), set(), set()
        position = start = 0  # start: a symptom's own “no” denies nothing behind it
        while position < len(tokens):
            token = tokens[position]
            if CHINESE.match(token):
                named |= self._chinese_symptoms(token)
                chinese.update(
                    {token[i : i + 2] for i in range(len(token) - 1)} - STOP_PAIRS,
                    set(token) - STOP_CHARACTERS,
                )
                position += 1
                continue
            if CODE.fullmatch(token):
                codes.add(token.replace("-", ""))
            length, keys = self._latin_symptom(tokens, position)
            if keys and self._is_denied(tokens[start:position]):
                # no leak is no trouble, but no invoice is one
                keys = {key for key in keys if self._matters[key] != GOODS}
                if not keys:
                    position = start = position + length
                    continue
            if keys:
                named |= keys
                start = position + length
            latin.update(
                stem(word)
                for word in tokens[position : position + length]
                if word.isalpha() and word not in STOP_WORDS
            )
            position += length
        symptoms = frozenset(
            key for key in named if self._matters[key] not in (PART, NONE)
        )
        return Analysis(
            symptoms=symptoms,
            kinds=frozenset(kind for key in symptoms for kind in self._kinds[key]),
            parts=frozenset(key for key in named if self._matters[key] == PART),
            codes=frozenset(codes),
            latin=frozenset(latin),
            chinese=frozenset(chinese),
        )

    def _latin_symptom(self, tokens, position):
        """The longest expression that begins at a word.

        :return: (number of words it takes, at least 1; its keys)
        """
        for words, keys in self._latin.get(tokens[position][:2], ()):
            end = self._match_words(words, tokens, position)
            if end:
                return (end - position if "…" not in words else 1), keys
        return 1, set()

    @staticmethod
    def _match_words(words, tokens, position):
        """:return: position behind the words of an expression, None when they do not
        stand there
        """
        gap = False
        for word in words:
            if word == "…":
                gap = True
                continue
            limit = position + (GAP_WORDS if gap else 0)
            while True:
                if position >= len(tokens) or (
                    gap and not tokens[position][0].isalnum()
                ):
                    return None
                if (
                    tokens[position].startswith(word[:-1])
                    if word.endswith("*")
                    else tokens[position] == word
                ):
                    break
                if position >= limit:
                    return None
                position += 1
            position += 1
            gap = False
        return position

    @staticmethod
    def _is_denied(before):
        for distance, word in enumerate(reversed(before[-NEGATION_WORDS:])):
            if word in NEGATION_BREAKS or not word[0].isalnum():
                return False
            if word in NEGATIONS:
                return word != "not" or distance < NOT_WORDS
        return False

    def _chinese_symptoms(self, run):
        """Symptoms named in characters without punctuation between them."""
        found = set()
        position = 0
        while position < len(run):
            length = 1
            for parts, keys in self._chinese.get(run[position], ()):
                end = self._match_characters(parts, run, position)
                if end:
                    length = end - position if len(parts) == 1 else len(parts[0])
                    denied = run[:position].endswith(NEGATIONS_ZH)
                    found.update(
                        key for key in keys if not denied or self._matters[key] != GOODS
                    )
                    break
            position += length
        return found

    @staticmethod
    def _match_characters(parts, run, position):
        if not run.startswith(parts[0], position):
            return None
        position += len(parts[0])
        for part in parts[1:]:
            start = run.find(part, position, position + GAP_CHARACTERS + len(part))
            if start < 0:
                return None
            position = start + len(part)
        return position

    @staticmethod
    def ordinary(analyses):
        """Features of the wording that many of these texts share: about the same goods,
        they tell nothing apart.

        :param list analyses: of the texts
        :return: frozenset; empty for a few texts
        """
        if len(analyses) < ORDINARY_TEXTS:
            return frozenset()
        counts = Counter(
            feature
            for analysis in analyses
            for feature in (*analysis.latin, *analysis.chinese)
        )
        return frozenset(
            feature
            for feature, count in counts.items()
            if count > ORDINARY_SHARE * len(analyses)
        )

    # === comparing ===

    @staticmethod
    def wording(one, other):
        """Share of the wording two texts have in common, 0 to 1; 0 for texts in two
        languages.
        """
        best = 0.0
        for name in ("latin", "chinese"):
            a, b = getattr(one, name), getattr(other, name)
            if a and b:
                best = max(best, 2 * len(a & b) / (len(a) + len(b)))
        return best

    def similarity(self, one, other):
        """How alike two texts are, 0 to 1.

        Texts that name the same symptom are alike, more so in the same words; texts
        that name one of the same kind are half so. Texts that
        name different ones are not, whatever words they share. Where a side names none,
        the wording decides.

        :param Analysis one: of a text
        :param Analysis other: of the other text
        """
        wording = self.wording(one, other)
        hint = CODE_HINT * bool(one.codes & other.codes) + PART_HINT * bool(
            one.parts & other.parts
        )
        if one.symptoms & other.symptoms:
            return min(1.0, SAME_SYMPTOM + (1 - SAME_SYMPTOM) * wording + hint)
        if one.kinds & other.kinds:
            return min(1.0, SAME_KIND + (1 - SAME_KIND) * wording + hint)
        few = FEW_WORDS_FACTOR * wording**0.5 + hint
        return max(
            wording,
            min(OTHER_SYMPTOM if one.symptoms and other.symptoms else NO_SYMPTOM, few),
        )
