"""Amounts of a quotation, in minor units (分), and an amount in Chinese capitals.

Rounded for each line, half up. Capitals after the rules for filling in cheques and vouchers
(支付结算办法, annex 1, 正确填写票据和结算凭证的基本规定).
"""

from decimal import ROUND_HALF_UP, Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")
BASIS_POINTS = 10_000
MOST = 10**17
"""Capitals reach below this many fen."""


def half_up(amount: Decimal) -> int:
    """The nearest whole minor unit; a half goes up."""
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def net_and_tax(quantity: Decimal, unit_price: int, tax_rate: int) -> tuple[int, int]:
    """Net amount of a line and the tax on it. `unit_price` in minor units before tax, `tax_rate` in basis points."""
    net = half_up(quantity * unit_price)
    return net, half_up(Decimal(net * tax_rate) / BASIS_POINTS)


def capitals(fen: int) -> str:
    """An amount in capitals: 123450 → 壹仟贰佰叁拾肆元伍角整. Raises ValueError below 0 and from 10¹⁵ yuan."""
    if not 0 <= fen < MOST:
        raise ValueError("no amount that can be put in capitals")
    yuan, rest = divmod(fen, 100)
    jiao, cents = divmod(rest, 10)
    text = f"{_integer(yuan)}元" if yuan else ""
    if not rest:
        return f"{text or '零元'}整"
    if jiao:
        text += f"{DIGITS[jiao]}角"
    elif yuan:
        text += "零"
    return text + (f"{DIGITS[cents]}分" if cents else "整")


def _integer(number: int) -> str:
    """A whole number by groups of four digits; zeros between digits are said once."""
    text, pending, group = "", False, 0
    groups = []
    while number:
        number, four = divmod(number, 10_000)
        groups.append(four)
    for group in range(len(groups) - 1, -1, -1):
        four = groups[group]
        if not four:
            pending = bool(text)
            continue
        if text and (pending or four < 1000):
            text += "零"
        text += _four(four) + GROUPS[group]
        pending = False
    return text


def _four(number: int) -> str:
    text, pending = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if not digit:
            pending = bool(text)
            continue
        text += ("零" if pending else "") + DIGITS[digit] + PLACES[place]
        pending = False
    return text
