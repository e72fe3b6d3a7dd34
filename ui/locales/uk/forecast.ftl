# Навантаження, що надійде, і люди, яких воно потребує.
forecast-client = Клієнт
forecast-all-clients = Усі клієнти разом
forecast-language = Мова
forecast-all-languages = Усі мови
forecast-language-untold = Не вказано
forecast-channel = Канал
forecast-channel-inbound = Вхідні
forecast-channel-outbound = Вихідні
forecast-weeks-label = Тижнів наперед
forecast-weeks-short = тиж.
forecast-weeks =
    { $weeks ->
        [one] { $weeks } тиждень наперед
        [few] { $weeks } тижні наперед
        [many] { $weeks } тижнів наперед
       *[other] { $weeks } тижня наперед
    }
forecast-days =
    { $days ->
        [one] { $days } день
        [few] { $days } дні
        [many] { $days } днів
       *[other] { $days } дня
    }
forecast-minutes = { $minutes } хв
forecast-hours = { $hours } год
forecast-points = { $points } п. п.
forecast-number-range = Від { $min } до { $max }
forecast-no-shops-text = Щойно клієнта підключать і стануть відомі його дзвінки, тут буде видно, скільки їх надійде і скільки людей треба.
forecast-empty = Історії ще немає
forecast-empty-inbound =
    { $days ->
        [one] Для прогнозу потрібен { $days } день історії. Імпортуйте звіт АТС із дзвінками за інтервалами (CSV).
        [few] Для прогнозу потрібно { $days } дні історії. Імпортуйте звіт АТС із дзвінками за інтервалами (CSV).
        [many] Для прогнозу потрібно { $days } днів історії. Імпортуйте звіт АТС із дзвінками за інтервалами (CSV).
       *[other] Для прогнозу потрібно { $days } дня історії. Імпортуйте звіт АТС із дзвінками за інтервалами (CSV).
    }
forecast-empty-outbound =
    { $days ->
        [one] Для прогнозу потрібен { $days } день історії. Вона набирається сама, поки тут обдзвонюють замовлення; давнішу можна імпортувати (CSV).
        [few] Для прогнозу потрібно { $days } дні історії. Вона набирається сама, поки тут обдзвонюють замовлення; давнішу можна імпортувати (CSV).
        [many] Для прогнозу потрібно { $days } днів історії. Вона набирається сама, поки тут обдзвонюють замовлення; давнішу можна імпортувати (CSV).
       *[other] Для прогнозу потрібно { $days } дня історії. Вона набирається сама, поки тут обдзвонюють замовлення; давнішу можна імпортувати (CSV).
    }
forecast-too-short = Історія закоротка
forecast-too-short-text =
    { $days ->
        [one] Днів з історією: { $have }; бракує ще { $days } дня. Він набереться сам із роботою, або імпортуйте давніший звіт.
        [few] Днів з історією: { $have }; бракує ще { $days } днів. Вони наберуться самі з роботою, або імпортуйте давніший звіт.
        [many] Днів з історією: { $have }; бракує ще { $days } днів. Вони наберуться самі з роботою, або імпортуйте давніший звіт.
       *[other] Днів з історією: { $have }; бракує ще { $days } дня. Вони наберуться самі з роботою, або імпортуйте давніший звіт.
    }
forecast-try-sample = Спробувати на демомагазині
forecast-see-outbound = До вихідних
forecast-alarms = Сьогодні відхилення
forecast-alarm-day = день дотепер
forecast-alarm-peak_hour = пікова година
forecast-alarm-aht = AHT
forecast-alarm-limit = межа { $limit }
forecast-figure-calls =
    { $weeks ->
        [one] Дзвінків за { $weeks } тиждень
        [few] Дзвінків за { $weeks } тижні
        [many] Дзвінків за { $weeks } тижнів
       *[other] Дзвінків за { $weeks } тижня
    }
forecast-figure-per-day = На робочий день
forecast-figure-error = Похибка дня, 8 тижнів
forecast-figure-history = Історія
forecast-figure-day = Очікується дзвінків
forecast-figure-80 = 4 дні з 5 у межах
forecast-by-day = День за днем
forecast-by-day-about = Enter відкриває день, стрілки ведуть по днях
forecast-came-word = історія
forecast-comes-word = прогноз
forecast-came =
    { $calls ->
        [one] надійшов { $calls } дзвінок
        [few] надійшло { $calls } дзвінки
        [many] надійшло { $calls } дзвінків
       *[other] надійшло { $calls } дзвінка
    }
