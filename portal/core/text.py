"""Small things about texts in two scripts."""

from portal.core.db import Text2


def sort_key(name: Text2 | str) -> str:
    """The key a name is sorted by: pinyin of Chinese, else as it is; lower case, at most 200 characters."""
    from pypinyin import lazy_pinyin  # its tables take a fifth of a start, and most processes never sort anew

    text = name if isinstance(name, str) else name.zh or name.en
    return " ".join(lazy_pinyin(text)).lower()[:200]
