# Рабочее место оператора.
action-next_task = Следующая задача
action-put_back = Вернуть в очередь
action-dial = Набрать
action-answered = Ответили
action-no_answer = Не отвечает
action-busy = Занято
action-hold = На удержание
action-resume = Снять с удержания
action-hang_up = Завершить
action-save = Сохранить и дальше
action-pause = Пауза
action-ready = Снять паузу
desk-strip = Состояние звонка
desk-due = К обзвону
desk-waiting = В очереди
desk-saved-today = За сегодня
desk-unreachable = { $shop }: нет связи, работать можно
desk-unreachable-hint = Результаты хранятся здесь и уйдут в магазин, как только он ответит.
desk-pause-why = Причина паузы
desk-actions = Действия со звонком
desk-call = Звонок
desk-save-only = Только сохранить
desk-queue = Очередь
desk-queue-due = сейчас { $due } из { $total }
desk-queue-none = Никто не ждёт.
desk-promised = Обещанный звонок
desk-promised-at = обещали на { $time }
desk-attempt = Попытка { $number }
desk-next-lead =
    { $due ->
        [one] Звонка ждёт { $due } клиент
        [few] Звонка ждут { $due } клиента
        [many] Звонка ждут { $due } клиентов
       *[other] Звонка ждут { $due } клиента
    }
desk-next-hint = Чтобы выбрать кого-то другого, перейдите в очередь:
desk-placed = заказано { $when }
desk-paused = Вы на паузе
desk-nobody = Всем позвонили
desk-nobody-now = Сейчас звонить некому
desk-nobody-hint = Новые заказы приходят автоматически. Можно проверить магазины прямо сейчас.
desk-next-due = Следующий звонок: { $time } ({ $when })
desk-next-promised = Следующий обещанный звонок: { $time } ({ $when })
desk-no-shops = Ни один магазин ещё не подключён, звонить некому.
desk-connect-shop = Подключить магазин
desk-look-now = Проверить новые заказы
desk-script = Скрипт
desk-trail = Пройденные шаги
desk-trail-said = сказано
desk-step-back = Назад
desk-gap = нет данных: { $name }
desk-answers-later = Ответы станут доступны, когда клиент ответит
desk-other-answer = Нет нужного ответа
desk-other-answer-words = Что сказал клиент?
desk-other-answer-keep = Записать
desk-other-answer-noted = Записано для автора скрипта
desk-said = Сказано, дальше
desk-script-ended = Скрипт пройден. Попрощайтесь и завершите звонок.
desk-checklist = Чек-лист
desk-checklist-done = { $done } из { $all }
desk-checklist-open =
    { $open ->
        [one] Остался { $open } обязательный пункт
        [few] Осталось { $open } обязательных пункта
        [many] Осталось { $open } обязательных пунктов
       *[other] Осталось { $open } обязательного пункта
    }
desk-point-required = обязательно
desk-comment = Комментарий
desk-comment-needed = нужен для этого результата
desk-not-kept = Ещё не сохранено, пробуем снова
desk-result = Итог звонка
desk-outcome = Результат
desk-reason = Тематика обращения
desk-subreason = Уточнение тематики
desk-callback = Когда перезвонить
desk-callback-hour = Через час
desk-callback-evening = Сегодня вечером
desk-callback-tomorrow = Завтра утром
desk-callback-day = День, когда перезвонить
desk-callback-clock = Время, когда перезвонить
desk-callback-clock-sample = 14:30
desk-callback-zone = по времени клиента
desk-callback-here = по времени клиента, у вас { $time }
desk-today = Сегодня, { $day }
desk-tomorrow = Завтра, { $day }
desk-saved = № { $number } сохранён: { $outcome }
desk-undo = Вернуть
desk-order = Заказ и клиент
desk-number = № { $number }
desk-phone-masked = Полный номер появится после набора.
desk-local-time = у клиента { $time }
desk-remark = Пожелание клиента
desk-pieces-of = Количество: { $name }
desk-fewer = На единицу меньше: { $name }
desk-more = На единицу больше: { $name }
desk-line-changed = было { $before } → стало { $now }
desk-line-added = добавлено
desk-line-removed = убрано
desk-lines-fixed = Этот магазин не даёт менять товары в заказе отсюда.
desk-find-product = Добавить товар
desk-products = Найденные товары
desk-no-product = Такого товара нет
desk-product-added = Добавлено: { $name }
desk-in-stock = на складе: { $pieces }
desk-out-of-stock = нет на складе
desk-delivery-total = Стоимость доставки
desk-total-before = Было к оплате
desk-total = К оплате
desk-address = Адрес
desk-delivery = Доставка
desk-payment = Оплата
desk-not-given = не указано
desk-history = Прошлые звонки
desk-not-saved = Не сохранён
desk-keys-call = Звонок
desk-keys-script = Скрипт
desk-keys-order = Заказ
desk-keys-result = Результат
desk-key-go-on = Дальше: задача, набор, ответ
desk-key-hold = Поставить на удержание или снять
desk-key-pause = Встать на паузу или снять её
desk-key-queue = Перейти в очередь
desk-key-digit = Ответ или результат по номеру
desk-key-other-answer = Нет нужного ответа
desk-key-step-back = На шаг назад
desk-key-find-product = Добавить товар
desk-key-order-lines = Товары заказа
desk-key-reason = Тематика обращения
desk-key-subreason = Уточнение тематики
desk-key-comment = Комментарий
desk-key-save = Сохранить и взять следующую
desk-key-undo = Вернуть сохранённое
desk-key-leave = Выйти из поля, текст останется
