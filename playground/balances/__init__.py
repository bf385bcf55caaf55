"""What a key has left, read from each kind of gateway: answers in, a `Balance` out. No network, no clock, no Django.

A reading is a short conversation, told as a generator: it yields what to ask, is sent the answer, returns the balance.

    telling = balances.telling("deepseek", "https://api.deepseek.com")
    ask = next(telling)                 # Ask("/user/balance")
    telling.send(Answered(200, body))   # StopIteration.value is a Told, or NoBalance is raised
"""

from playground.balances.conversation import Answered, Ask, Telling, Told
from playground.balances.finding import KINDS, telling
from playground.balances.value import Balance, Figure, NoBalance

__all__ = ["KINDS", "Answered", "Ask", "Balance", "Figure", "NoBalance", "Telling", "Told", "telling"]
