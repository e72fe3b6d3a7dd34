# Obciążenie, które nadejdzie, i ludzie, których wymaga.
forecast-client = Klient
forecast-all-clients = Wszyscy klienci razem
forecast-language = Język
forecast-all-languages = Wszystkie języki
forecast-language-untold = Nie podano
forecast-channel = Kanał
forecast-channel-inbound = Przychodzące
forecast-channel-outbound = Wychodzące
forecast-weeks-label = Tygodni naprzód
forecast-weeks-short = tyg.
forecast-weeks =
    { $weeks ->
        [one] { $weeks } tydzień naprzód
        [few] { $weeks } tygodnie naprzód
        [many] { $weeks } tygodni naprzód
       *[other] { $weeks } tygodnia naprzód
    }
forecast-days =
    { $days ->
        [one] { $days } dzień
        [few] { $days } dni
        [many] { $days } dni
       *[other] { $days } dnia
    }
forecast-minutes = { $minutes } min
forecast-hours = { $hours } godz.
forecast-points = { $points } p.p.
forecast-number-range = Od { $min } do { $max }
forecast-no-shops-text = Gdy klient zostanie podłączony i znane będą jego połączenia, tutaj będzie widać, ile ich nadejdzie i ilu ludzi potrzeba.
forecast-empty = Nie ma jeszcze historii
forecast-empty-inbound =
    { $days ->
        [one] Prognoza wymaga { $days } dnia historii. Zaimportuj raport centrali z połączeniami w przedziałach (CSV).
        [few] Prognoza wymaga { $days } dni historii. Zaimportuj raport centrali z połączeniami w przedziałach (CSV).
        [many] Prognoza wymaga { $days } dni historii. Zaimportuj raport centrali z połączeniami w przedziałach (CSV).
       *[other] Prognoza wymaga { $days } dnia historii. Zaimportuj raport centrali z połączeniami w przedziałach (CSV).
    }
forecast-empty-outbound =
    { $days ->
        [one] Prognoza wymaga { $days } dnia historii. Zbiera się sama, gdy zamówienia są tu obdzwaniane; starszą można zaimportować (CSV).
        [few] Prognoza wymaga { $days } dni historii. Zbiera się sama, gdy zamówienia są tu obdzwaniane; starszą można zaimportować (CSV).
        [many] Prognoza wymaga { $days } dni historii. Zbiera się sama, gdy zamówienia są tu obdzwaniane; starszą można zaimportować (CSV).
       *[other] Prognoza wymaga { $days } dnia historii. Zbiera się sama, gdy zamówienia są tu obdzwaniane; starszą można zaimportować (CSV).
    }
forecast-too-short = Historia jest za krótka
forecast-too-short-text =
    { $days ->
        [one] Dni z historią: { $have }; brakuje jeszcze { $days } dnia. Zbierze się sam w trakcie pracy albo zaimportuj starszy raport.
        [few] Dni z historią: { $have }; brakuje jeszcze { $days } dni. Zbiorą się same w trakcie pracy albo zaimportuj starszy raport.
        [many] Dni z historią: { $have }; brakuje jeszcze { $days } dni. Zbiorą się same w trakcie pracy albo zaimportuj starszy raport.
       *[other] Dni z historią: { $have }; brakuje jeszcze { $days } dnia. Zbiorą się same w trakcie pracy albo zaimportuj starszy raport.
    }
forecast-try-sample = Wypróbuj na przykładowym sklepie
forecast-see-outbound = Do wychodzących
forecast-alarms = Dziś odchylenia
forecast-alarm-day = dzień dotąd
forecast-alarm-peak_hour = godzina szczytu
forecast-alarm-aht = AHT
forecast-alarm-limit = próg { $limit }
forecast-figure-calls =
    { $weeks ->
        [one] Połączeń w { $weeks } tydzień
        [few] Połączeń w { $weeks } tygodnie
        [many] Połączeń w { $weeks } tygodni
       *[other] Połączeń w { $weeks } tygodnia
    }
