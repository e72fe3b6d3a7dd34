# What the shop's staff read on the order. Written in the shop's language.
note-result = Dzvinok. Call to the customer on { $at } by { $operator }. Outcome: { $outcome }. { $reason }

greeting-morning = Good morning
greeting-day = Good afternoon
greeting-evening = Good evening

money-spoken = { $currency ->
    [UAH] { $amount } UAH
    [PLN] { $amount } PLN
    [RUB] { $amount } RUB
    [USD] ${ $amount }
    [EUR] €{ $amount }
   *[other] { $amount } { $currency }
}
