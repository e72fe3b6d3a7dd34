# Обмен с магазинами: как идёт, что ждёт человека.
nav-sync = Синхронизация
sync-lead = Как идёт обмен с каждым магазином и что ждёт вашего решения.
sync-empty-text = Магазины подключает администратор.
sync-col-shop = Магазин
sync-col-pull = Последняя синхронизация
figure-conflicts = конфликты
sync-lag = отставание { $for }
sync-being-sent = отправляется: { $count }
sync-oldest = самый ранний с { $time }
sync-paused-until = пауза до { $time }
sync-next-try = Следующая попытка: { $when }
sync-open-list = { $what }: { $count }. Открыть список
sync-lists = Что ждёт
sync-list-conflicts = Конфликты
sync-list-dead = Не передано
sync-list-queue = Передаются
sync-kept =
    { $count ->
        [one] { $count } результат хранится здесь и уйдёт в магазин, как только тот ответит.
        [few] { $count } результата хранятся здесь и уйдут в магазин, как только тот ответит.
        [many] { $count } результатов хранятся здесь и уйдут в магазин, как только тот ответит.
       *[other] { $count } результата хранится здесь и уйдёт в магазин, как только тот ответит.
    }
sync-waiting =
    { $count ->
        [one] { $count } результат ждёт решения
        [few] { $count } результата ждут решения
        [many] { $count } результатов ждут решения
       *[other] { $count } результата ждёт решения
    }
sync-empty-conflicts = Конфликтов нет
sync-empty-conflicts-text = Когда магазин и оператор изменили одно и то же, здесь вы решаете, что оставить.
sync-empty-dead = Ничего не застряло
sync-empty-dead-text = Здесь появляется результат, который магазин не принял, — с причиной и советом, что делать.
sync-key-next = Следующий магазин
sync-key-before = Предыдущий магазин

# Что читается из магазина.
stream-orders = Заказы
stream-products = Товары
stream-customers = Клиенты
stream-not-yet = ещё не загружены
stream-fault = сбой

# Результат, который не передан, и решение человека.
letter-since = остановлено { $when }
letter-tries =
    { $count ->
        [one] { $count } попытка
        [few] { $count } попытки
        [many] { $count } попыток
       *[other] { $count } попытки
    }
letter-behind =
    { $count ->
        [one] Этого решения ждёт ещё { $count } результат этого заказа.
        [few] Этого решения ждут ещё { $count } результата этого заказа.
        [many] Этого решения ждут ещё { $count } результатов этого заказа.
       *[other] Этого решения ждёт ещё { $count } результата этого заказа.
    }
letter-wanted = Что сделать
letter-why = Почему не удалось
letter-choose = Какое ваше решение?
letter-choice-ours = Оставить наше
letter-choice-theirs = Оставить как в магазине
letter-choice-retry = Попробовать ещё раз
letter-choice-drop = Отказаться
letter-hint-ours = Передадим ещё раз поверх того, что сейчас в магазине.
letter-hint-theirs = Наше будет отозвано; в журнале останется, кто решил.
letter-hint-retry = Если причина устранена.
letter-hint-drop = Не нужно или уже сделано в магазине вручную.
letter-decide = Решить
letter-do-ours = Передать наше
letter-do-theirs = Оставить как есть
letter-do-retry = Попробовать
letter-do-drop = Отказаться
letter-done-ours = № { $order }: передадим наше.
letter-done-theirs = № { $order }: остаётся как в магазине.
letter-done-retry = № { $order }: попробуем ещё раз.
letter-done-drop = № { $order }: от передачи отказались.
letter-key-choose = Выбрать решение
letter-key-next = Следующий случай
letter-key-before = Предыдущий случай
letter-key-do = Выполнить решение
clash-field = Что именно
clash-base = Как было
clash-base-hint = в начале звонка
clash-ours = Наше
clash-theirs = В магазине
clash-holds = выбрано
clash-someone = кто-то в магазине
clash-not-there = не было

# Новый ключ магазина.
rekey = Новый ключ
rekey-card = Доступ к магазину
rekey-lead = Если старый ключ отозван или заменён. Новый сначала проверяется в магазине, затем сохраняется.
rekey-title = Новый ключ для «{ $name }»
rekey-do = Проверить и сохранить
rekey-done = «{ $name }» принимает новый ключ.
shop-rights = Права:

# Что означают статусы магазина.
statuses = Статусы заказов
statuses-lead = Что статусы магазина означают здесь и какие из них могут ставить операторы.
statuses-open = Настроить
statuses-set = Заданы администратором
statuses-own = Предложены программой
statuses-refresh = Обновить из магазина
statuses-refreshed = Статусы снова прочитаны из магазина.
statuses-saved = Статусы сохранены.
statuses-unsaved = Ещё не сохранено
statuses-own-again = Вернуть предложенное
statuses-empty = У этого магазина нет статусов для настройки
statuses-empty-text = Результаты записываются в поля и примечания заказа.
status-confirmed = Когда клиент подтверждает, ставить
status-confirmed-hint = Сюда должен вести статус, который ждёт звонка.
status-cancelled = Когда клиент отменяет, ставить
status-leave = не менять статус
status-word = Статус в магазине
status-means = Что это означает здесь
status-means-what = Что здесь означает «{ $status }»
status-steps = На что и кто может изменить
status-who = Кто может изменить «{ $from }» на «{ $to }»
status-least-operator = все
status-least-supervisor = супервайзер, админ
status-least-admin = только админ
status-add = добавить…
status-add-step = Разрешить менять «{ $from }» на
status-remove-step = Больше не разрешать «{ $from }» → «{ $to }»
status-gone = в магазине уже нет
status-drop = Убрать «{ $status }»
stage-new = Ждёт звонка
stage-confirmed = Подтверждён
stage-fulfilled = Выполнен
stage-cancelled = Отменён
stage-other = Другое: не звоним

# Тихий знак на рабочем месте.
desk-unreachable-since = { $shop }: нет связи с { $time }, работать можно
desk-unreachable-many =
    { $count ->
        [one] { $count } магазин без связи, работать можно
        [few] { $count } магазина без связи, работать можно
        [many] { $count } магазинов без связи, работать можно
       *[other] { $count } магазина без связи, работать можно
    }
desk-unreachable-many-since =
    { $count ->
        [one] { $count } магазин без связи с { $time }, работать можно
        [few] { $count } магазина без связи с { $time }, работать можно
        [many] { $count } магазинов без связи с { $time }, работать можно
       *[other] { $count } магазина без связи с { $time }, работать можно
    }