forecast-figure-per-day = Na dzień otwarcia
forecast-figure-error = Błąd dzienny, 8 tygodni
forecast-figure-history = Historia
forecast-figure-day = Oczekiwane połączenia
forecast-figure-80 = 4 dni na 5 w granicach
forecast-by-day = Dzień po dniu
forecast-by-day-about = Enter otwiera dzień, strzałki prowadzą po dniach
forecast-came-word = historia
forecast-comes-word = prognoza
forecast-came =
    { $calls ->
        [one] było { $calls } połączenie
        [few] były { $calls } połączenia
        [many] było { $calls } połączeń
       *[other] było { $calls } połączenia
    }
forecast-closed = zamknięte
forecast-left-out = pominięty
forecast-kept = uwzględniony
forecast-undecided = nierozstrzygnięty
forecast-overridden = zmieniono ręcznie
forecast-day-words =
    { $calls ->
        [one] { $date }: oczekiwane { $calls } połączenie, najpewniej od { $low } do { $high }
        [few] { $date }: oczekiwane { $calls } połączenia, najpewniej od { $low } do { $high }
        [many] { $date }: oczekiwane { $calls } połączeń, najpewniej od { $low } do { $high }
       *[other] { $date }: oczekiwane { $calls } połączenia, najpewniej od { $low } do { $high }
    }
forecast-day-words-closed = { $date }: zamknięte
forecast-tip-calls =
    { $calls ->
        [one] oczekiwane { $calls } połączenie
        [few] oczekiwane { $calls } połączenia
        [many] oczekiwane { $calls } połączeń
       *[other] oczekiwane { $calls } połączenia
    }
forecast-tip-interval = Oczekiwane: { $calls }
forecast-tip-band = { $share }%: { $low }–{ $high }
forecast-tip-model = model: { $calls }
forecast-tip-people =
    { $people ->
        [one] na linii { $people } osoba
        [few] na linii { $people } osoby
        [many] na linii { $people } osób
       *[other] na linii { $people } osoby
    }
forecast-tip-what-if =
    { $people ->
        [one] a gdyby: { $people } osoba
        [few] a gdyby: { $people } osoby
        [many] a gdyby: { $people } osób
       *[other] a gdyby: { $people } osoby
    }
forecast-legend-came = Rzeczywiste
forecast-legend-comes = Prognoza
forecast-legend-model = Model przed zmianami
forecast-legend-band = Przedział { $share }%
forecast-legend-special = Dzień szczególny
forecast-legend-changed = Zmieniono ręcznie
forecast-legend-left-out = Pominięty w modelu
forecast-people-needed = Potrzebni na linii
forecast-people-unknown = Ustal zasady obsady, aby zobaczyć, ilu ludzi potrzeba.

# Tydzień według godzin.
forecast-heat = Tydzień według godzin
forecast-heat-choose = Co pokazać
forecast-heat-history = Historia
forecast-heat-forecast = Prognoza
forecast-heat-error = Błąd
forecast-heat-staffing = Obsada
forecast-heat-about-history = połączenia na godzinę, które były
forecast-heat-about-forecast = połączenia na godzinę, których oczekujemy
forecast-heat-about-error = prognoza wobec wykonania z 8 tygodni, procenty
forecast-heat-about-staffing = ludzie potrzebni na linii
forecast-heat-cell = { $day }, { $hours }: { $said }
forecast-heat-came = średnio { $calls } poł. na godzinę
forecast-heat-comes = średnio oczekiwane { $calls } poł. na godzinę
forecast-heat-people = średnio potrzeba osób: { $people }
forecast-heat-too-low = prognoza za niska o { $off }
forecast-heat-too-high = prognoza za wysoka o { $off }
forecast-heat-right = prognoza trafna
forecast-heat-scale-low = za nisko
forecast-heat-scale-high = za wysoko
forecast-heat-week = Tydzień
forecast-heat-hours = Godziny
forecast-heat-all = Cały tydzień
forecast-heat-sum-calls = { $what }: { $sum } poł.
forecast-heat-sum-hours = { $what }: { $sum } godz. pracy

