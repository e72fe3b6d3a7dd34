# Нагрузка, которая придёт, и люди, которые для неё нужны.
forecast-client = Клиент
forecast-all-clients = Все клиенты вместе
forecast-language = Язык
forecast-all-languages = Все языки
forecast-language-untold = Не указан
forecast-channel = Канал
forecast-channel-inbound = Входящие
forecast-channel-outbound = Исходящие
forecast-weeks-label = Недель вперёд
forecast-weeks-short = нед.
forecast-weeks =
    { $weeks ->
        [one] { $weeks } неделя вперёд
        [few] { $weeks } недели вперёд
        [many] { $weeks } недель вперёд
       *[other] { $weeks } недели вперёд
    }
forecast-days =
    { $days ->
        [one] { $days } день
        [few] { $days } дня
        [many] { $days } дней
       *[other] { $days } дня
    }
forecast-minutes = { $minutes } мин
forecast-hours = { $hours } ч
forecast-points = { $points } п. п.
forecast-number-range = От { $min } до { $max }
forecast-no-shops-text = Как только клиента подключат и станут известны его звонки, здесь будет видно, сколько их придёт и сколько нужно людей.
forecast-empty = Истории пока нет
forecast-empty-inbound =
    { $days ->
        [one] Для прогноза нужен { $days } день истории. Импортируйте отчёт АТС со звонками по интервалам (CSV).
        [few] Для прогноза нужны { $days } дня истории. Импортируйте отчёт АТС со звонками по интервалам (CSV).
        [many] Для прогноза нужно { $days } дней истории. Импортируйте отчёт АТС со звонками по интервалам (CSV).
       *[other] Для прогноза нужно { $days } дня истории. Импортируйте отчёт АТС со звонками по интервалам (CSV).
    }
forecast-empty-outbound =
    { $days ->
        [one] Для прогноза нужен { $days } день истории. Она накопится сама, пока здесь обзванивают заказы; более старую можно импортировать (CSV).
        [few] Для прогноза нужны { $days } дня истории. Она накопится сама, пока здесь обзванивают заказы; более старую можно импортировать (CSV).
        [many] Для прогноза нужно { $days } дней истории. Она накопится сама, пока здесь обзванивают заказы; более старую можно импортировать (CSV).
       *[other] Для прогноза нужно { $days } дня истории. Она накопится сама, пока здесь обзванивают заказы; более старую можно импортировать (CSV).
    }
forecast-too-short = История слишком короткая
forecast-too-short-text =
    { $days ->
        [one] Дней с историей: { $have }; не хватает ещё { $days } дня. Он наберётся сам по ходу работы, или импортируйте более старый отчёт.
        [few] Дней с историей: { $have }; не хватает ещё { $days } дней. Они наберутся сами по ходу работы, или импортируйте более старый отчёт.
        [many] Дней с историей: { $have }; не хватает ещё { $days } дней. Они наберутся сами по ходу работы, или импортируйте более старый отчёт.
       *[other] Дней с историей: { $have }; не хватает ещё { $days } дня. Они наберутся сами по ходу работы, или импортируйте более старый отчёт.
    }
forecast-try-sample = Попробовать на демомагазине
forecast-see-outbound = К исходящим
forecast-alarms = Сегодня отклонения
forecast-alarm-day = день на сейчас
forecast-alarm-peak_hour = пиковый час
forecast-alarm-aht = AHT
forecast-alarm-limit = предел { $limit }
forecast-figure-calls =
    { $weeks ->
        [one] Звонков за { $weeks } неделю
        [few] Звонков за { $weeks } недели
        [many] Звонков за { $weeks } недель
       *[other] Звонков за { $weeks } недели
    }
forecast-figure-per-day = На рабочий день
forecast-figure-error = Ошибка дня, 8 недель
forecast-figure-history = История
forecast-figure-day = Ожидается звонков
forecast-figure-80 = 4 дня из 5 в пределах
forecast-by-day = День за днём
forecast-by-day-about = Enter открывает день, стрелки ведут по дням
forecast-came-word = история
forecast-comes-word = прогноз
forecast-came =
    { $calls ->
        [one] поступил { $calls } звонок
        [few] поступило { $calls } звонка
        [many] поступило { $calls } звонков
       *[other] поступило { $calls } звонка
    }
