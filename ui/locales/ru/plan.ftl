# Кто и когда работает: графики, договоры, смены, запросы.
nav-plan = График
plan-title = График смен
plan-lead = График распределяет смены на целые недели. Операторы увидят его после публикации.
plan-tab-plans = Графики
plan-tab-requests = Запросы
plan-tab-contracts = Условия труда
plan-tab-templates = Шаблоны смен
plan-none = Графиков ещё нет
plan-none-text = Создайте график на ближайшие недели: поиск заполнит его за считаные секунды, а дальше меняйте вручную что угодно.
plan-new = Новый график
plan-new-lead = Сначала пустой, начинается с понедельника.
plan-first-monday = Первый понедельник
plan-length = Длительность
plan-make = Создать график
plan-weeks =
    { $weeks ->
        [one] { $weeks } неделя
        [few] { $weeks } недели
        [many] { $weeks } недель
       *[other] { $weeks } недели
    }
plan-column-days = Дни
plan-column-state = Состояние
plan-column-shifts = Смен
plan-column-made = Создан
plan-draft = Черновик
plan-published = Опубликован
plan-changed-since = Изменён после публикации
plan-actions-for = Действия с графиком { $plan }
plan-compare = Сравнить с другим
plan-drop = Выбросить
plan-drop-title = Выбросить этот черновик?
plan-drop-lead = { $plan }: исчезнут все смены и ручные правки. Этого графика ещё никто не видел.
plan-back = Все графики
plan-back-to-grid = Назад ко всем дням
plan-more = Ещё
plan-publish = Опубликовать
plan-publish-title = Опубликовать график?
plan-publish-lead =
    { $people ->
        [0] Ни у кого ничего не изменилось.
        [one] О новых или изменённых сменах узнает { $people } человек.
        [few] О новых или изменённых сменах узнают { $people } человека.
        [many] О новых или изменённых сменах узнают { $people } человек.
       *[other] О новых или изменённых сменах узнают { $people } человека.
    }
plan-publish-fine = Ни одно правило не нарушено.
plan-publish-broken =
    { $rules ->
        [one] Вручную нарушено { $rules } правило.
        [few] Вручную нарушено { $rules } правила.
        [many] Вручную нарушено { $rules } правил.
       *[other] Вручную нарушено { $rules } правила.
    }
plan-published-told =
    { $people ->
        [0] Опубликовано. Сообщать было некому.
        [one] Опубликовано. Сообщено { $people } человеку.
        [few] Опубликовано. Сообщено { $people } людям.
        [many] Опубликовано. Сообщено { $people } людям.
       *[other] Опубликовано. Сообщено { $people } человека.
    }
plan-replan = Перепланировать со дня
plan-replan-title = Перепланировать со дня
plan-replan-lead = То, что раньше, останется. Дальше изменится как можно меньше; закреплённые смены не двигаются.
plan-replan-from = Начиная с
plan-export-xlsx = Таблица (XLSX)
plan-export-pdf = На стену (PDF)
plan-export-payroll = Часы для зарплаты (CSV)
plan-export-ics = Календарь одного человека
plan-export-ics-lead = Файл откроет любая программа-календарь.
plan-exported = Сохранено: { $path }
plan-person = Человек
plan-meeting = Совещание или обучение…
plan-solve = Спланировать
plan-stop = Остановить
plan-time-limit = Сколько искать
plan-solving = { $elapsed } из { $limit }
plan-solve-progress = Поиск лучшего графика
plan-cost-fell = Стоимость первого графика { $first }, лучшего пока { $now }
plan-grid = Смены по людям и дням
plan-people =
    { $people ->
        [one] { $people } человек
        [few] { $people } человека
        [many] { $people } человек
       *[other] { $people } человека
    }