# Jak powstała prognoza i jak była trafna.
forecast-how = Jak powstała prognoza
forecast-borrowed = Własna historia jest jeszcze krótka: kształt tygodnia pochodzi z projektu „{ $name }”, poziom jest własny. Z każdym tygodniem własna historia będzie ważyć więcej.
forecast-why-best =
    { $origins ->
        [one] Prowadzi „{ $method }”: w { $origins } próbie na przeszłości tego projektu ta metoda była wyraźnie najdokładniejsza.
        [few] Prowadzi „{ $method }”: w { $origins } próbach na przeszłości tego projektu ta metoda była wyraźnie najdokładniejsza.
        [many] Prowadzi „{ $method }”: w { $origins } próbach na przeszłości tego projektu ta metoda była wyraźnie najdokładniejsza.
       *[other] Prowadzi „{ $method }”: w { $origins } próby na przeszłości tego projektu ta metoda była wyraźnie najdokładniejsza.
    }
forecast-why-tied =
    { $origins ->
        [one] W { $origins } próbie na przeszłości tego projektu kilka metod było równie dokładnych, więc bierzemy ich średnią: jest stabilniejsza. Najwięcej waży „{ $method }”.
        [few] W { $origins } próbach na przeszłości tego projektu kilka metod było równie dokładnych, więc bierzemy ich średnią: jest stabilniejsza. Najwięcej waży „{ $method }”.
        [many] W { $origins } próbach na przeszłości tego projektu kilka metod było równie dokładnych, więc bierzemy ich średnią: jest stabilniejsza. Najwięcej waży „{ $method }”.
       *[other] W { $origins } próby na przeszłości tego projektu kilka metod było równie dokładnych, więc bierzemy ich średnią: jest stabilniejsza. Najwięcej waży „{ $method }”.
    }
forecast-why-too_short = Historia jest za krótka, by odróżnić metody, więc wszystkie ważą tyle samo.
forecast-why-borrowed = Historii jest za mało, by sprawdzać na niej metody, więc użyto tygodnia podobnego projektu.
forecast-why-share = Ten język ma za mało własnej historii. Jego wartości to prognoza klienta pomnożona przez jego udział w połączeniach według dnia tygodnia i godziny z ostatnich ośmiu tygodni, w których podano język.
forecast-parts = Wartości są uzgodnione: wszystkie języki razem dają prognozę klienta.
forecast-score = W ostatnich ośmiu tygodniach prognoza na tydzień naprzód myliła się o { $wape } w przedziałach (WAPE) i o { $day } w całych dniach.
forecast-bias-low = W sumie była za niska o { $bias }.
forecast-bias-high = W sumie była za wysoka o { $bias }.
forecast-coverage = W przedziale 80% mieściło się { $cov80 } odcinków czasu, w przedziale 95% – { $cov95 }.
forecast-intake = Zamówienia składane teraz to połączenia najbliższych godzin: dzięki nim błąd jest mniejszy o { $gain }.
forecast-method = Metoda
forecast-weight = Waga
forecast-wape = WAPE
forecast-wape-long = Błąd przedziałów (WAPE)
forecast-day-wape = Błąd dzienny
forecast-bias = Błąd systematyczny
forecast-inside = W przedziale { $share }%
forecast-method-last_week = Jak w zeszłym tygodniu
forecast-method-mean2 = Średnia 2 tygodni
forecast-method-mean4 = Średnia 4 tygodni
forecast-method-median8 = Mediana 8 tygodni
forecast-method-trimmed_mean12 = Średnia 12 tygodni bez skrajnych
forecast-method-ewma = Średnia ważona, świeże tygodnie ważą więcej
forecast-method-calendar_median = Mediana 30 tygodni z poprawką na dzień miesiąca
forecast-method-recent_calendar_median = Mediana 10 tygodni z poprawką na dzień miesiąca
forecast-method-seasonal = Mediana 20 tygodni z poprawką na sezon
forecast-method-recent_seasonal = Średnia 4 tygodni z poprawką na sezon i dzień miesiąca
forecast-method-last_year = Te same tygodnie zeszłego roku na poziomie ostatnich tygodni
forecast-method-year_on_year = Te same tygodnie minionych lat razy wzrost od tamtej pory
forecast-method-slow_level = Wygładzony tydzień na poziomie ostatnich tygodni
forecast-method-quick_level = Wygładzony tydzień na poziomie ostatnich dni
forecast-method-recent_shape = Niedawny tydzień na poziomie ostatnich dni
forecast-method-trend = Wygładzony tydzień według trendu 8 tygodni
forecast-method-boosted = Wyuczone z całej historii: kalendarz, ostatnie tygodnie i poziom według godzin
forecast-method-borrowed = Tydzień podobnego projektu
forecast-method-other = Inna metoda
forecast-clients = Co wnosi każdy klient
forecast-languages = Co wnosi każdy język
forecast-clients-about = połączenia i udział w pracy

