# Обмін із магазинами: як триває, що чекає на людину.
nav-sync = Синхронізація
sync-lead = Як триває обмін із кожним магазином і що чекає на ваше рішення.
sync-empty-text = Магазини підключає адміністратор.
sync-col-shop = Магазин
sync-col-pull = Остання синхронізація
figure-conflicts = конфлікти
sync-lag = відставання { $for }
sync-being-sent = надсилається: { $count }
sync-oldest = найдавніший з { $time }
sync-paused-until = пауза до { $time }
sync-next-try = Наступна спроба: { $when }
sync-open-list = { $what }: { $count }. Відкрити список
sync-lists = Що чекає
sync-list-conflicts = Конфлікти
sync-list-dead = Не передано
sync-list-queue = Передаються
sync-kept =
    { $count ->
        [one] { $count } результат зберігається тут і буде переданий, щойно магазин відповість.
        [few] { $count } результати зберігаються тут і будуть передані, щойно магазин відповість.
        [many] { $count } результатів зберігаються тут і будуть передані, щойно магазин відповість.
       *[other] { $count } результату зберігається тут і буде передано, щойно магазин відповість.
    }
sync-waiting =
    { $count ->
        [one] { $count } результат чекає на рішення
        [few] { $count } результати чекають на рішення
        [many] { $count } результатів чекають на рішення
       *[other] { $count } результату чекає на рішення
    }
sync-empty-conflicts = Конфліктів немає
sync-empty-conflicts-text = Коли магазин і оператор змінили те саме, тут ви вирішуєте, що лишити.
sync-empty-dead = Нічого не застрягло
sync-empty-dead-text = Тут з’являється результат, який магазин не прийняв, — з причиною та порадою, що робити.
sync-key-next = Наступний магазин
sync-key-before = Попередній магазин

# Що читається з магазину.
stream-orders = Замовлення
stream-products = Товари
stream-customers = Клієнти
stream-not-yet = ще не завантажено
stream-fault = збій

# Результат, який не передано, і рішення людини.
letter-since = зупинено { $when }
letter-tries =
    { $count ->
        [one] { $count } спроба
        [few] { $count } спроби
        [many] { $count } спроб
       *[other] { $count } спроби
    }
letter-behind =
    { $count ->
        [one] На це рішення чекає ще { $count } результат цього замовлення.
        [few] На це рішення чекають ще { $count } результати цього замовлення.
        [many] На це рішення чекають ще { $count } результатів цього замовлення.
       *[other] На це рішення чекає ще { $count } результату цього замовлення.
    }
letter-wanted = Що зробити
letter-why = Чому не вдалося
letter-choose = Яке ваше рішення?
letter-choice-ours = Лишити наше
letter-choice-theirs = Лишити як у магазині
letter-choice-retry = Спробувати ще раз
letter-choice-drop = Відмовитися
letter-hint-ours = Передамо ще раз поверх того, що зараз у магазині.
letter-hint-theirs = Наше буде відкликано; у журналі лишиться, хто вирішив.
letter-hint-retry = Якщо причину усунуто.
letter-hint-drop = Не потрібно або вже зроблено в магазині вручну.
letter-decide = Вирішити
letter-do-ours = Передати наше
letter-do-theirs = Лишити як є
letter-do-retry = Спробувати
letter-do-drop = Відмовитися
letter-done-ours = № { $order }: передамо наше.
letter-done-theirs = № { $order }: лишається як у магазині.
letter-done-retry = № { $order }: спробуємо ще раз.
letter-done-drop = № { $order }: від передання відмовлено.
letter-key-choose = Вибрати рішення
letter-key-next = Наступний випадок
letter-key-before = Попередній випадок
letter-key-do = Виконати рішення
clash-field = Що саме
clash-base = Як було
clash-base-hint = на початку дзвінка
clash-ours = Наше
clash-theirs = У магазині
clash-holds = вибрано
clash-someone = хтось у магазині
clash-not-there = не було

# Новий ключ магазину.
rekey = Новий ключ
rekey-card = Доступ до магазину
rekey-lead = Якщо старий ключ відкликано чи замінено. Новий спершу перевіряється в магазині, а тоді зберігається.
rekey-title = Новий ключ для «{ $name }»
rekey-do = Перевірити й зберегти
rekey-done = «{ $name }» приймає новий ключ.
shop-rights = Права:

# Що означають статуси магазину.
statuses = Статуси замовлень
statuses-lead = Що статуси магазину означають тут і які з них можуть ставити оператори.
statuses-open = Налаштувати
statuses-set = Задано адміністратором
statuses-own = Запропоновано програмою
statuses-refresh = Оновити з магазину
statuses-refreshed = Статуси знову прочитано з магазину.
statuses-saved = Статуси збережено.
statuses-unsaved = Ще не збережено
statuses-own-again = Повернути запропоноване
statuses-empty = У цього магазину немає статусів для налаштування
statuses-empty-text = Результати записуються в поля та примітки замовлення.
status-confirmed = Коли клієнт підтверджує, ставити
status-confirmed-hint = Сюди має вести статус, що чекає на дзвінок.
status-cancelled = Коли клієнт скасовує, ставити
status-leave = не змінювати статус
status-word = Статус у магазині
status-means = Що це означає тут
status-means-what = Що тут означає «{ $status }»
status-steps = На що й хто може змінити
status-who = Хто може змінити «{ $from }» на «{ $to }»
status-least-operator = усі
status-least-supervisor = супервайзер, адмін
status-least-admin = лише адмін
status-add = додати…
status-add-step = Дозволити змінювати «{ $from }» на
status-remove-step = Більше не дозволяти «{ $from }» → «{ $to }»
status-gone = у магазині вже немає
status-drop = Прибрати «{ $status }»
stage-new = Чекає на дзвінок
stage-confirmed = Підтверджено
stage-fulfilled = Виконано
stage-cancelled = Скасовано
stage-other = Інше: не телефонуємо

# Тихий знак на робочому місці.
desk-unreachable-since = { $shop }: немає зв’язку з { $time }, можна працювати далі
desk-unreachable-many =
    { $count ->
        [one] { $count } магазин без зв’язку, можна працювати далі
        [few] { $count } магазини без зв’язку, можна працювати далі
        [many] { $count } магазинів без зв’язку, можна працювати далі
       *[other] { $count } магазину без зв’язку, можна працювати далі
    }
desk-unreachable-many-since =
    { $count ->
        [one] { $count } магазин без зв’язку з { $time }, можна працювати далі
        [few] { $count } магазини без зв’язку з { $time }, можна працювати далі
        [many] { $count } магазинів без зв’язку з { $time }, можна працювати далі
       *[other] { $count } магазину без зв’язку з { $time }, можна працювати далі
    }
