# Хто й коли працює: графіки, договори, зміни, запити.
nav-plan = Графік
plan-title = Графік змін
plan-lead = Графік розподіляє зміни на цілі тижні. Оператори побачать його після публікації.
plan-tab-plans = Графіки
plan-tab-requests = Запити
plan-tab-contracts = Умови праці
plan-tab-templates = Шаблони змін
plan-none = Графіків ще немає
plan-none-text = Створіть графік на наступні тижні: пошук заповнить його за лічені секунди, а далі змінюйте вручну що завгодно.
plan-new = Новий графік
plan-new-lead = Спочатку порожній, починається з понеділка.
plan-first-monday = Перший понеділок
plan-length = Тривалість
plan-make = Створити графік
plan-weeks =
    { $weeks ->
        [one] { $weeks } тиждень
        [few] { $weeks } тижні
        [many] { $weeks } тижнів
       *[other] { $weeks } тижня
    }
plan-column-days = Дні
plan-column-state = Стан
plan-column-shifts = Змін
plan-column-made = Створено
plan-draft = Чернетка
plan-published = Опубліковано
plan-changed-since = Змінено після публікації
plan-actions-for = Дії з графіком { $plan }
plan-compare = Порівняти з іншим
plan-drop = Викинути
plan-drop-title = Викинути цю чернетку?
plan-drop-lead = { $plan }: зникнуть усі зміни й ручні правки. Цього графіка ще ніхто не бачив.
plan-back = Усі графіки
plan-back-to-grid = Назад до всіх днів
plan-more = Більше
plan-publish = Опублікувати
plan-publish-title = Опублікувати графік?
plan-publish-lead =
    { $people ->
        [0] Ні в кого нічого не змінилося.
        [one] Про нові чи змінені зміни дізнається { $people } людина.
        [few] Про нові чи змінені зміни дізнаються { $people } людини.
        [many] Про нові чи змінені зміни дізнаються { $people } людей.
       *[other] Про нові чи змінені зміни дізнаються { $people } людини.
    }
plan-publish-fine = Жодного правила не порушено.
plan-publish-broken =
    { $rules ->
        [one] Вручну порушено { $rules } правило.
        [few] Вручну порушено { $rules } правила.
        [many] Вручну порушено { $rules } правил.
       *[other] Вручну порушено { $rules } правила.
    }
plan-published-told =
    { $people ->
        [0] Опубліковано. Повідомляти не було кого.
        [one] Опубліковано. Повідомлено { $people } людину.
        [few] Опубліковано. Повідомлено { $people } людей.
        [many] Опубліковано. Повідомлено { $people } людей.
       *[other] Опубліковано. Повідомлено { $people } людини.
    }
plan-replan = Перепланувати з дня
plan-replan-title = Перепланувати з дня
plan-replan-lead = Те, що раніше, залишиться. Далі зміниться якомога менше; закріплені зміни не рухаються.
plan-replan-from = Починаючи з
plan-export-xlsx = Таблиця (XLSX)
plan-export-pdf = На стіну (PDF)
plan-export-payroll = Години для зарплати (CSV)
plan-export-ics = Календар однієї людини
plan-export-ics-lead = Файл відкриє будь-яка програма-календар.
plan-exported = Збережено: { $path }
plan-person = Людина
plan-meeting = Нарада чи навчання…
plan-solve = Спланувати
plan-stop = Зупинити
plan-time-limit = Скільки шукати
plan-solving = { $elapsed } із { $limit }
plan-solve-progress = Пошук кращого графіка
plan-cost-fell = Вартість першого графіка { $first }, найкращого наразі { $now }
plan-grid = Зміни за людьми та днями
plan-people =
    { $people ->
        [one] { $people } людина
        [few] { $people } людини
        [many] { $people } людей
       *[other] { $people } людини
    }
plan-wanted-hours = потрібно, год
plan-present-hours = на лінії, год
plan-wanted = потрібно
plan-present = на лінії
plan-day-hours = потрібно { $wanted } год, на лінії { $present } год
plan-day-slot = потрібно { $wanted }, на лінії { $present }
plan-day-before = Попередній день
plan-day-after = Наступний день
plan-day-chart = Скільки людей потрібно й скільки на лінії за інтервалами
plan-day-nobody = Цього дня ніхто не працює
plan-multi-skill = Мультискіл…
plan-multi-skill-title = Рівень сервісу з мультискілом
plan-multi-skill-lead = Дзвінки цього дня програно двічі: коли кожен відповідає лише на лінії своєї зміни та коли вільний відповідає на будь-якій лінії зі своїх умов праці.
plan-multi-skill-calls = Дзвінки
plan-multi-skill-single = Лінія зміни
plan-multi-skill-multi = Мультискіл
plan-multi-skill-several =
    { $people ->
        [one] { $people } людина на зміні може відповідати на кількох лініях.
        [few] { $people } людини на зміні можуть відповідати на кількох лініях.
        [many] { $people } людей на зміні можуть відповідати на кількох лініях.
       *[other] { $people } людини на зміні можуть відповідати на кількох лініях.
    }