forecast-closed = закрыто
forecast-left-out = не учтён
forecast-kept = учтён
forecast-undecided = не решено
forecast-overridden = изменено вручную
forecast-day-words =
    { $calls ->
        [one] { $date }: ожидается { $calls } звонок, вероятнее всего от { $low } до { $high }
        [few] { $date }: ожидается { $calls } звонка, вероятнее всего от { $low } до { $high }
        [many] { $date }: ожидается { $calls } звонков, вероятнее всего от { $low } до { $high }
       *[other] { $date }: ожидается { $calls } звонка, вероятнее всего от { $low } до { $high }
    }
forecast-day-words-closed = { $date }: закрыто
forecast-tip-calls =
    { $calls ->
        [one] ожидается { $calls } звонок
        [few] ожидается { $calls } звонка
        [many] ожидается { $calls } звонков
       *[other] ожидается { $calls } звонка
    }
forecast-tip-interval = Ожидается: { $calls }
forecast-tip-band = { $share } %: { $low }–{ $high }
forecast-tip-model = модель: { $calls }
forecast-tip-people =
    { $people ->
        [one] на линии { $people } человек
        [few] на линии { $people } человека
        [many] на линии { $people } человек
       *[other] на линии { $people } человека
    }
forecast-tip-what-if =
    { $people ->
        [one] что если: { $people } человек
        [few] что если: { $people } человека
        [many] что если: { $people } человек
       *[other] что если: { $people } человека
    }
forecast-legend-came = Поступило
forecast-legend-comes = Прогноз
forecast-legend-model = Модель до изменений
forecast-legend-band = Интервал { $share } %
forecast-legend-special = Особый день
forecast-legend-changed = Изменено вручную
forecast-legend-left-out = Моделью не учтён
forecast-people-needed = Нужно людей на линии
forecast-people-unknown = Задайте правила расчёта, чтобы увидеть, сколько нужно людей.

# Неделя по часам.
forecast-heat = Неделя по часам
forecast-heat-choose = Что показать
forecast-heat-history = История
forecast-heat-forecast = Прогноз
forecast-heat-error = Ошибка
forecast-heat-staffing = Персонал
forecast-heat-about-history = звонков в час, которые поступили
forecast-heat-about-forecast = звонков в час, которые ожидаются
forecast-heat-about-error = прогноз против факта за 8 недель, проценты
forecast-heat-about-staffing = нужно людей на линии
forecast-heat-cell = { $day }, { $hours }: { $said }
forecast-heat-came = в среднем поступало { $calls } зв. в час
forecast-heat-comes = в среднем ожидается { $calls } зв. в час
forecast-heat-people = в среднем нужно людей: { $people }
forecast-heat-too-low = прогноз занижен на { $off }
forecast-heat-too-high = прогноз завышен на { $off }
forecast-heat-right = прогноз точен
forecast-heat-scale-low = занижено
forecast-heat-scale-high = завышено
forecast-heat-week = Неделя
forecast-heat-hours = Часов
forecast-heat-all = Вся неделя
forecast-heat-sum-calls = { $what }: { $sum } зв.
forecast-heat-sum-hours = { $what }: { $sum } ч работы

# Из чего составлен прогноз и насколько он был точен.
forecast-how = Как составлен прогноз
forecast-borrowed = Своей истории пока мало: форма недели взята у проекта «{ $name }», уровень — собственный. С каждой неделей своя история будет весить больше.
forecast-why-best =
    { $origins ->
        [one] Ведёт «{ $method }»: в { $origins } проверке на прошлом этого проекта этот метод был явно самым точным.
        [few] Ведёт «{ $method }»: в { $origins } проверках на прошлом этого проекта этот метод был явно самым точным.
        [many] Ведёт «{ $method }»: в { $origins } проверках на прошлом этого проекта этот метод был явно самым точным.
       *[other] Ведёт «{ $method }»: в { $origins } проверки на прошлом этого проекта этот метод был явно самым точным.
    }
