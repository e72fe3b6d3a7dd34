# Когда идут звонки, чем заканчиваются и почему их делают.
load-title = Нагрузка
load-shop = Магазин
load-sample = Демо
load-range = Дни
load-days =
    { $days ->
        [one] { $days } день
        [few] { $days } дня
        [many] { $days } дней
       *[other] { $days } дня
    }
load-own-range = Свой период
load-from = С
load-to = По
load-no-shops = Ни один магазин ещё не подключён
load-no-shops-text = Как только магазин подключат и начнутся звонки, здесь будет видно, когда их больше всего и чем они заканчиваются.
load-connect = Подключить магазин
load-empty = За эти дни звонков нет
load-empty-known = Есть звонки с { $from } по { $to }.
load-empty-text = Звонки появятся здесь, как только будет сохранён первый.
load-show-all = Показать все дни
load-to-desk = К рабочему месту
load-figure-calls = Звонки
load-figure-answered = Ответили
load-figure-confirmed = Подтверждено заказов
load-figure-aht = AHT
load-figure-aht-long = Среднее время обработки: разговор, удержание и постобработка отвеченных звонков
load-figure-per-day = Звонков в день
load-heat = Звонки по дням недели и часам
load-zone = часовой пояс { $zone }
load-fewer = меньше
load-more = больше
load-all = Всего
load-cell =
    { $calls ->
        [one] { $day }, { $hours }: { $calls } звонок, в среднем { $mean } в час
        [few] { $day }, { $hours }: { $calls } звонка, в среднем { $mean } в час
        [many] { $day }, { $hours }: { $calls } звонков, в среднем { $mean } в час
       *[other] { $day }, { $hours }: { $calls } звонка, в среднем { $mean } в час
    }
load-day-total =
    { $calls ->
        [one] { $day }: { $calls } звонок
        [few] { $day }: { $calls } звонка
        [many] { $day }: { $calls } звонков
       *[other] { $day }: { $calls } звонка
    }
load-hour-total =
    { $calls ->
        [one] { $hours }: { $calls } звонок
        [few] { $hours }: { $calls } звонка
        [many] { $hours }: { $calls } звонков
       *[other] { $hours }: { $calls } звонка
    }
load-grand-total =
    { $calls ->
        [one] Всего { $calls } звонок
        [few] Всего { $calls } звонка
        [many] Всего { $calls } звонков
       *[other] Всего { $calls } звонка
    }
load-thousands = { $thousands } тыс.
load-tip-calls =
    { $calls ->
        [one] { $calls } звонок за период
        [few] { $calls } звонка за период
        [many] { $calls } звонков за период
       *[other] { $calls } звонка за период
    }
load-tip-mean = в среднем { $mean } в час
load-outcomes = Результаты
load-reasons = Тематика обращений
load-no-reason = Тематика не указана
load-not-saved = Не сохранён
load-none = Таких звонков нет
load-none-text = Уберите фильтр или выберите другие дни.
load-calls = Звонки
load-all-calls = Все звонки
load-back = Назад
load-filter = Фильтр
load-without = Убрать фильтр «{ $words }»
load-keys = Нагрузка
load-key-back = Назад к тепловой карте
load-column-started = Начало
load-column-person = Оператор
load-column-order = Заказ
load-column-customer = Клиент
load-column-phone = Телефон
load-column-outcome = Результат
load-column-reason = Тематика
load-column-talk = Разговор
load-column-handle = Обработка
load-call = Звонок
load-states = Ход звонка
load-talk = разговор
load-handle = обработка
load-script = Скрипт
load-said = сказано
load-ticked = Чек-лист
load-edits = Изменения в заказе
load-operations = В магазине