# Listy pod prognozą.
forecast-lists = Szczegóły prognozy
forecast-list-days = Dni
forecast-list-special = Dni szczególne
forecast-list-outliers = Dni nietypowe
forecast-list-overrides = Zmiany ręczne
forecast-list-snapshots = Opublikowane
forecast-list-imports = Importy
forecast-column-day = Dzień
forecast-column-days = Dni
forecast-column-calls = Połączenia
forecast-column-80 = Przedział 80%
forecast-column-95 = Przedział 95%
forecast-column-actual = Było
forecast-column-model = Model
forecast-column-notes = Uwagi
forecast-column-name = Nazwa
forecast-column-kind = Rodzaj
forecast-column-effect = Wobec zwykłego dnia
forecast-column-usual = Zwykle
forecast-column-off = Różnica
forecast-column-verdict = W modelu
forecast-column-time = Czas
forecast-column-change = Zmiana
forecast-column-reason = Powód
forecast-column-by = Kto
forecast-column-published = Opublikowano
forecast-column-over = Minęło
forecast-column-file = Plik
forecast-column-rows = Wiersze
forecast-effect-unknown = jeszcze nieznane
forecast-not-yet = żaden jeszcze nie minął
forecast-withdraw = Wycofaj
forecast-special-holiday = Święto
forecast-special-eve = Przeddzień święta
forecast-special-promotion = Promocja
forecast-special-deliveries_stopped = Dostawy wstrzymane
forecast-special-other = Inny
forecast-special-about = Dni niepodobne do innych takich dni tygodnia; ich wpływ wynika z wcześniejszych dni tego rodzaju.
forecast-special-calendar = kalendarz
forecast-special-add = Dzień szczególny
forecast-special-lead = Jest prognozowany osobno i nie psuje profilu zwykłych dni.
forecast-special-name = Nazwa
forecast-special-example = Jesienna wyprzedaż
forecast-special-hours = Godziny
forecast-special-hours-usual = Jak zwykle
forecast-special-hours-short = Inne
forecast-special-hours-closed = Zamknięte
forecast-special-open = Czynne
forecast-special-added = { $day }: oznaczono jako dzień szczególny.
forecast-special-remove = Usuń „{ $name }”
forecast-special-removed = { $day }: znów zwykły dzień.
forecast-outliers-about = Dni dalekie od tego, co takie dni przynoszą. Pomiń to, co się nie powtórzy; zachowaj to, co należy do działalności.
forecast-outliers-all = Wybierz jednego klienta, aby uwzględnić jego dni albo je pominąć.
forecast-outliers-none = Żaden dzień nie odstaje.
forecast-outlier-keep = Uwzględnij
forecast-outlier-keep-day = Uwzględnij { $day }
forecast-outlier-leave = Pomiń
forecast-outlier-leave-day = Pomiń { $day }
forecast-outlier-undo = Rozstrzygnij ponownie
forecast-outlier-undo-day = Rozstrzygnij ponownie: { $day }
forecast-outlier-now-in = { $day }: uwzględniony.
forecast-outlier-now-out = { $day }: pominięty w modelu.
forecast-outlier-now-open = { $day }: znów nierozstrzygnięty.
forecast-overrides-about = Są trzymane osobno od modelu: po wycofaniu wraca jego własna liczba.
forecast-overrides-none = Nic nie zmieniono ręcznie.
forecast-override = Zmień ręcznie
forecast-override-title = Zmień prognozę ręcznie
forecast-override-when = Czas
forecast-override-percent = Zmiana
forecast-override-percent-hint = 20 to o jedną piątą więcej, niż mówi model, −20 o jedną piątą mniej.
forecast-override-reason = Powód
forecast-override-reason-hint = Przeczyta go ten, kto będzie porównywał prognozę z wykonaniem.
forecast-override-turned = Koniec musi być później niż początek.
forecast-override-do = Zmień
forecast-override-done = Prognoza została zmieniona.
forecast-override-languages = Zmiana obowiązuje we wszystkich językach klienta.
forecast-override-withdraw-one = Wycofaj zmianę z { $day }: { $reason }
forecast-override-withdrawn = Zmiana z { $day } została wycofana.
forecast-snapshots-about = Każda opublikowana prognoza zostaje taka, jaka była, i jest porównywana z wykonaniem.
forecast-snapshots-none = Nic jeszcze nie opublikowano.
forecast-publish = Opublikuj
forecast-publish-title = Opublikować tę prognozę?
forecast-publish-lead = Zostanie zachowana w obecnej postaci, ze zmianami ręcznymi, i porównana z tym, co nadejdzie. Sama prognoza będzie się dalej zmieniać z każdym nowym dniem.
forecast-publish-languages = Wszystkie języki publikowane są razem, jako prognoza klienta.
forecast-published = Opublikowano: { $days }.
forecast-imports-about = Raporty centrali telefonicznej. Po wycofaniu importu jego połączenia znikają z historii.
forecast-imports-all = Wybierz jednego klienta, aby wycofać jego importy.
forecast-imports-none = Nic jeszcze nie zaimportowano.
forecast-import = Import historii
forecast-import-title = Import raportu centrali telefonicznej
forecast-import-lead = Połączenia co 15, 30 lub 60 minut albo wiersz na połączenie. Nic nie zostanie przyjęte, zanim zobaczysz, co jest w pliku.
forecast-import-choose = Wybierz plik
forecast-import-other = Wybierz inny plik albo ten sam po poprawkach
forecast-import-hint = CSV lub tekst z kolumną czasu i kolumną liczby; czas obsługi i język, jeśli są
forecast-import-faults =
    { $count ->
        [one] Nie można odczytać { $count } wiersza. Popraw go w pliku i wybierz plik ponownie; nic nie przyjęto.
        [few] Nie można odczytać { $count } wierszy. Popraw je w pliku i wybierz plik ponownie; nic nie przyjęto.
        [many] Nie można odczytać { $count } wierszy. Popraw je w pliku i wybierz plik ponownie; nic nie przyjęto.
       *[other] Nie można odczytać { $count } wiersza. Popraw je w pliku i wybierz plik ponownie; nic nie przyjęto.
    }