forecast-why-tied =
    { $origins ->
        [one] В { $origins } проверке на прошлом этого проекта несколько методов были одинаково точны, поэтому берётся их среднее: оно устойчивее. Больше всех весит «{ $method }».
        [few] В { $origins } проверках на прошлом этого проекта несколько методов были одинаково точны, поэтому берётся их среднее: оно устойчивее. Больше всех весит «{ $method }».
        [many] В { $origins } проверках на прошлом этого проекта несколько методов были одинаково точны, поэтому берётся их среднее: оно устойчивее. Больше всех весит «{ $method }».
       *[other] В { $origins } проверки на прошлом этого проекта несколько методов были одинаково точны, поэтому берётся их среднее: оно устойчивее. Больше всех весит «{ $method }».
    }
forecast-why-too_short = История слишком коротка, чтобы различить методы, поэтому все весят одинаково.
forecast-why-borrowed = Истории мало, чтобы проверять на ней методы, поэтому взята неделя похожего проекта.
forecast-why-share = Собственной истории этого языка мало. Его показатели — прогноз клиента, умноженный на его долю звонков по дню недели и часу за последние восемь недель, где указан язык.
forecast-parts = Показатели сведены: все языки вместе дают прогноз клиента.
forecast-score = За последние восемь недель прогноз на неделю вперёд ошибался на { $wape } по интервалам (WAPE) и на { $day } по дням.
forecast-bias-low = В целом он был занижен на { $bias }.
forecast-bias-high = В целом он был завышен на { $bias }.
forecast-coverage = В интервал 80 % попало { $cov80 } промежутков времени, в интервал 95 % — { $cov95 }.
forecast-intake = Заказы, которые поступают сейчас, — это звонки ближайших часов: с ними ошибка меньше на { $gain }.
forecast-method = Метод
forecast-weight = Вес
forecast-wape = WAPE
forecast-wape-long = Ошибка интервалов (WAPE)
forecast-day-wape = Ошибка дня
forecast-bias = Смещение
forecast-inside = В интервале { $share } %
forecast-method-last_week = Как на прошлой неделе
forecast-method-mean2 = Среднее 2 недель
forecast-method-mean4 = Среднее 4 недель
forecast-method-median8 = Медиана 8 недель
forecast-method-trimmed_mean12 = Среднее 12 недель без крайних
forecast-method-ewma = Взвешенное среднее, свежие недели весят больше
forecast-method-calendar_median = Медиана 30 недель с поправкой на день месяца
forecast-method-recent_calendar_median = Медиана 10 недель с поправкой на день месяца
forecast-method-seasonal = Медиана 20 недель с поправкой на сезон
forecast-method-recent_seasonal = Среднее 4 недель с поправкой на сезон и день месяца
forecast-method-last_year = Те же недели прошлого года на уровне последних недель
forecast-method-year_on_year = Те же недели прошлых лет, умноженные на рост с тех пор
forecast-method-slow_level = Сглаженная неделя на уровне последних недель
forecast-method-quick_level = Сглаженная неделя на уровне последних дней
forecast-method-recent_shape = Недавняя неделя на уровне последних дней
forecast-method-trend = Сглаженная неделя по тренду 8 недель
forecast-method-boosted = Выученное из всей истории: календарь, последние недели и уровень по часам
forecast-method-borrowed = Неделя похожего проекта
forecast-method-other = Другой метод
forecast-clients = Что добавляет каждый клиент
forecast-languages = Что добавляет каждый язык
forecast-clients-about = звонки и доля работы