forecast-closed = зачинено
forecast-left-out = не враховано
forecast-kept = враховано
forecast-undecided = не вирішено
forecast-overridden = змінено вручну
forecast-day-words =
    { $calls ->
        [one] { $date }: очікується { $calls } дзвінок, найімовірніше від { $low } до { $high }
        [few] { $date }: очікується { $calls } дзвінки, найімовірніше від { $low } до { $high }
        [many] { $date }: очікується { $calls } дзвінків, найімовірніше від { $low } до { $high }
       *[other] { $date }: очікується { $calls } дзвінка, найімовірніше від { $low } до { $high }
    }
forecast-day-words-closed = { $date }: зачинено
forecast-tip-calls =
    { $calls ->
        [one] очікується { $calls } дзвінок
        [few] очікується { $calls } дзвінки
        [many] очікується { $calls } дзвінків
       *[other] очікується { $calls } дзвінка
    }
forecast-tip-interval = Очікується: { $calls }
forecast-tip-band = { $share }%: { $low }–{ $high }
forecast-tip-model = модель: { $calls }
forecast-tip-people =
    { $people ->
        [one] на лінії { $people } людина
        [few] на лінії { $people } людини
        [many] на лінії { $people } людей
       *[other] на лінії { $people } людини
    }
forecast-tip-what-if =
    { $people ->
        [one] а якщо: { $people } людина
        [few] а якщо: { $people } людини
        [many] а якщо: { $people } людей
       *[other] а якщо: { $people } людини
    }
forecast-legend-came = Надійшло
forecast-legend-comes = Прогноз
forecast-legend-model = Модель до змін
forecast-legend-band = Інтервал { $share }%
forecast-legend-special = Особливий день
forecast-legend-changed = Змінено вручну
forecast-legend-left-out = Модель не враховує
forecast-people-needed = Потрібно людей на лінії
forecast-people-unknown = Задайте правила розрахунку, щоб побачити, скільки людей треба.

# Тиждень за годинами.
forecast-heat = Тиждень за годинами
forecast-heat-choose = Що показати
forecast-heat-history = Історія
forecast-heat-forecast = Прогноз
forecast-heat-error = Похибка
forecast-heat-staffing = Персонал
forecast-heat-about-history = дзвінків за годину, що надійшли
forecast-heat-about-forecast = дзвінків за годину, що очікуються
forecast-heat-about-error = прогноз проти факту за 8 тижнів, відсотки
forecast-heat-about-staffing = потрібно людей на лінії
forecast-heat-cell = { $day }, { $hours }: { $said }
forecast-heat-came = у середньому надходило { $calls } дзв. за годину
forecast-heat-comes = у середньому очікується { $calls } дзв. за годину
forecast-heat-people = у середньому потрібно людей: { $people }
forecast-heat-too-low = прогноз занижено на { $off }
forecast-heat-too-high = прогноз завищено на { $off }
forecast-heat-right = прогноз точний
forecast-heat-scale-low = занижено
forecast-heat-scale-high = завищено
forecast-heat-week = Тиждень
forecast-heat-hours = Годин
forecast-heat-all = Увесь тиждень
forecast-heat-sum-calls = { $what }: { $sum } дзв.
forecast-heat-sum-hours = { $what }: { $sum } год роботи

# З чого складено прогноз і наскільки він був точний.
forecast-how = Як складено прогноз
forecast-borrowed = Власної історії ще мало: форму тижня взято з проєкту «{ $name }», рівень — власний. З кожним тижнем своя історія важитиме більше.
forecast-why-best =
    { $origins ->
        [one] Веде «{ $method }»: у { $origins } перевірці на минулому цього проєкту цей метод був явно найточнішим.
        [few] Веде «{ $method }»: у { $origins } перевірках на минулому цього проєкту цей метод був явно найточнішим.
        [many] Веде «{ $method }»: у { $origins } перевірках на минулому цього проєкту цей метод був явно найточнішим.
       *[other] Веде «{ $method }»: у { $origins } перевірки на минулому цього проєкту цей метод був явно найточнішим.
    }
