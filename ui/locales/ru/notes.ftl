# Что читают на заказе сотрудники магазина. На языке магазина.
note-result = Dzvinok. Звонок клиенту { $at }, оператор { $operator }. Результат: { $outcome }. { $reason }

greeting-morning = Доброе утро
greeting-day = Добрый день
greeting-evening = Добрый вечер

money-spoken = { $currency ->
    [UAH] { $amount } грн
    [PLN] { $amount } zł
    [RUB] { $amount } ₽
    [USD] { $amount } $
    [EUR] { $amount } €
   *[other] { $amount } { $currency }
}
