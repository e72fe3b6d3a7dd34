# Що читають на замовленні працівники магазину. Мовою магазину.
note-result = Dzvinok. Дзвінок клієнту { $at }, оператор { $operator }. Результат: { $outcome }. { $reason }

greeting-morning = Доброго ранку
greeting-day = Добрий день
greeting-evening = Добрий вечір

money-spoken = { $currency ->
    [UAH] { $amount } грн
    [PLN] { $amount } zł
    [RUB] { $amount } ₽
    [USD] { $amount } $
    [EUR] { $amount } €
   *[other] { $amount } { $currency }
}