plan-wanted-hours = нужно, ч
plan-present-hours = на линии, ч
plan-wanted = нужно
plan-present = на линии
plan-day-hours = нужно { $wanted } ч, на линии { $present } ч
plan-day-slot = нужно { $wanted }, на линии { $present }
plan-day-before = Предыдущий день
plan-day-after = Следующий день
plan-day-chart = Сколько людей нужно и сколько на линии по интервалам
plan-day-nobody = В этот день никто не работает
plan-multi-skill = Мультискилл…
plan-multi-skill-title = Уровень сервиса с мультискиллом
plan-multi-skill-lead = Звонки этого дня проиграны дважды: когда каждый отвечает только на линии своей смены и когда свободный отвечает на любой линии из своих условий труда.
plan-multi-skill-calls = Звонки
plan-multi-skill-single = Линия смены
plan-multi-skill-multi = Мультискилл
plan-multi-skill-several =
    { $people ->
        [one] { $people } человек на смене может отвечать на нескольких линиях.
        [few] { $people } человека на смене могут отвечать на нескольких линиях.
        [many] { $people } человек на смене могут отвечать на нескольких линиях.
       *[other] { $people } человека на смене могут отвечать на нескольких линиях.
    }
plan-multi-skill-nobody = Никто на смене не может отвечать на второй линии. Добавьте проекты в условия труда, чтобы увидеть, что это даст.
plan-all-projects = Все проекты
plan-project = Проект
plan-break-paid = Оплачиваемый перерыв
plan-break-unpaid = Неоплачиваемый перерыв
plan-hours-of = Запланировано { $planned }, по договору { $contract }
plan-free = выходной
plan-short-off = отп
plan-short-wish = пож.
plan-short-day-off = вых
plan-mark-pinned = закреплена
plan-mark-off-pinned = закреплённый выходной
plan-mark-changed = изменена после публикации
plan-mark-broken = нарушает правило
plan-mark-off = отпуск или отгул
plan-mark-wish = пожелание выходного
plan-legend = Отметки
plan-hint = Тяните, чтобы перенести, с Ctrl — копия, Enter — выбрать смену, F1 — все клавиши
plan-shift-menu = Выберите смену
plan-pin = Закрепить
plan-unpin = Открепить
plan-pin-off = Закрепить выходной
plan-unpin-off = Открепить выходной
plan-remove-shift = Убрать смену
plan-undo = Вернуть
plan-no-new-broken = Новых нарушений нет
plan-standing = Состояние графика
plan-service-level = Уровень сервиса
plan-uncovered-hours = Не покрыто, ч
plan-surplus-hours = Излишек, ч
plan-cost = Стоимость
plan-broken = Нарушенные правила
plan-broken-none = Ни одно правило не нарушено
plan-uncovered = Не хватает людей
plan-uncovered-none = Все интервалы покрыты
plan-show-all =
    { $more ->
        [one] Показать ещё { $more }
        [few] Показать ещё { $more }
        [many] Показать ещё { $more }
       *[other] Показать ещё { $more }
    }
plan-compare-title = Два графика рядом
plan-compare-one = График только один
plan-compare-one-text = Создайте ещё один, чтобы сравнить.
plan-compare-left = Первый
plan-compare-right = Второй
plan-compare-apart = У этих графиков нет общих дней
plan-differences =
    { $days ->
        [0] Отличий нет
        [one] Отличается { $days } человеко-день
        [few] Отличаются { $days } человеко-дня
        [many] Отличаются { $days } человеко-дней
       *[other] Отличаются { $days } человеко-дня
    }
plan-keys = График
plan-key-menu = Выбрать смену для клетки
plan-key-remove = Убрать смену
plan-key-pin = Закрепить или открепить смену либо выходной
plan-key-carry = Взять смену, чтобы перенести
plan-key-copy = Скопировать смену
plan-key-paste = Вставить скопированную смену
plan-key-undo = Отменить последнюю правку
plan-key-drop = Положить смену здесь
plan-key-drop-copy = Положить здесь её копию
plan-key-let-go = Отпустить смену, не перенося
plan-key-back = Назад ко всем дням
plan-key-panel = Показать или скрыть состояние графика
plan-key-meeting = Назначить совещание или обучение
cost-under = Не хватает людей
cost-over = Лишние люди
cost-wishes = Неучтённые пожелания
cost-fairness = Неравное распределение
cost-hours = Вне нормы часов
cost-changes = Правки опубликованного
rule-broken-one_shift_a_day =
    { $is ->
        [one] { $is } смена за день, можно не больше { $limit }
        [few] { $is } смены за день, можно не больше { $limit }
        [many] { $is } смен за день, можно не больше { $limit }
       *[other] { $is } смены за день, можно не больше { $limit }
    }
