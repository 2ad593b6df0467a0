"""Words beside each other, as a language sets them apart."""

MARKS = {
    "and": ("、", ", "),  # names of one kind
    ",": ("，", ", "),  # what belongs to one thing
    ";": ("；", "; "),
    ":": ("：", ": "),
}


def listed(lang, texts, mark="and"):
    """Those of the texts that say something, with a mark between them.

    :param str lang: code of the language; Chinese has marks of its own
    :param str mark: `and`, `,`, `;` or `:`
    """
    chinese, others = MARKS[mark]
    between = chinese if (lang or "").startswith("zh") else others
    return between.join(filter(None, texts))
