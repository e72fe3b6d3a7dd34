# Что читают на заказе сотрудники магазина. На языке магазина.
note-result = Dzvinok, звонок: { $operator }, { $at }. Результат: { $outcome }. { $reason }

greeting-morning = Доброе утро
greeting-day = Добрый день
greeting-evening = Добрый вечер