forecast-import-line = Wiersz
forecast-import-found = Jest
forecast-import-what = Co zrobić
forecast-import-more =
    { $count ->
        [one] i jeszcze { $count } wiersz
        [few] i jeszcze { $count } wiersze
        [many] i jeszcze { $count } wierszy
       *[other] i jeszcze { $count } wiersza
    }
forecast-import-fine = Wszystko da się odczytać
forecast-import-step = Przedział
forecast-import-language = Język połączeń
forecast-import-language-none = Nie podano: wszystkie języki razem
forecast-import-languages = Języki
forecast-import-no-aht = W pliku nie ma czasów obsługi: AHT pozostanie takie, jakie znamy.
forecast-import-replaced =
    { $count ->
        [one] { $count } przedział jest już znany i zostanie zastąpiony.
        [few] { $count } przedziały są już znane i zostaną zastąpione.
        [many] { $count } przedziałów jest już znanych i zostanie zastąpionych.
       *[other] { $count } przedziału jest już znane i zostanie zastąpione.
    }
forecast-import-take = Przyjmij
forecast-import-done =
    { $rows ->
        [one] Przyjęto połączeń: { $calls }, z { $rows } wiersza.
        [few] Przyjęto połączeń: { $calls }, z { $rows } wierszy.
        [many] Przyjęto połączeń: { $calls }, z { $rows } wierszy.
       *[other] Przyjęto połączeń: { $calls }, z { $rows } wiersza.
    }