rule-broken-rest = отдых между сменами { $is }, нужно не меньше { $limit }
rule-broken-weekly_rest = еженедельный отдых { $is }, нужно не меньше { $limit }
rule-broken-day_minutes = { $is } за день, можно не больше { $limit }
rule-broken-week_minutes = { $is } за неделю, можно не больше { $limit }
rule-broken-max_minutes = { $is } за график, можно не больше { $limit }
rule-broken-min_minutes = { $is } за график, нужно не меньше { $limit }
rule-broken-consecutive_days =
    { $is ->
        [one] { $is } рабочий день подряд, можно не больше { $limit }
        [few] { $is } рабочих дня подряд, можно не больше { $limit }
        [many] { $is } рабочих дней подряд, можно не больше { $limit }
       *[other] { $is } рабочего дня подряд, можно не больше { $limit }
    }
rule-broken-min_consecutive_days =
    { $is ->
        [one] { $is } рабочий день подряд, нужно не меньше { $limit }
        [few] { $is } рабочих дня подряд, нужно не меньше { $limit }
        [many] { $is } рабочих дней подряд, нужно не меньше { $limit }
       *[other] { $is } рабочего дня подряд, нужно не меньше { $limit }
    }
rule-broken-consecutive_days_off =
    { $is ->
        [one] { $is } выходной подряд, нужно не меньше { $limit }
        [few] { $is } выходных подряд, нужно не меньше { $limit }
        [many] { $is } выходных подряд, нужно не меньше { $limit }
       *[other] { $is } выходного подряд, нужно не меньше { $limit }
    }
rule-broken-weekends =
    { $is ->
        [one] рабочие выходные: { $is }, можно не больше { $limit }
        [few] рабочие выходные: { $is }, можно не больше { $limit }
        [many] рабочие выходные: { $is }, можно не больше { $limit }
       *[other] рабочие выходные: { $is }, можно не больше { $limit }
    }
rule-broken-nights =
    { $is ->
        [one] { $is } ночь подряд, можно не больше { $limit }
        [few] { $is } ночи подряд, можно не больше { $limit }
        [many] { $is } ночей подряд, можно не больше { $limit }
       *[other] { $is } ночи подряд, можно не больше { $limit }
    }
rule-broken-time_off = отпуск или отгул
rule-broken-skill = нет аттестации на этот проект
rule-broken-succession = эта смена не может идти после предыдущей
rule-broken-shift_kind =
    { $is ->
        [one] { $is } такая смена, можно не больше { $limit }
        [few] { $is } такие смены, можно не больше { $limit }
        [many] { $is } таких смен, можно не больше { $limit }
       *[other] { $is } такой смены, можно не больше { $limit }
    }
