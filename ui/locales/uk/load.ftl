# Коли надходять дзвінки, чим закінчуються й чому їх роблять.
load-title = Навантаження
load-shop = Магазин
load-sample = Демо
load-range = Дні
load-days =
    { $days ->
        [one] { $days } день
        [few] { $days } дні
        [many] { $days } днів
       *[other] { $days } дня
    }
load-own-range = Свій період
load-from = Від
load-to = До
load-no-shops = Жодного магазину ще не підключено
load-no-shops-text = Щойно магазин підключать і почнуться дзвінки, тут буде видно, коли їх найбільше й чим вони закінчуються.
load-connect = Підключити магазин
load-empty = За ці дні дзвінків немає
load-empty-known = Є дзвінки з { $from } до { $to }.
load-empty-text = Дзвінки з’являться тут, щойно буде збережено перший.
load-show-all = Показати всі дні
load-to-desk = До робочого місця
load-figure-calls = Дзвінки
load-figure-answered = Відповіли
load-figure-confirmed = Підтверджено замовлень
load-figure-aht = AHT
load-figure-aht-long = Середній час обробки: розмова, утримання й постобробка дзвінків, на які відповіли
load-figure-per-day = Дзвінків на день
load-heat = Дзвінки за днями тижня та годинами
load-zone = часовий пояс { $zone }
load-fewer = менше
load-more = більше
load-all = Усього
load-cell =
    { $calls ->
        [one] { $day }, { $hours }: { $calls } дзвінок, у середньому { $mean } за годину
        [few] { $day }, { $hours }: { $calls } дзвінки, у середньому { $mean } за годину
        [many] { $day }, { $hours }: { $calls } дзвінків, у середньому { $mean } за годину
       *[other] { $day }, { $hours }: { $calls } дзвінка, у середньому { $mean } за годину
    }
load-day-total =
    { $calls ->
        [one] { $day }: { $calls } дзвінок
        [few] { $day }: { $calls } дзвінки
        [many] { $day }: { $calls } дзвінків
       *[other] { $day }: { $calls } дзвінка
    }
load-hour-total =
    { $calls ->
        [one] { $hours }: { $calls } дзвінок
        [few] { $hours }: { $calls } дзвінки
        [many] { $hours }: { $calls } дзвінків
       *[other] { $hours }: { $calls } дзвінка
    }
load-grand-total =
    { $calls ->
        [one] Усього { $calls } дзвінок
        [few] Усього { $calls } дзвінки
        [many] Усього { $calls } дзвінків
       *[other] Усього { $calls } дзвінка
    }
load-thousands = { $thousands } тис.
load-tip-calls =
    { $calls ->
        [one] { $calls } дзвінок за період
        [few] { $calls } дзвінки за період
        [many] { $calls } дзвінків за період
       *[other] { $calls } дзвінка за період
    }
load-tip-mean = у середньому { $mean } за годину
load-outcomes = Результати
load-reasons = Тематика звернень
load-no-reason = Тематику не вказано
load-not-saved = Не збережено
load-none = Таких дзвінків немає
load-none-text = Приберіть фільтр або виберіть інші дні.
load-calls = Дзвінки
load-all-calls = Усі дзвінки
load-back = Назад
load-filter = Фільтр
load-without = Прибрати фільтр «{ $words }»
load-keys = Навантаження
load-key-back = Назад до теплової карти
load-column-started = Початок
load-column-person = Оператор
load-column-order = Замовл.
load-column-customer = Клієнт
load-column-phone = Телефон
load-column-outcome = Результат
load-column-reason = Тематика
load-column-talk = Розмова
load-column-handle = Обробка
load-call = Дзвінок
load-states = Хід дзвінка
load-talk = розмова
load-handle = обробка
load-script = Скрипт
load-said = сказано
load-ticked = Чек-лист
load-edits = Зміни в замовленні
load-operations = У магазині
