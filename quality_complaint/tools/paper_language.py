"""Languages a paper is written in, whoever prints it."""

PAPER_LANGUAGES = [
    ("en_US", "English"),
    ("zh_CN", "Chinese"),
    ("both", "English and Chinese"),
]
