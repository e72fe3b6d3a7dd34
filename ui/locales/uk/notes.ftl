# Що читають на замовленні працівники магазину. Мовою магазину.
note-result = Dzvinok, дзвінок: { $operator }, { $at }. Результат: { $outcome }. { $reason }
note-changed = { $name }: { $before } → { $now }