# Списки под прогнозом.
forecast-lists = Подробности прогноза
forecast-list-days = Дни
forecast-list-special = Особые дни
forecast-list-outliers = Необычные дни
forecast-list-overrides = Ручные изменения
forecast-list-snapshots = Опубликованные
forecast-list-imports = Импорты
forecast-column-day = День
forecast-column-days = Дни
forecast-column-calls = Звонки
forecast-column-80 = Интервал 80 %
forecast-column-95 = Интервал 95 %
forecast-column-actual = Поступило
forecast-column-model = Модель
forecast-column-notes = Примечания
forecast-column-name = Название
forecast-column-kind = Вид
forecast-column-effect = Против обычного дня
forecast-column-usual = Обычно
forecast-column-off = Разница
forecast-column-verdict = В модели
forecast-column-time = Время
forecast-column-change = Изменение
forecast-column-reason = Причина
forecast-column-by = Кто
forecast-column-published = Опубликовано
forecast-column-over = Прошло
forecast-column-file = Файл
forecast-column-rows = Строки
forecast-effect-unknown = пока неизвестно
forecast-not-yet = ни один не прошёл
forecast-withdraw = Отменить
forecast-special-holiday = Праздник
forecast-special-eve = Канун праздника
forecast-special-promotion = Акция
forecast-special-deliveries_stopped = Доставка не работает
forecast-special-other = Другое
forecast-special-about = Дни, не похожие на другие такие дни недели; что они меняют, видно по прежним того же вида.
forecast-special-calendar = календарь
forecast-special-add = Особый день
forecast-special-lead = Его прогнозируют отдельно от обычных дней, и он не портит их профиля.
forecast-special-name = Название
forecast-special-example = Осенняя распродажа
forecast-special-hours = Часы
forecast-special-hours-usual = Как обычно
forecast-special-hours-short = Другие
forecast-special-hours-closed = Закрыто
forecast-special-open = Работаем
forecast-special-added = { $day }: отмечен как особый день.
forecast-special-remove = Убрать «{ $name }»
forecast-special-removed = { $day }: снова обычный день.
forecast-outliers-about = Дни, далёкие от того, что такие дни приносят. Не учитывайте того, что не повторится; оставляйте то, что относится к делу.
forecast-outliers-all = Выберите одного клиента, чтобы учитывать его дни или нет.
forecast-outliers-none = Ни один день не выделяется.
forecast-outlier-keep = Учитывать
forecast-outlier-keep-day = Учитывать { $day }
forecast-outlier-leave = Не учитывать
forecast-outlier-leave-day = Не учитывать { $day }
forecast-outlier-undo = Решить заново
forecast-outlier-undo-day = Решить заново о { $day }
forecast-outlier-now-in = { $day }: учтён.
forecast-outlier-now-out = { $day }: модель этот день не учитывает.
forecast-outlier-now-open = { $day }: снова не решено.
forecast-overrides-about = Хранятся отдельно от модели: отмените — и вернётся её собственное число.
forecast-overrides-none = Вручную ничего не изменено.
forecast-override = Изменить вручную
forecast-override-title = Изменить прогноз вручную
forecast-override-when = Время
forecast-override-percent = Изменение
forecast-override-percent-hint = 20 — на пятую часть больше, чем говорит модель, −20 — на пятую часть меньше.
forecast-override-reason = Причина
forecast-override-reason-hint = Её прочтёт тот, кто потом будет сравнивать прогноз с фактом.
forecast-override-turned = Конец должен быть позже начала.
forecast-override-do = Изменить
forecast-override-done = Прогноз изменён.
forecast-override-languages = Изменение действует для всех языков клиента.
forecast-override-withdraw-one = Отменить изменение за { $day }: { $reason }
forecast-override-withdrawn = Изменение за { $day } отменено.
forecast-snapshots-about = Каждый опубликованный прогноз хранится таким, каким был, и сравнивается с тем, что поступило.
forecast-snapshots-none = Пока ничего не опубликовано.
forecast-publish = Опубликовать
forecast-publish-title = Опубликовать этот прогноз?
forecast-publish-lead = Он будет сохранён таким, как сейчас, с ручными изменениями, и сравнён с тем, что поступит. Сам прогноз и дальше будет меняться с каждым новым днём.
forecast-publish-languages = Все языки публикуются вместе, как прогноз клиента.
forecast-published = Опубликовано: { $days }.
forecast-imports-about = Отчёты АТС. Отмените импорт — и его звонки исчезнут из истории.
forecast-imports-all = Выберите одного клиента, чтобы отменить его импорты.
forecast-imports-none = Пока ничего не импортировано.
forecast-import = Импорт истории
forecast-import-title = Импорт отчёта АТС
forecast-import-lead = Звонки по 15, 30 или 60 минут либо строка на звонок. Ничего не будет принято, пока вы не увидите, что в файле.
forecast-import-choose = Выбрать файл
forecast-import-other = Выбрать другой файл или тот же после исправления
forecast-import-hint = CSV или текст со столбцом времени и столбцом количества; время обработки и язык, если они есть
forecast-import-faults =
    { $count ->
        [one] Не удалось прочитать { $count } строку. Исправьте её в файле и выберите файл снова; ничего не принято.
        [few] Не удалось прочитать { $count } строки. Исправьте их в файле и выберите файл снова; ничего не принято.
        [many] Не удалось прочитать { $count } строк. Исправьте их в файле и выберите файл снова; ничего не принято.
       *[other] Не удалось прочитать { $count } строки. Исправьте их в файле и выберите файл снова; ничего не принято.
    }