forecast-why-tied =
    { $origins ->
        [one] У { $origins } перевірці на минулому цього проєкту кілька методів були однаково точні, тож береться їхнє середнє: воно стійкіше. Найбільше важить «{ $method }».
        [few] У { $origins } перевірках на минулому цього проєкту кілька методів були однаково точні, тож береться їхнє середнє: воно стійкіше. Найбільше важить «{ $method }».
        [many] У { $origins } перевірках на минулому цього проєкту кілька методів були однаково точні, тож береться їхнє середнє: воно стійкіше. Найбільше важить «{ $method }».
       *[other] У { $origins } перевірки на минулому цього проєкту кілька методів були однаково точні, тож береться їхнє середнє: воно стійкіше. Найбільше важить «{ $method }».
    }
forecast-why-too_short = Історія закоротка, щоб розрізнити методи, тож усі важать однаково.
forecast-why-borrowed = Історії замало, щоб перевіряти на ній методи, тож узято тиждень схожого проєкту.
forecast-why-share = Власної історії цієї мови замало. Її показники — прогноз клієнта, помножений на її частку дзвінків за днем тижня й годиною в останніх восьми тижнях, де вказано мову.
forecast-parts = Показники зведено: усі мови разом дають прогноз клієнта.
forecast-score = За останні вісім тижнів прогноз на тиждень наперед хибив на { $wape } за інтервалами (WAPE) і на { $day } за днями.
forecast-bias-low = Загалом він був занижений на { $bias }.
forecast-bias-high = Загалом він був завищений на { $bias }.
forecast-coverage = В інтервал 80% потрапило { $cov80 } проміжків часу, в інтервал 95% — { $cov95 }.
forecast-intake = Замовлення, що надходять зараз, — це дзвінки найближчих годин: з ними похибка менша на { $gain }.
forecast-method = Метод
forecast-weight = Вага
forecast-wape = WAPE
forecast-wape-long = Похибка інтервалів (WAPE)
forecast-day-wape = Похибка дня
forecast-bias = Зсув
forecast-inside = В інтервалі { $share }%
forecast-method-last_week = Як минулого тижня
forecast-method-mean2 = Середнє 2 тижнів
forecast-method-mean4 = Середнє 4 тижнів
forecast-method-median8 = Медіана 8 тижнів
forecast-method-trimmed_mean12 = Середнє 12 тижнів без крайніх
forecast-method-ewma = Зважене середнє, свіжі тижні важать більше
forecast-method-calendar_median = Медіана 30 тижнів з поправкою на день місяця
forecast-method-recent_calendar_median = Медіана 10 тижнів з поправкою на день місяця
forecast-method-seasonal = Медіана 20 тижнів з поправкою на сезон
forecast-method-recent_seasonal = Середнє 4 тижнів з поправкою на сезон і день місяця
forecast-method-last_year = Ті самі тижні минулого року на рівні останніх тижнів
forecast-method-year_on_year = Ті самі тижні минулих років, помножені на приріст відтоді
forecast-method-slow_level = Згладжений тиждень на рівні останніх тижнів
forecast-method-quick_level = Згладжений тиждень на рівні останніх днів
forecast-method-recent_shape = Недавній тиждень на рівні останніх днів
forecast-method-trend = Згладжений тиждень за трендом 8 тижнів
forecast-method-boosted = Вивчене з усієї історії: календар, останні тижні й рівень за годинами
forecast-method-borrowed = Тиждень схожого проєкту
forecast-method-other = Інший метод
forecast-clients = Що додає кожен клієнт
forecast-languages = Що додає кожна мова
forecast-clients-about = дзвінки й частка роботи