forecast-import-withdraw-one = Wycofaj import { $file }
forecast-import-withdrawn = Import { $file } został wycofany.
forecast-fault-no_time_column = Nie znaleziono kolumny z czasem. Nadaj kolumnie daty i godziny nagłówek, np. „Czas”.
forecast-fault-no_count_column = Nie znaleziono kolumny z liczbą. Nadaj kolumnie połączeń nagłówek, np. „Połączenia”.
forecast-fault-bad_time = To nie jest data i godzina. Zapisz jako 2026-03-31 14:30 lub 31.03.2026 14:30.
forecast-fault-no_such_time = Takiej godziny nie ma: tej nocy zegary przesunięto do przodu. Przenieś połączenia do następnej godziny.
forecast-fault-bad_count = To nie jest liczba. Zapisz liczbę całkowitą od 0.
forecast-fault-bad_handle_time = To nie jest czas obsługi. Zapisz sekundy albo minuty:sekundy.
forecast-fault-bad_language = Tego języka nie znamy. Wpisz jego kod, np. „uk” lub „pl”, albo nazwę, lub zostaw pustą komórkę.
forecast-fault-twice = Ten przedział jest w pliku dwa razy w jednym języku. Zostaw jeden wiersz.
forecast-fault-odd_step = Krok czasu nie wynosi 15, 30 ani 60 minut. Wyeksportuj raport w takich przedziałach.
forecast-fault-empty = Plik jest pusty. Wyeksportuj raport jeszcze raz.

# Jeden dzień.
forecast-back = Prognoza
forecast-day-before = Poprzedni dzień
forecast-day-after = Następny dzień
forecast-day-chart = Połączenia i potrzebni ludzie w ciągu dnia
forecast-day-closed = Na ten dzień nie ma prognozy
forecast-day-closed-text = Linia jest wtedy zamknięta albo dzień leży dalej niż prognozowane tygodnie. Godziny otwarcia ustala się w zasadach obsady.
forecast-day-lists = Dzień szczegółowo
forecast-day-staffing = Obsada
forecast-day-intervals = Przedziały