forecast-import-line = Строка
forecast-import-found = Написано
forecast-import-what = Что сделать
forecast-import-more =
    { $count ->
        [one] и ещё { $count } строка
        [few] и ещё { $count } строки
        [many] и ещё { $count } строк
       *[other] и ещё { $count } строки
    }
forecast-import-fine = Всё прочитано
forecast-import-step = Интервал
forecast-import-language = Язык звонков
forecast-import-language-none = Не указан: все языки вместе
forecast-import-languages = Языки
forecast-import-no-aht = Времени обработки в файле нет: AHT останется таким, как известен сейчас.
forecast-import-replaced =
    { $count ->
        [one] { $count } интервал уже известен и будет заменён.
        [few] { $count } интервала уже известны и будут заменены.
        [many] { $count } интервалов уже известны и будут заменены.
       *[other] { $count } интервала уже известно, они будут заменены.
    }
forecast-import-take = Принять
forecast-import-done =
    { $rows ->
        [one] Принято звонков: { $calls }, из { $rows } строки.
        [few] Принято звонков: { $calls }, из { $rows } строк.
        [many] Принято звонков: { $calls }, из { $rows } строк.
       *[other] Принято звонков: { $calls }, из { $rows } строки.
    }
forecast-import-withdraw-one = Отменить импорт { $file }
forecast-import-withdrawn = Импорт { $file } отменён.
forecast-fault-no_time_column = Не найден столбец со временем. Назовите столбец даты и времени, например, «Время».
forecast-fault-no_count_column = Не найден столбец с количеством. Назовите столбец звонков, например, «Звонки».
forecast-fault-bad_time = Это не дата и время. Запишите как 2026-03-31 14:30 или 31.03.2026 14:30.
forecast-fault-no_such_time = Такого времени нет: в ту ночь часы перевели вперёд. Перенесите звонки на следующий час.
forecast-fault-bad_count = Это не количество. Запишите целое число от 0.
forecast-fault-bad_handle_time = Это не время обработки. Запишите секунды или минуты:секунды.
forecast-fault-bad_language = Этот язык неизвестен. Запишите его код, например «uk» или «pl», либо название, или оставьте ячейку пустой.
forecast-fault-twice = Этот интервал стоит в файле дважды на одном языке. Оставьте одну строку.
forecast-fault-odd_step = Шаг времени — не 15, 30 или 60 минут. Выгрузите отчёт по таким интервалам.
forecast-fault-empty = Файл пуст. Выгрузите отчёт ещё раз.

# Один день.
forecast-back = Прогноз
forecast-day-before = Предыдущий день
forecast-day-after = Следующий день
forecast-day-chart = Звонки и потребность в людях в течение дня
forecast-day-closed = На этот день прогноза нет
forecast-day-closed-text = Линия в этот день закрыта, или он лежит дальше, чем прогнозируют. Часы работы задают в правилах расчёта персонала.
forecast-day-lists = День подробно
forecast-day-staffing = Персонал
forecast-day-intervals = Интервалы

