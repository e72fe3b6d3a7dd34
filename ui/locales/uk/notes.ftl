# Що читають на замовленні працівники магазину. Мовою магазину.
note-result = Dzvinok, дзвінок: { $operator }, { $at }. Результат: { $outcome }. { $reason }

greeting-morning = Доброго ранку
greeting-day = Добрий день
greeting-evening = Добрий вечір