plan-multi-skill-nobody = Ніхто на зміні не може відповідати на другій лінії. Додайте проєкти в умови праці, щоб побачити, що це дасть.
plan-all-projects = Усі проєкти
plan-project = Проєкт
plan-break-paid = Оплачувана перерва
plan-break-unpaid = Неоплачувана перерва
plan-hours-of = Заплановано { $planned }, за договором { $contract }
plan-free = вихідний
plan-short-off = відп
plan-short-wish = поб.
plan-short-day-off = вих
plan-mark-pinned = закріплено
plan-mark-off-pinned = закріплений вихідний
plan-mark-changed = змінено після публікації
plan-mark-broken = порушує правило
plan-mark-off = відпустка чи відгул
plan-mark-wish = побажання вихідного
plan-legend = Позначки
plan-hint = Тягніть, щоб перенести, з Ctrl — копія, Enter — вибрати зміну, F1 — усі клавіші
plan-shift-menu = Виберіть зміну
plan-pin = Закріпити
plan-unpin = Відкріпити
plan-pin-off = Закріпити вихідний
plan-unpin-off = Відкріпити вихідний
plan-remove-shift = Прибрати зміну
plan-undo = Повернути
plan-no-new-broken = Нових порушень немає
plan-standing = Стан графіка
plan-service-level = Рівень сервісу
plan-uncovered-hours = Не покрито, год
plan-surplus-hours = Надлишок, год
plan-cost = Вартість
plan-broken = Порушені правила
plan-broken-none = Жодного правила не порушено
plan-uncovered = Бракує людей
plan-uncovered-none = Усі інтервали покрито
plan-show-all =
    { $more ->
        [one] Показати ще { $more }
        [few] Показати ще { $more }
        [many] Показати ще { $more }
       *[other] Показати ще { $more }
    }
plan-compare-title = Два графіки поруч
plan-compare-one = Графік лише один
plan-compare-one-text = Створіть ще один, щоб порівняти.
plan-compare-left = Перший
plan-compare-right = Другий
plan-compare-apart = У цих графіків немає спільних днів
plan-differences =
    { $days ->
        [0] Відмінностей немає
        [one] Відрізняється { $days } людино-день
        [few] Відрізняються { $days } людино-дні
        [many] Відрізняються { $days } людино-днів
       *[other] Відрізняються { $days } людино-дня
    }
plan-keys = Графік
plan-key-menu = Вибрати зміну для клітинки
plan-key-remove = Прибрати зміну
plan-key-pin = Закріпити чи відкріпити зміну або вихідний
plan-key-carry = Взяти зміну, щоб перенести
plan-key-copy = Скопіювати зміну
plan-key-paste = Вставити скопійовану зміну
plan-key-undo = Скасувати останню правку
plan-key-drop = Покласти зміну тут
plan-key-drop-copy = Покласти тут її копію
plan-key-let-go = Відпустити зміну, не переносячи
plan-key-back = Назад до всіх днів
plan-key-panel = Показати чи сховати стан графіка
plan-key-meeting = Призначити нараду чи навчання
cost-under = Бракує людей
cost-over = Зайві люди
cost-wishes = Невраховані побажання
cost-fairness = Нерівний розподіл
cost-hours = Поза нормою годин
cost-changes = Правки опублікованого
rule-broken-one_shift_a_day =
    { $is ->
        [one] { $is } зміна за день, можна щонайбільше { $limit }
        [few] { $is } зміни за день, можна щонайбільше { $limit }
        [many] { $is } змін за день, можна щонайбільше { $limit }
       *[other] { $is } зміни за день, можна щонайбільше { $limit }
    }