# Списки під прогнозом.
forecast-lists = Подробиці прогнозу
forecast-list-days = Дні
forecast-list-special = Особливі дні
forecast-list-outliers = Незвичні дні
forecast-list-overrides = Ручні зміни
forecast-list-snapshots = Опубліковані
forecast-list-imports = Імпорти
forecast-column-day = День
forecast-column-days = Дні
forecast-column-calls = Дзвінки
forecast-column-80 = Інтервал 80%
forecast-column-95 = Інтервал 95%
forecast-column-actual = Надійшло
forecast-column-model = Модель
forecast-column-notes = Примітки
forecast-column-name = Назва
forecast-column-kind = Вид
forecast-column-effect = Проти звичайного дня
forecast-column-usual = Звичайно
forecast-column-off = Різниця
forecast-column-verdict = У моделі
forecast-column-time = Час
forecast-column-change = Зміна
forecast-column-reason = Причина
forecast-column-by = Хто
forecast-column-published = Опубліковано
forecast-column-over = Минуло
forecast-column-file = Файл
forecast-column-rows = Рядки
forecast-effect-unknown = ще невідомо
forecast-not-yet = ще жоден не минув
forecast-withdraw = Скасувати
forecast-special-holiday = Свято
forecast-special-eve = Переддень свята
forecast-special-promotion = Акція
forecast-special-deliveries_stopped = Доставка не працює
forecast-special-other = Інше
forecast-special-about = Дні, не схожі на інші такі дні тижня; що вони змінюють, видно з попередніх того самого виду.
forecast-special-calendar = календар
forecast-special-add = Особливий день
forecast-special-lead = Його прогнозують окремо від звичайних днів, і він не псує їхнього профілю.
forecast-special-name = Назва
forecast-special-example = Осінній розпродаж
forecast-special-hours = Години
forecast-special-hours-usual = Як завжди
forecast-special-hours-short = Інші
forecast-special-hours-closed = Зачинено
forecast-special-open = Працюємо
forecast-special-added = { $day }: позначено як особливий день.
forecast-special-remove = Прибрати «{ $name }»
forecast-special-removed = { $day }: знову звичайний день.
forecast-outliers-about = Дні, далекі від того, що такі дні приносять. Не враховуйте того, що не повториться; лишайте те, що належить до справи.
forecast-outliers-all = Виберіть одного клієнта, щоб враховувати його дні або ні.
forecast-outliers-none = Жоден день не вирізняється.
forecast-outlier-keep = Враховувати
forecast-outlier-keep-day = Враховувати { $day }
forecast-outlier-leave = Не враховувати
forecast-outlier-leave-day = Не враховувати { $day }
forecast-outlier-undo = Вирішити знову
forecast-outlier-undo-day = Вирішити знову про { $day }
forecast-outlier-now-in = { $day }: враховано.
forecast-outlier-now-out = { $day }: модель цього дня не враховує.
forecast-outlier-now-open = { $day }: знову не вирішено.
forecast-overrides-about = Зберігаються окремо від моделі: скасуйте — і повернеться її власне число.
forecast-overrides-none = Вручну нічого не змінено.
forecast-override = Змінити вручну
forecast-override-title = Змінити прогноз вручну
forecast-override-when = Час
forecast-override-percent = Зміна
forecast-override-percent-hint = 20 — на п’яту частину більше, ніж каже модель, −20 — на п’яту частину менше.
forecast-override-reason = Причина
forecast-override-reason-hint = Її прочитає той, хто потім порівнюватиме прогноз із фактом.
forecast-override-turned = Кінець має бути пізніше за початок.
forecast-override-do = Змінити
forecast-override-done = Прогноз змінено.
forecast-override-languages = Зміна діє для всіх мов клієнта.
forecast-override-withdraw-one = Скасувати зміну за { $day }: { $reason }
forecast-override-withdrawn = Зміну за { $day } скасовано.
forecast-snapshots-about = Кожен опублікований прогноз зберігається таким, як був, і порівнюється з тим, що надійшло.
forecast-snapshots-none = Ще нічого не опубліковано.
forecast-publish = Опублікувати
forecast-publish-title = Опублікувати цей прогноз?
forecast-publish-lead = Його буде збережено таким, як зараз, із ручними змінами, і порівняно з тим, що надійде. Сам прогноз і далі змінюватиметься з кожним новим днем.
forecast-publish-languages = Усі мови публікуються разом, як прогноз клієнта.
forecast-published = Опубліковано: { $days }.
forecast-imports-about = Звіти АТС. Скасуйте імпорт — і його дзвінки зникнуть з історії.
forecast-imports-all = Виберіть одного клієнта, щоб скасувати його імпорти.
forecast-imports-none = Ще нічого не імпортовано.
forecast-import = Імпорт історії
forecast-import-title = Імпорт звіту АТС
forecast-import-lead = Дзвінки за 15, 30 або 60 хвилин чи рядок на дзвінок. Нічого не буде прийнято, доки ви не побачите, що у файлі.
forecast-import-choose = Вибрати файл
forecast-import-other = Вибрати інший файл або той самий після виправлення
forecast-import-hint = CSV або текст зі стовпцем часу та стовпцем кількості; час обробки й мова, якщо вони є
forecast-import-faults =
    { $count ->
        [one] Не вдалося прочитати { $count } рядок. Виправте його у файлі й виберіть файл знову; нічого не прийнято.
        [few] Не вдалося прочитати { $count } рядки. Виправте їх у файлі й виберіть файл знову; нічого не прийнято.
        [many] Не вдалося прочитати { $count } рядків. Виправте їх у файлі й виберіть файл знову; нічого не прийнято.
       *[other] Не вдалося прочитати { $count } рядка. Виправте їх у файлі й виберіть файл знову; нічого не прийнято.
    }