rule-broken-template_day = в этот день недели такую смену не дают
rule-broken-weekday = не работает в этот день недели
rule-broken-forbidden = этому человеку такую смену не дают
rule-broken-pinned = день закреплён
obstacle-one_shift_a_day = уже работают в этот день: { $people }
obstacle-rest = отдых между сменами: { $people }
obstacle-weekly_rest = еженедельный отдых: { $people }
obstacle-day_minutes = часы дня: { $people }
obstacle-week_minutes = часы недели: { $people }
obstacle-max_minutes = исчерпаны часы: { $people }
obstacle-min_minutes = минимум часов: { $people }
obstacle-consecutive_days = дни подряд: { $people }
obstacle-min_consecutive_days = мало дней подряд: { $people }
obstacle-consecutive_days_off = выходные подряд: { $people }
obstacle-weekends = рабочие выходные: { $people }
obstacle-nights = ночи: { $people }
obstacle-time_off = отпуска: { $people }
obstacle-skill = без аттестации: { $people }
obstacle-succession = очерёдность смен: { $people }
obstacle-shift_kind = количество таких смен: { $people }
obstacle-template_day = день недели: { $people }
obstacle-weekday = не работают в этот день недели: { $people }
obstacle-forbidden = такую смену не дают: { $people }
obstacle-pinned = закреплено: { $people }
request-none = Никто не ждёт ответа
request-none-text = Здесь появятся запросы на обмен и выходные.
request-waiting = Ждут вас
request-decided = Недавно решённые
request-swap = просит обменять смену
request-take_over = просит забрать смену
request-time_off = просит выходные
request-wish = высказывает пожелание о выходных
request-state-asked_colleague = Ждёт коллегу
request-state-asked_supervisor = Ждёт супервайзера
request-state-approved = Одобрено
request-state-declined = Отклонено
request-state-withdrawn = Отозвано
request-said = «{ $reason }»
request-answer = Ответ
request-would-break = Нарушит правила
request-breaks-nothing = Ни одно правило не нарушит
request-words = Комментарий
request-do-agree = Согласиться
request-do-approve = Одобрить
request-do-decline = Отклонить
request-do-withdraw = Отозвать
request-done-agree = Вы согласились; теперь решает супервайзер.
request-done-approve = Одобрено.
request-done-decline = Отклонено.
request-done-withdraw = Отозвано.
template-lead = Смены, которые можно назначать, и их перерывы.
template-new = Новый шаблон
template-title = Шаблон смены
template-none = Шаблонов смен ещё нет
template-code = Код
template-name = Название
template-hours = Часы
template-start = Начало
template-length = Длительность
template-picture = В течение суток
template-weekdays = Дни недели
template-breaks = Перерывы
template-break-after = Через
template-paid = Оплачивается
template-add-break = Добавить перерыв
template-unpopular = Непопулярная
template-unpopular-hint = Её любят меньше, поэтому за месяцы делят поровну.
template-edit = Изменить «{ $name }»
template-remove = Убрать «{ $name }»
template-removed = «{ $name }» больше не назначают.
hours-wrong = Пишите часы как 7:30 или 7,5.
contract-lead = Часы, отдых и проекты каждого человека: поиск их соблюдает.
contract-find = Найти человека
contract-none = Планировать пока некого
contract-none-text = Сначала добавьте людей.
contract-title = Условия труда
contract-as-law = Как по закону:
law-ua = Украина
law-pl = Польша
law-ru = Россия
contract-law = Закон
contract-week = Часов в неделю
contract-week-short = Неделя
contract-max-week = Максимум в неделю, со сверхурочными
contract-max-day = Максимум в день
contract-rest = Отдых между сменами
contract-rest-short = Отдых
contract-weekly-rest = Отдых раз в неделю
contract-days = Рабочих дней подряд, не больше
contract-days-short = Дней подряд
contract-days-off = Выходных подряд, не меньше
contract-weekends = Рабочих выходных из четырёх
contract-weekends-short = Выходные
contract-of-four = { $weekends } из 4
contract-nights = Ночей подряд, 0 — без ночей
contract-nights-short = Ночи
contract-projects = Проекты с аттестацией
contract-no-projects = Нет проектов
contract-planned = Планировать
contract-planned-hint = Участвует в следующих графиках.
contract-planned-short = В графике
contract-weekdays = Может работать
contract-never = Никогда не давать
contract-never-none = Шаблонов смен пока нет
contract-ruled-out = Исключено
meeting-new = Совещание или обучение
meeting-lead = Время, когда линия потеряет меньше всего. Кого тогда нет на работе, того не вызывают.
meeting-kind = Что это
meeting-kind-meeting = Совещание
meeting-kind-training = Обучение
meeting-title = Название
meeting-who = Кто
meeting-everyone = Все
meeting-picked = Выбранные люди
meeting-find = Имя, Enter — выбрать
meeting-picked-count =
    { $people ->
        [0] Пока никто не выбран
        [one] Выбран { $people } человек
        [few] Выбрано { $people } человека
        [many] Выбрано { $people } человек
       *[other] Выбрано { $people } человека
    }
meeting-length = Длительность
meeting-between = В какие дни
meeting-times = Лучшее время
meeting-times-none = В эти дни никто из них не работает. Выберите другие дни.
meeting-times-nobody = Выберите людей — и появится лучшее время.
meeting-covered = На линии людей хватит
meeting-missing =
    { $people ->
        [one] На линии не хватит { $people } человека в течение { $minutes } мин
        [few] На линии не хватит { $people } человек в течение { $minutes } мин
        [many] На линии не хватит { $people } человек в течение { $minutes } мин
       *[other] На линии не хватит { $people } человека в течение { $minutes } мин
    }
meeting-all-there = все на работе
meeting-absent = Не на работе: { $names }
meeting-busy = Перерыв или другое совещание: { $names }
meeting-more = { $names } и ещё { $more }
meeting-place = Назначить
meeting-placed = «{ $title }» назначено: { $when }.
meeting-remove = Убрать «{ $title }»
meeting-removed = «{ $title }» убрано.
meeting-come = на работе { $there } из { $people }