rule-broken-rest = відпочинок між змінами { $is }, треба щонайменше { $limit }
rule-broken-weekly_rest = щотижневий відпочинок { $is }, треба щонайменше { $limit }
rule-broken-day_minutes = { $is } за день, можна щонайбільше { $limit }
rule-broken-week_minutes = { $is } за тиждень, можна щонайбільше { $limit }
rule-broken-max_minutes = { $is } за графік, можна щонайбільше { $limit }
rule-broken-min_minutes = { $is } за графік, треба щонайменше { $limit }
rule-broken-consecutive_days =
    { $is ->
        [one] { $is } робочий день поспіль, можна щонайбільше { $limit }
        [few] { $is } робочі дні поспіль, можна щонайбільше { $limit }
        [many] { $is } робочих днів поспіль, можна щонайбільше { $limit }
       *[other] { $is } робочого дня поспіль, можна щонайбільше { $limit }
    }
rule-broken-min_consecutive_days =
    { $is ->
        [one] { $is } робочий день поспіль, треба щонайменше { $limit }
        [few] { $is } робочі дні поспіль, треба щонайменше { $limit }
        [many] { $is } робочих днів поспіль, треба щонайменше { $limit }
       *[other] { $is } робочого дня поспіль, треба щонайменше { $limit }
    }
rule-broken-consecutive_days_off =
    { $is ->
        [one] { $is } вихідний поспіль, треба щонайменше { $limit }
        [few] { $is } вихідні поспіль, треба щонайменше { $limit }
        [many] { $is } вихідних поспіль, треба щонайменше { $limit }
       *[other] { $is } вихідного поспіль, треба щонайменше { $limit }
    }
rule-broken-weekends =
    { $is ->
        [one] { $is } робочі вихідні, можна щонайбільше { $limit }
        [few] { $is } робочі вихідні, можна щонайбільше { $limit }
        [many] { $is } робочих вихідних, можна щонайбільше { $limit }
       *[other] { $is } робочих вихідних, можна щонайбільше { $limit }
    }
rule-broken-nights =
    { $is ->
        [one] { $is } ніч поспіль, можна щонайбільше { $limit }
        [few] { $is } ночі поспіль, можна щонайбільше { $limit }
        [many] { $is } ночей поспіль, можна щонайбільше { $limit }
       *[other] { $is } ночі поспіль, можна щонайбільше { $limit }
    }
rule-broken-time_off = має відпустку чи відгул
rule-broken-skill = не атестовано на цей проєкт
rule-broken-succession = ця зміна не може йти після попередньої
rule-broken-shift_kind =
    { $is ->
        [one] { $is } така зміна, можна щонайбільше { $limit }
        [few] { $is } такі зміни, можна щонайбільше { $limit }
        [many] { $is } таких змін, можна щонайбільше { $limit }
       *[other] { $is } такої зміни, можна щонайбільше { $limit }
    }