# Расчёт персонала.
forecast-what-if = Что если
staffing-figure = Показатель
staffing-as-is = Как есть
staffing-difference = Разница
staffing-peak = Людей в пик
staffing-line-hours = Часов на линии
staffing-paid-hours = Оплачиваемых часов
staffing-service-level = Уровень сервиса
staffing-occupancy = Загрузка (occupancy)
staffing-late = Подтверждений с опозданием
staffing-rule = Действует: { $share } за { $seconds } с,
staffing-usual = обычные правила, свои не заданы
staffing-unstable = не справляются
staffing-unstable-about = «Не справляются»: работы поступает больше, чем люди могут сделать, поэтому очередь росла бы без конца и уровня сервиса нет.
staffing-try-load = Звонки против прогноза
staffing-target = Уровень сервиса, цель
staffing-threshold = Ответ за
staffing-patience = Терпение
staffing-seconds = с
staffing-hours-unit = ч
staffing-max-occupancy = Наибольшая загрузка
staffing-max-asa = Наибольшая ASA
staffing-max-abandonment = Наибольшая доля потерянных
staffing-no-limit = без предела
staffing-shrinkage = Потери рабочего времени
staffing-shrinkage-about = (shrinkage) вместе { $share } оплачиваемого времени
staffing-shrinkage-leave = Отпуска
staffing-shrinkage-sickness = Больничные
staffing-shrinkage-training = Обучение, коучинг
staffing-shrinkage-meetings = Собрания
staffing-shrinkage-breaks = Перерывы вне плана
staffing-shrinkage-other = Другое
staffing-reset = Как есть
staffing-take-over = Сделать правилами…
staffing-erlangs = Эрланги
staffing-for-calls = На звонки
staffing-for-confirmations = На подтверждения
staffing-on-line = На линии
staffing-paid = В штате
staffing-service-level-short = SL
staffing-asa = ASA
staffing-asa-long = Среднее время ожидания ответа
staffing-asa-value = { $seconds } с
staffing-abandonment = Потеряно
staffing-occupancy-short = Загрузка
staffing-bound = Определяет
staffing-bound-idle = работы нет
staffing-bound-service_level = уровень сервиса
staffing-bound-asa = ASA
staffing-bound-occupancy = предел загрузки
staffing-bound-abandonment = доля потерянных
staffing-by-client = У каждого клиента свои правила, поэтому людей считают по клиентам.
staffing-choose-client = Выберите клиента
staffing-rules = Правила расчёта
staffing-rules-saved = Правила сохранены: { $name }.
staffing-goal = Цель
staffing-limits = Пределы
staffing-definition = Уровень сервиса — это доля
staffing-definition-of_offered = от всех поступивших звонков
staffing-definition-of_answered = от звонков с ответом
staffing-definition-short_abandons_out = от поступивших, без коротких потерянных
staffing-definition-hint-of_offered = Считаются все, кто звонил, и те, кто положил трубку.
staffing-definition-hint-of_answered = Считаются только те, кому ответили; выглядит лучше всего, когда многие кладут трубку.
staffing-definition-hint-short_abandons_out = Те, кто положил трубку в пределах порога, не считаются.
staffing-deadline = Подтвердить заказ за
staffing-allow-for-error = Учесть погрешность прогноза
staffing-allow-for-error-hint = Людей немного больше, зато цель в среднем выполняется и в более загруженные дни.
staffing-interval = Планировать по интервалам
staffing-interval-of-history = как в истории
staffing-interval-minutes = { $minutes } мин
staffing-team = Команда
staffing-team-own = своя
staffing-team-hint = Проекты с одной командой обслуживают те же люди из одной очереди: в графике это одна линия.
staffing-languages-apart = На каждом языке отвечают отдельные люди
staffing-languages-apart-hint = Тогда в расчёте людей и в графике каждый язык — отдельная линия. Подтверждения обзванивают те, кто отвечает на языке с наибольшим числом звонков.
staffing-open = Часы работы
staffing-open-about = вне их звонков не ждут
staffing-open-none = Часы не заданы: считается, что линия работает тогда, когда поступали звонки.
staffing-open-from = { $day }, от
staffing-open-until = { $day }, до
staffing-open-add = Добавить часы: { $day }
staffing-open-remove = Убрать часы: { $day }
staffing-open-like-monday = Все дни как понедельник