forecast-import-line = Рядок
forecast-import-found = Написано
forecast-import-what = Що зробити
forecast-import-more =
    { $count ->
        [one] і ще { $count } рядок
        [few] і ще { $count } рядки
        [many] і ще { $count } рядків
       *[other] і ще { $count } рядка
    }
forecast-import-fine = Усе прочитано
forecast-import-step = Інтервал
forecast-import-language = Мова дзвінків
forecast-import-language-none = Не вказано: усі мови разом
forecast-import-languages = Мови
forecast-import-no-aht = Часу обробки у файлі немає: AHT лишиться такий, як відомий досі.
forecast-import-replaced =
    { $count ->
        [one] { $count } інтервал уже відомий, його буде замінено.
        [few] { $count } інтервали вже відомі, їх буде замінено.
        [many] { $count } інтервалів уже відомі, їх буде замінено.
       *[other] { $count } інтервалу вже відомо, їх буде замінено.
    }
forecast-import-take = Прийняти
forecast-import-done =
    { $rows ->
        [one] Прийнято дзвінків: { $calls }, з { $rows } рядка.
        [few] Прийнято дзвінків: { $calls }, з { $rows } рядків.
        [many] Прийнято дзвінків: { $calls }, з { $rows } рядків.
       *[other] Прийнято дзвінків: { $calls }, з { $rows } рядка.
    }
forecast-import-withdraw-one = Скасувати імпорт { $file }
forecast-import-withdrawn = Імпорт { $file } скасовано.
forecast-fault-no_time_column = Не знайдено стовпця з часом. Назвіть стовпець дати й часу, наприклад, «Час».
forecast-fault-no_count_column = Не знайдено стовпця з кількістю. Назвіть стовпець дзвінків, наприклад, «Дзвінки».
forecast-fault-bad_time = Це не дата й час. Запишіть як 2026-03-31 14:30 або 31.03.2026 14:30.
forecast-fault-no_such_time = Такого часу немає: тієї ночі годинник перевели вперед. Перенесіть дзвінки на наступну годину.
forecast-fault-bad_count = Це не кількість. Запишіть ціле число від 0.
forecast-fault-bad_handle_time = Це не час обробки. Запишіть секунди або хвилини:секунди.
forecast-fault-bad_language = Ця мова невідома. Запишіть її код, наприклад «uk» чи «pl», або назву, чи лишіть клітинку порожньою.
forecast-fault-twice = Цей інтервал стоїть у файлі двічі однією мовою. Лишіть один рядок.
forecast-fault-odd_step = Крок часу — не 15, 30 чи 60 хвилин. Вивантажте звіт за такими інтервалами.
forecast-fault-empty = Файл порожній. Вивантажте звіт ще раз.

# Один день.
forecast-back = Прогноз
forecast-day-before = Попередній день
forecast-day-after = Наступний день
forecast-day-chart = Дзвінки й потреба в людях упродовж дня
forecast-day-closed = На цей день прогнозу немає
forecast-day-closed-text = Лінія того дня зачинена, або день лежить далі, ніж прогнозують. Години роботи задають у правилах розрахунку персоналу.
forecast-day-lists = День докладно
forecast-day-staffing = Персонал
forecast-day-intervals = Інтервали