rule-broken-template_day = цього дня тижня таку зміну не дають
rule-broken-weekday = не працює цього дня тижня
rule-broken-forbidden = цій людині таку зміну не дають
rule-broken-pinned = день закріплено
obstacle-one_shift_a_day = уже працюють того дня: { $people }
obstacle-rest = відпочинок між змінами: { $people }
obstacle-weekly_rest = щотижневий відпочинок: { $people }
obstacle-day_minutes = години дня: { $people }
obstacle-week_minutes = години тижня: { $people }
obstacle-max_minutes = вичерпано години: { $people }
obstacle-min_minutes = мінімум годин: { $people }
obstacle-consecutive_days = дні поспіль: { $people }
obstacle-min_consecutive_days = замало днів поспіль: { $people }
obstacle-consecutive_days_off = вихідні поспіль: { $people }
obstacle-weekends = робочі вихідні: { $people }
obstacle-nights = ночі: { $people }
obstacle-time_off = відпустки: { $people }
obstacle-skill = без атестації: { $people }
obstacle-succession = черговість змін: { $people }
obstacle-shift_kind = кількість таких змін: { $people }
obstacle-template_day = день тижня: { $people }
obstacle-weekday = не працюють цього дня тижня: { $people }
obstacle-forbidden = таку зміну не дають: { $people }
obstacle-pinned = закріплено: { $people }
request-none = Ніхто не чекає на відповідь
request-none-text = Тут з’являтимуться запити на обмін і вихідні.
request-waiting = Чекають на вас
request-decided = Нещодавно вирішені
request-swap = просить обміняти зміну
request-take_over = просить забрати зміну
request-time_off = просить вихідні
request-wish = має побажання щодо вихідних
request-state-asked_colleague = Чекає на колегу
request-state-asked_supervisor = Чекає на супервайзера
request-state-approved = Погоджено
request-state-declined = Відхилено
request-state-withdrawn = Відкликано
request-said = «{ $reason }»
request-answer = Відповідь
request-would-break = Порушить правила
request-breaks-nothing = Жодного правила не порушить
request-words = Коментар
request-do-agree = Погодитися
request-do-approve = Погодити
request-do-decline = Відхилити
request-do-withdraw = Відкликати
request-done-agree = Ви погодилися; тепер вирішує супервайзер.
request-done-approve = Погоджено.
request-done-decline = Відхилено.
request-done-withdraw = Відкликано.
template-lead = Зміни, які можна призначати, та їхні перерви.
template-new = Новий шаблон
template-title = Шаблон зміни
template-none = Шаблонів змін ще немає
template-code = Код
template-name = Назва
template-hours = Години
template-start = Початок
template-length = Тривалість
template-picture = Протягом доби
template-weekdays = Дні тижня
template-breaks = Перерви
template-break-after = Через
template-paid = Оплачувана
template-add-break = Додати перерву
template-unpopular = Непопулярна
template-unpopular-hint = Її люблять менше, тож за місяці ділять порівну.
template-edit = Змінити «{ $name }»
template-remove = Прибрати «{ $name }»
template-removed = «{ $name }» більше не призначають.
hours-wrong = Пишіть години як 7:30 або 7,5.
contract-lead = Години, відпочинок і проєкти кожної людини: пошук їх дотримується.
contract-find = Знайти людину
contract-none = Планувати ще нікого
contract-none-text = Спершу додайте людей.
contract-title = Умови праці
contract-as-law = Як за законом:
law-ua = Україна
law-pl = Польща
law-ru = Росія
contract-law = Закон
contract-week = Годин на тиждень
contract-week-short = Тиждень
contract-max-week = Найбільше на тиждень, із понаднормовими
contract-max-day = Найбільше за день
contract-rest = Відпочинок між змінами
contract-rest-short = Відпоч.
contract-weekly-rest = Відпочинок раз на тиждень
contract-days = Робочих днів поспіль, не більше
contract-days-short = Днів поспіль
contract-days-off = Вихідних поспіль, не менше
contract-weekends = Робочих вихідних із чотирьох
contract-weekends-short = Вихідні
contract-of-four = { $weekends } із 4
contract-nights = Ночей поспіль, 0 — без ночей
contract-nights-short = Ночі
contract-projects = Проєкти з атестацією
contract-no-projects = Немає проєктів
contract-planned = Планувати
contract-planned-hint = Бере участь у наступних графіках.
contract-planned-short = У графіку
contract-weekdays = Може працювати
contract-never = Ніколи не давати
contract-never-none = Шаблонів змін ще немає
contract-ruled-out = Виключено
meeting-new = Нарада чи навчання
meeting-lead = Час, коли лінія втратить найменше. Кого тоді немає на роботі, того не викликають.
meeting-kind = Що це
meeting-kind-meeting = Нарада
meeting-kind-training = Навчання
meeting-title = Назва
meeting-who = Хто
meeting-everyone = Усі
meeting-picked = Вибрані люди
meeting-find = Ім’я, Enter — вибрати
meeting-picked-count =
    { $people ->
        [0] Ще нікого не вибрано
        [one] Вибрано { $people } людину
        [few] Вибрано { $people } людини
        [many] Вибрано { $people } людей
       *[other] Вибрано { $people } людини
    }
meeting-length = Тривалість
meeting-between = У які дні
meeting-times = Найкращий час
meeting-times-none = Цими днями ніхто з них не працює. Виберіть інші дні.
meeting-times-nobody = Виберіть людей — і з’явиться найкращий час.
meeting-covered = На лінії людей вистачить
meeting-missing =
    { $people ->
        [one] На лінії бракуватиме { $people } людини протягом { $minutes } хв
        [few] На лінії бракуватиме { $people } людей протягом { $minutes } хв
        [many] На лінії бракуватиме { $people } людей протягом { $minutes } хв
       *[other] На лінії бракуватиме { $people } людини протягом { $minutes } хв
    }
meeting-all-there = усі на роботі
meeting-absent = Не на роботі: { $names }
meeting-busy = Перерва чи інша нарада: { $names }
meeting-more = { $names } і ще { $more }
meeting-place = Призначити
meeting-placed = «{ $title }» призначено: { $when }.
meeting-remove = Прибрати «{ $title }»
meeting-removed = «{ $title }» прибрано.
meeting-come = на роботі { $there } із { $people }
