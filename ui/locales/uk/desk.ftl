# Робоче місце оператора.
action-next_task = Наступне завдання
action-put_back = Повернути в чергу
action-dial = Набрати
action-answered = Відповіли
action-no_answer = Не відповідає
action-busy = Зайнято
action-hold = На утримання
action-resume = Зняти з утримання
action-hang_up = Завершити
action-save = Зберегти й далі
action-pause = Пауза
action-ready = Зняти паузу
desk-strip = Стан дзвінка
desk-due = До обдзвону
desk-waiting = У черзі
desk-saved-today = За сьогодні
desk-unreachable = { $shop }: немає зв’язку, працювати можна
desk-unreachable-hint = Результати зберігаються тут і підуть до магазину, щойно він відповість.
desk-pause-why = Причина паузи
desk-actions = Дії із дзвінком
desk-call = Дзвінок
desk-save-only = Лише зберегти
desk-queue = Черга
desk-queue-due = зараз { $due } із { $total }
desk-queue-none = Ніхто не чекає.
desk-promised = Обіцяний дзвінок
desk-promised-at = обіцяли на { $time }
desk-attempt = Спроба { $number }
desk-next-lead =
    { $due ->
        [one] На дзвінок чекає { $due } клієнт
        [few] На дзвінок чекають { $due } клієнти
        [many] На дзвінок чекають { $due } клієнтів
       *[other] На дзвінок чекають { $due } клієнта
    }
desk-next-hint = Щоб вибрати когось іншого, перейдіть до черги:
desk-placed = замовлено { $when }
desk-paused = Ви на паузі
desk-nobody = Усім зателефонували
desk-nobody-now = Зараз телефонувати нікому
desk-nobody-hint = Нові замовлення надходять автоматично. Можна перевірити магазини просто зараз.
desk-next-due = Наступний дзвінок: { $time } ({ $when })
desk-next-promised = Наступний обіцяний дзвінок: { $time } ({ $when })
desk-no-shops = Жодного магазину ще не підключено, тож телефонувати нікому.
desk-connect-shop = Підключити магазин
desk-look-now = Перевірити нові замовлення
desk-script = Скрипт
desk-trail = Пройдені кроки
desk-trail-said = сказано
desk-step-back = Назад
desk-gap = немає даних: { $name }
desk-answers-later = Відповіді стануть доступні, коли клієнт відповість
desk-other-answer = Немає потрібної відповіді
desk-other-answer-words = Що сказав клієнт?
desk-other-answer-keep = Записати
desk-other-answer-noted = Записано для автора скрипту
desk-said = Сказано, далі
desk-script-ended = Скрипт пройдено. Попрощайтеся та завершіть дзвінок.
desk-checklist = Чек-лист
desk-checklist-done = { $done } із { $all }
desk-checklist-open =
    { $open ->
        [one] Лишився { $open } обов’язковий пункт
        [few] Лишилося { $open } обов’язкові пункти
        [many] Лишилося { $open } обов’язкових пунктів
       *[other] Лишилося { $open } обов’язкового пункту
    }
desk-point-required = обов’язково
desk-comment = Коментар
desk-comment-needed = потрібен для цього результату
desk-not-kept = Ще не збережено, пробуємо знову
desk-result = Підсумок дзвінка
desk-outcome = Результат
desk-reason = Тематика звернення
desk-subreason = Уточнення тематики
desk-callback = Коли передзвонити
desk-callback-hour = За годину
desk-callback-evening = Сьогодні ввечері
desk-callback-tomorrow = Завтра вранці
desk-callback-day = День, коли передзвонити
desk-callback-clock = Час, коли передзвонити
desk-callback-clock-sample = 14:30
desk-callback-zone = за часом клієнта
desk-callback-here = за часом клієнта, у вас { $time }
desk-today = Сьогодні, { $day }
desk-tomorrow = Завтра, { $day }
desk-saved = № { $number } збережено: { $outcome }
desk-undo = Повернути
desk-order = Замовлення та клієнт
desk-number = № { $number }
desk-phone-masked = Повний номер з’явиться після набору.
desk-local-time = у клієнта { $time }
desk-remark = Побажання клієнта
desk-pieces-of = Кількість: { $name }
desk-fewer = На одиницю менше: { $name }
desk-more = На одиницю більше: { $name }
desk-line-changed = було { $before } → стало { $now }
desk-line-added = додано
desk-line-removed = прибрано
desk-lines-fixed = Цей магазин не дає змінювати товари в замовленні звідси.
desk-find-product = Додати товар
desk-products = Знайдені товари
desk-no-product = Такого товару немає
desk-product-added = Додано: { $name }
desk-in-stock = на складі: { $pieces }
desk-out-of-stock = немає на складі
desk-delivery-total = Вартість доставки
desk-total-before = Було до сплати
desk-total = До сплати
desk-address = Адреса
desk-delivery = Доставка
desk-payment = Оплата
desk-not-given = не вказано
desk-history = Попередні дзвінки
desk-not-saved = Не збережено
desk-keys-call = Дзвінок
desk-keys-script = Скрипт
desk-keys-order = Замовлення
desk-keys-result = Результат
desk-key-go-on = Далі: завдання, набір, відповідь
desk-key-hold = Поставити на утримання або зняти
desk-key-pause = Стати на паузу або зняти її
desk-key-queue = Перейти до черги
desk-key-digit = Відповідь або результат за номером
desk-key-other-answer = Немає потрібної відповіді
desk-key-step-back = На крок назад
desk-key-find-product = Додати товар
desk-key-order-lines = Товари замовлення
desk-key-reason = Тематика звернення
desk-key-subreason = Уточнення тематики
desk-key-comment = Коментар
desk-key-save = Зберегти й узяти наступне
desk-key-undo = Повернути збережене
desk-key-leave = Вийти з поля, текст залишиться