# Розрахунок персоналу.
forecast-what-if = А якщо
staffing-figure = Показник
staffing-as-is = Як є
staffing-difference = Різниця
staffing-peak = Людей у пік
staffing-line-hours = Годин на лінії
staffing-paid-hours = Оплачуваних годин
staffing-service-level = Рівень сервісу
staffing-occupancy = Завантаженість (occupancy)
staffing-late = Підтверджень із запізненням
staffing-rule = Діє: { $share } за { $seconds } с,
staffing-usual = звичайні правила, своїх не задано
staffing-unstable = не справляються
staffing-unstable-about = «Не справляються»: роботи надходить більше, ніж люди можуть зробити, тож черга росла б без кінця й рівня сервісу немає.
staffing-try-load = Дзвінки проти прогнозу
staffing-target = Рівень сервісу, ціль
staffing-threshold = Відповідь за
staffing-patience = Терпіння
staffing-seconds = с
staffing-hours-unit = год
staffing-max-occupancy = Найбільша завантаженість
staffing-max-asa = Найбільша ASA
staffing-max-abandonment = Найбільша частка втрачених
staffing-no-limit = без межі
staffing-shrinkage = Втрати робочого часу
staffing-shrinkage-about = (shrinkage) разом { $share } оплачуваного часу
staffing-shrinkage-leave = Відпустки
staffing-shrinkage-sickness = Лікарняні
staffing-shrinkage-training = Навчання, коучинг
staffing-shrinkage-meetings = Наради
staffing-shrinkage-breaks = Перерви поза планом
staffing-shrinkage-other = Інше
staffing-reset = Як є
staffing-take-over = Зробити правилами…
staffing-erlangs = Ерланги
staffing-for-calls = На дзвінки
staffing-for-confirmations = На підтвердження
staffing-on-line = На лінії
staffing-paid = Штатна потреба
staffing-service-level-short = SL
staffing-asa = ASA
staffing-asa-long = Середній час очікування відповіді
staffing-asa-value = { $seconds } с
staffing-abandonment = Втрачено
staffing-occupancy-short = Завант.
staffing-bound = Визначає
staffing-bound-idle = роботи немає
staffing-bound-service_level = рівень сервісу
staffing-bound-asa = ASA
staffing-bound-occupancy = межа завантаженості
staffing-bound-abandonment = частка втрачених
staffing-by-client = У кожного клієнта свої правила, тож людей рахують за клієнтами.
staffing-choose-client = Виберіть клієнта
staffing-rules = Правила розрахунку
staffing-rules-saved = Правила збережено: { $name }.
staffing-goal = Ціль
staffing-limits = Межі
staffing-definition = Рівень сервісу — це частка
staffing-definition-of_offered = від усіх дзвінків, що надійшли
staffing-definition-of_answered = від дзвінків із відповіддю
staffing-definition-short_abandons_out = від усіх, без коротких втрачених
staffing-definition-hint-of_offered = Рахуються всі, хто дзвонив, зокрема й ті, хто поклав слухавку.
staffing-definition-hint-of_answered = Рахуються лише ті, кому відповіли; виглядає найкраще, коли багато хто кладе слухавку.
staffing-definition-hint-short_abandons_out = Ті, хто поклав слухавку в межах порогу, не рахуються.
staffing-deadline = Підтвердити замовлення за
staffing-allow-for-error = Врахувати похибку прогнозу
staffing-allow-for-error-hint = Людей трохи більше, зате мета в середньому виконується й у жвавіші дні.
staffing-interval = Планувати за інтервалами
staffing-interval-of-history = як в історії
staffing-interval-minutes = { $minutes } хв
staffing-team = Команда
staffing-team-own = власна
staffing-team-hint = Проєкти з однією командою обслуговують ті самі люди з однієї черги: у графіку це одна лінія.
staffing-languages-apart = Кожною мовою відповідають окремі люди
staffing-languages-apart-hint = Тоді в розрахунку людей і в графіку кожна мова — окрема лінія. Підтвердження обдзвонюють ті, хто відповідає мовою з найбільшою кількістю дзвінків.
staffing-open = Години роботи
staffing-open-about = поза ними дзвінків не очікують
staffing-open-none = Годин не задано: вважається, що лінія працює тоді, коли надходили дзвінки.
staffing-open-from = { $day }, від
staffing-open-until = { $day }, до
staffing-open-add = Додати години: { $day }
staffing-open-remove = Прибрати години: { $day }
staffing-open-like-monday = Усі дні як понеділок
