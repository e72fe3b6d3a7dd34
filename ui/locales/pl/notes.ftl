# Co na zamówieniu czytają pracownicy sklepu. W języku sklepu.
note-result = Dzvinok. Telefon do klienta { $at }, konsultant: { $operator }. Wynik: { $outcome }. { $reason }

greeting-morning = Dzień dobry
greeting-day = Dzień dobry
greeting-evening = Dobry wieczór

money-spoken = { $currency ->
    [UAH] { $amount } UAH
    [PLN] { $amount } zł
    [RUB] { $amount } RUB
    [USD] { $amount } USD
    [EUR] { $amount } €
   *[other] { $amount } { $currency }
}