# Obsada.
forecast-what-if = A gdyby
staffing-figure = Wskaźnik
staffing-as-is = Jak jest
staffing-difference = Różnica
staffing-peak = Ludzi w szczycie
staffing-line-hours = Godziny na linii
staffing-paid-hours = Godziny płatne
staffing-service-level = Poziom obsługi
staffing-occupancy = Obłożenie (occupancy)
staffing-late = Potwierdzenia po terminie
staffing-rule = Obowiązuje: { $share } w { $seconds } s,
staffing-usual = zwykłe zasady, własnych nie ustalono
staffing-unstable = nie nadążają
staffing-unstable-about = „Nie nadążają”: pracy przychodzi więcej, niż ludzie mogą wykonać, więc kolejka rosłaby bez końca i nie ma poziomu obsługi.
staffing-try-load = Połączenia wobec prognozy
staffing-target = Poziom obsługi, cel
staffing-threshold = Odbiór w ciągu
staffing-patience = Cierpliwość
staffing-seconds = s
staffing-hours-unit = godz.
staffing-max-occupancy = Najwyższe obłożenie
staffing-max-asa = Najwyższe ASA
staffing-max-abandonment = Najwyższy odsetek porzuceń
staffing-no-limit = bez limitu
staffing-shrinkage = Shrinkage
staffing-shrinkage-about = czas płatny poza linią, razem { $share }
staffing-shrinkage-leave = Urlopy
staffing-shrinkage-sickness = Zwolnienia chorobowe
staffing-shrinkage-training = Szkolenia, coaching
staffing-shrinkage-meetings = Spotkania
staffing-shrinkage-breaks = Przerwy poza planem
staffing-shrinkage-other = Inne
staffing-reset = Jak jest
staffing-take-over = Przyjmij jako zasady…
staffing-erlangs = Erlangi
staffing-for-calls = Do połączeń
staffing-for-confirmations = Do potwierdzeń
staffing-on-line = Na linii
staffing-paid = Etatowo
staffing-service-level-short = SL
staffing-asa = ASA
staffing-asa-long = Średni czas oczekiwania na odbiór
staffing-asa-value = { $seconds } s
staffing-abandonment = Porzucone
staffing-occupancy-short = Obłożenie
staffing-bound = Decyduje
staffing-bound-idle = brak pracy
staffing-bound-service_level = poziom obsługi
staffing-bound-asa = ASA
staffing-bound-occupancy = limit obłożenia
staffing-bound-abandonment = porzucenia
staffing-by-client = Każdy klient ma własne zasady, więc ludzi liczy się osobno dla klienta.
staffing-choose-client = Wybierz klienta
staffing-rules = Zasady obsady
staffing-rules-saved = Zasady zapisane: { $name }.
staffing-goal = Cel
staffing-limits = Limity
staffing-definition = Poziom obsługi to odsetek
staffing-definition-of_offered = wszystkich połączeń
staffing-definition-of_answered = połączeń odebranych
staffing-definition-short_abandons_out = wszystkich bez krótkich porzuceń
staffing-definition-hint-of_offered = Liczą się wszyscy, którzy dzwonili, także ci, którzy się rozłączyli.
staffing-definition-hint-of_answered = Liczą się tylko odebrani; wypada najlepiej, gdy wielu się rozłącza.
staffing-definition-hint-short_abandons_out = Rozłączeni przed upływem progu się nie liczą.
staffing-deadline = Potwierdzić zamówienie w
staffing-allow-for-error = Uwzględnij błąd prognozy
staffing-allow-for-error-hint = Trochę więcej osób, ale cel jest średnio dotrzymany także w bardziej ruchliwe dni.
staffing-interval = Planuj według przedziałów
staffing-interval-of-history = jak w historii
staffing-interval-minutes = { $minutes } min
staffing-team = Zespół
staffing-team-own = własny
staffing-team-hint = Projekty jednego zespołu obsługują te same osoby z jednej kolejki: w grafiku to jedna linia.
staffing-languages-apart = W każdym języku odbierają osobne osoby
staffing-languages-apart-hint = Wtedy w obsadzie i w grafiku każdy język ma własną linię. Potwierdzenia obdzwaniają osoby odbierające w języku z największą liczbą połączeń.
staffing-open = Godziny otwarcia
staffing-open-about = poza nimi niczego się nie oczekuje
staffing-open-none = Nie ustalono godzin: przyjmuje się, że linia działa wtedy, gdy były połączenia.
staffing-open-from = { $day }, od
staffing-open-until = { $day }, do
staffing-open-add = Dodaj godziny: { $day }
staffing-open-remove = Usuń godziny: { $day }
staffing-open-like-monday = Wszystkie dni jak poniedziałek
